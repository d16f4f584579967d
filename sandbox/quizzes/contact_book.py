"""The quiz of lesson 05."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "contact_book",
    (
        Question(
            "Le serveur répond `status: false`. Que doit faire un client qui sait réessayer ?",
            (
                Choice(
                    "Recommencer, après une pause.",
                    "La même demande aura la même réponse. On réessaie les pannes, pas les refus.",
                ),
                Choice(
                    "Rendre la réponse, ou lever une exception à lui : le réseau a marché.",
                    "Un refus est une réponse complète. Une panne, c'est de n'en avoir pas.",
                    right=True,
                ),
                Choice(
                    "Lever `TimeoutError`.",
                    "Rien n'a tardé : le serveur a répondu, et il a dit non.",
                ),
            ),
        ),
        Question(
            "`connection.settimeout(1)`, et le serveur envoie un octet toutes les demi-secondes. "
            "Quand `recv` lève-t-il `TimeoutError` ?",
            (
                Choice(
                    "Au bout d'une seconde.",
                    "Il faudrait une échéance, et donner à chaque `recv` le temps qui reste.",
                ),
                Choice(
                    "Au deuxième octet.",
                    "Il arrive une demi-seconde après le premier : c'est dans les temps.",
                ),
                Choice(
                    "Jamais, tant que les octets viennent.",
                    "Le délai vaut pour chaque attente, et chacune ne dure qu'une demi-seconde.",
                    right=True,
                ),
            ),
        ),
        Question(
            "La réponse à votre demande s'est perdue. Laquelle pouvez-vous répéter sans crainte ?",
            (
                Choice(
                    "« Mettre le thermostat sur 19 degrés. »",
                    "Deux fois ou une seule, il sera sur 19 : l'opération est idempotente.",
                    right=True,
                ),
                Choice(
                    "« Monter le thermostat d'un degré. »",
                    "Si la première fois avait marché, vous voilà un degré trop haut.",
                ),
                Choice(
                    "« Commander un radiateur. »",
                    "Si la première fois avait marché, vous en aurez deux.",
                ),
            ),
        ),
        Question(
            "Pourquoi un retour à la ligne peut-il séparer deux objets JSON ?",
            (
                Choice(
                    "Parce qu'un nom ne contient jamais de retour à la ligne.",
                    "Rien ne l'interdit : c'est JSON qui le met à l'abri, pas notre bonne fortune.",
                ),
                Choice(
                    "Parce que TCP découpe aux retours à la ligne.",
                    "TCP ne sait pas ce qu'est une ligne, et découpe où il veut.",
                ),
                Choice(
                    "Parce que JSON interdit l'indentation.",
                    "Il la permet. C'est à vous d'écrire chaque objet sans elle, et `json.dumps` "
                    "le fait si vous ne demandez rien.",
                ),
                Choice(
                    "Parce que, dans un texte JSON, il s'écrit en deux caractères, `\\n`.",
                    "Un objet écrit sans indentation tient donc toujours sur une seule ligne.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Sur une connexion, vous envoyez dix demandes avant de lire. À quoi sert l'`id` ?",
            (
                Choice(
                    "À compter les connexions.",
                    "Il n'y en a qu'une, et c'est tout l'intérêt.",
                ),
                Choice(
                    "À savoir à quelle demande chaque réponse répond.",
                    "Un serveur qui travaille sur plusieurs demandes à la fois répond dans l'ordre "
                    "qui l'arrange.",
                    right=True,
                ),
                Choice(
                    "À savoir où finit chaque message.",
                    "C'est le rôle du retour à la ligne.",
                ),
                Choice(
                    "À ce que TCP remette les réponses dans l'ordre.",
                    "TCP garde l'ordre des envois du serveur, et ne sait rien de vos demandes.",
                ),
            ),
        ),
    ),
)
