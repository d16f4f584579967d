"""The quiz of lesson 08."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "messaging",
    (
        Question(
            "Le serveur répond `401`. Que dit-il ?",
            (
                Choice(
                    "« Je sais qui vous êtes, et vous n'avez pas le droit. »",
                    "Cela, c'est `403`. Se présenter autrement n'y changerait rien.",
                ),
                Choice(
                    "« Je ne sais pas qui vous êtes. »",
                    "Pas de jeton, ou un jeton inconnu : `WWW-Authenticate` dit comment se "
                    "présenter.",
                    right=True,
                ),
                Choice(
                    "« Il n'y a rien à cette adresse. »",
                    "Cela, c'est `404`.",
                ),
            ),
        ),
        Question(
            "Vous envoyez un message par `POST`, et la connexion est coupée avant la réponse. Que "
            "faire ?",
            (
                Choice(
                    "Le renvoyer aussitôt.",
                    "S'il était arrivé, votre ami le recevra deux fois : `POST` n'est pas "
                    "idempotent.",
                ),
                Choice(
                    "Rien : il n'est pas parti.",
                    "Peut-être que si. Seule la réponse s'est perdue, à coup sûr.",
                ),
                Choice(
                    "Relire la conversation, et le renvoyer s'il n'y est pas.",
                    "Le serveur sait ce qu'il a gardé : on le lui demande.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Votre dernier message lu porte le numéro 42. Que demander ensuite ?",
            (
                Choice(
                    "`since=43`, le suivant.",
                    "Vous manqueriez le 43 : le serveur donne ce qui est *après*.",
                ),
                Choice(
                    "`since=42`, le dernier vu.",
                    "Un signet se recopie. Les numéros ne se suivent même pas.",
                    right=True,
                ),
                Choice(
                    "`since=` suivi de l'heure qu'il est.",
                    "Votre horloge n'est pas celle du serveur, et deux messages peuvent avoir la "
                    "même heure.",
                ),
            ),
        ),
        Question(
            "Trente élèves attendent des messages, rares, qu'ils veulent lire à l'instant. Quel "
            "moyen coûte le moins de demandes ?",
            (
                Choice(
                    "Scruter toutes les secondes.",
                    "Cent mille demandes par heure, pour apprendre en retard que presque rien ne "
                    "s'est passé.",
                ),
                Choice(
                    "La scrutation longue.",
                    "Aucun retard, mais une demande par message, et une autre à chaque attente "
                    "vaine.",
                ),
                Choice(
                    "Les événements envoyés par le serveur.",
                    "Une demande ouvre le flux ; les messages y passent un à un.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Votre page, servie par `http://localhost:8000`, appelle l'API d'un autre port. Le "
            "navigateur refuse. Qui peut y remédier ?",
            (
                Choice(
                    "Le serveur de l'API, en nommant cette origine dans ses réponses.",
                    "C'est à lui de dire quelles pages peuvent l'appeler, et le navigateur obéit.",
                    right=True,
                ),
                Choice(
                    "La page, en ajoutant un en-tête à sa requête.",
                    "Ce serait trop simple : n'importe quelle page le ferait.",
                ),
                Choice(
                    "Personne : deux ports, deux origines, c'est interdit.",
                    "Deux origines, oui ; mais l'une peut inviter l'autre.",
                ),
            ),
        ),
    ),
)
