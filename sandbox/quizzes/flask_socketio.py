"""The quiz of lesson 17."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_socketio",
    (
        Question(
            "Pourquoi le chat par formulaire ne peut-il pas montrer à Ada ce que Bob vient "
            "d'écrire ?",
            (
                Choice(
                    "Parce que HTTP ne sait pas transporter de texte d'un client à l'autre.",
                    "Le message de Bob est bien arrivé au serveur, par HTTP. C'est la suite qui "
                    "manque.",
                ),
                Choice(
                    "Parce que le serveur ne peut que répondre : tant qu'Ada ne demande rien, il "
                    "n'a pas de quoi lui parler.",
                    "L'initiative appartient au client. Il faut un canal qui reste ouvert.",
                    right=True,
                ),
                Choice(
                    "Parce que Flask ne sert qu'un visiteur à la fois.",
                    "Il en sert plusieurs, chacun dans son fil.",
                ),
            ),
        ),
        Question(
            "La page émet `receive_mesg` ; le serveur attend `receive_msg`. Que se passe-t-il ?",
            (
                Choice(
                    "Le serveur répond par une erreur 404.",
                    "Il n'y a ni URL ni code de réponse ici : la connexion est ouverte depuis "
                    "longtemps.",
                ),
                Choice(
                    "La page lève une exception.",
                    "Elle a émis sans attendre de réponse, et ne saura rien.",
                ),
                Choice(
                    "Rien. Absolument rien.",
                    "Un événement que personne n'écoute se perd en silence : c'est le premier "
                    "endroit où regarder quand « ça ne marche pas ».",
                    right=True,
                ),
            ),
        ),
        Question(
            "Dans un traitement, `emit('the_response', data)` sans rien d'autre s'adresse…",
            (
                Choice(
                    "à celui dont on traite l'événement.",
                    "C'est une réponse. À tous : `broadcast=True` ; à un salon : `to=…`.",
                    right=True,
                ),
                Choice("à tous les connectés.", "Il faudrait `broadcast=True`."),
                Choice(
                    "à tous, sauf à celui qui a parlé.",
                    "Il faudrait `broadcast=True, include_self=False`.",
                ),
            ),
        ),
        Question(
            "Comment savoir que quelqu'un est parti ?",
            (
                Choice(
                    "Sa page envoie un événement `leave` quand on la ferme.",
                    "Et si le câble est arraché, ou la batterie vide ? Un absent n'envoie rien.",
                ),
                Choice(
                    "Par `disconnect`, que le serveur déclenche lui-même quand la connexion tombe.",
                    "Fermeture de l'onglet, câble coupé, silence trop long : tout y mène.",
                    right=True,
                ),
                Choice(
                    "En parcourant la liste des clients chaque seconde.",
                    "Socket.IO envoie déjà de petits signes de vie, et prévient.",
                ),
            ),
        ),
        Question(
            "On lance deux processus du chat, et l'on répartit les visiteurs. Que faut-il ?",
            (
                Choice(
                    "Rien : ils partagent le même code.",
                    "Le même code, mais chacun sa mémoire : Ada et Bob ne s'entendraient que "
                    "s'ils tombaient sur le même.",
                ),
                Choice(
                    "Une file de messages entre eux, et c'est tout.",
                    "Il manque la fidélité : les demandes d'un client doivent revenir au "
                    "processus qui connaît sa session.",
                ),
                Choice(
                    "Une file de messages entre eux, et un répartiteur fidèle.",
                    "La première porte les messages d'un processus à l'autre, le second ramène "
                    "chacun chez le sien.",
                    right=True,
                ),
            ),
        ),
    ),
)
