"""The quiz of lesson 09."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "tcp_server",
    (
        Question(
            "Que rend `listener.accept()` ?",
            (
                Choice(
                    "Le socket d'écoute, désormais relié au client.",
                    "Le socket d'écoute ne parle à personne : il reste à l'accueil, prêt pour le "
                    "suivant.",
                ),
                Choice(
                    "Un nouveau socket, pour ce client-là, et l'adresse de ce client.",
                    "Un socket d'écoute pour tous, puis un socket par conversation.",
                    right=True,
                ),
                Choice(
                    "Les premiers octets envoyés par le client.",
                    "Il n'a peut-être encore rien dit. C'est `recv` qui les lira.",
                ),
            ),
        ),
        Question(
            "Un client se connecte pendant que votre serveur, qui n'a qu'un fil, en sert un "
            "autre. Que voit-il ?",
            (
                Choice(
                    "`ConnectionRefusedError`.",
                    "Non : le port écoute, et le système décroche à la place du serveur.",
                ),
                Choice(
                    "Il est connecté, peut envoyer, et attend sa réponse.",
                    "Il est dans la file d'attente de `listen`. Rien ne distingue, pour lui, un "
                    "serveur occupé d'un serveur qui réfléchit.",
                    right=True,
                ),
                Choice(
                    "`connect` attend que le serveur appelle `accept`.",
                    "`connect` réussit sans lui : nous l'avons vu dès la première cellule.",
                ),
            ),
        ),
        Question(
            "Vous arrêtez votre serveur, vous le relancez aussitôt : `Address already in use`. "
            "Pourquoi ?",
            (
                Choice(
                    "Le système garde l'adresse un moment pour les paquets attardés.",
                    "C'est TIME_WAIT, chez celui qui a fermé le premier. `SO_REUSEADDR` dit que "
                    "l'on sait ce que l'on fait.",
                    right=True,
                ),
                Choice(
                    "Le port est usé : il faut en prendre un autre.",
                    "Il sera libre dans une minute. En changer marche, mais vos clients ne le "
                    "sauront pas.",
                ),
                Choice(
                    "Un client est encore connecté, il faut le couper.",
                    "Il peut n'y avoir plus personne, ni programme ni client.",
                ),
            ),
        ),
        Question(
            "Dans une coroutine d'un serveur asyncio, vous appelez `time.sleep(1)`. Qui attend ?",
            (
                Choice(
                    "Ce client seulement.",
                    "Ce serait le cas avec `await asyncio.sleep(1)`, qui rend la main aux autres.",
                ),
                Choice(
                    "Tous les clients.",
                    "Il n'y a qu'un thread, et il dort. Sans `await`, personne d'autre n'avance.",
                    right=True,
                ),
                Choice(
                    "Personne : asyncio s'en aperçoit et passe au suivant.",
                    "asyncio ne reprend jamais la main de force : il attend qu'on la lui rende.",
                ),
            ),
        ),
        Question(
            "Un client envoie un octet toutes les cinq secondes, sans jamais finir sa ligne. "
            "Qu'est-ce qui l'arrête ?",
            (
                Choice(
                    "`settimeout(10)`, une fois pour toutes.",
                    "Ce délai vaut pour chaque `recv`, et chaque octet le remet à zéro.",
                ),
                Choice(
                    "Une limite sur la taille du message.",
                    "Avec 64 Kio, elle agira dans quatre jours environ.",
                ),
                Choice(
                    "Une échéance pour le message entier.",
                    "On la fixe au départ, et l'on règle chaque attente sur le temps qui reste.",
                    right=True,
                ),
            ),
        ),
    ),
)
