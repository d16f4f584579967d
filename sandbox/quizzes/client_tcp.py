"""The quiz of lesson 03."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "client_tcp",
    (
        Question(
            "Le serveur envoie 300 octets. Que rend `connection.recv(1000)` ?",
            (
                Choice(
                    "Toujours les 300 octets.",
                    "Souvent, sur une machine au repos. Mais rien "
                    "ne le promet : le réseau les livre par morceaux s'il veut.",
                ),
                Choice(
                    "Entre 1 et 300 octets, ou `b''` si le serveur a raccroché.",
                    "`recv(n)` "
                    "rend au plus n octets, dès qu'il y en a au moins un. C'est à vous de "
                    "recommencer.",
                    right=True,
                ),
                Choice(
                    "1000 octets, complétés par des zéros.",
                    "`recv` ne complète jamais : il rend ce qui est arrivé.",
                ),
                Choice("Rien : il en attend 1000.", "1000 est un maximum, pas une commande."),
            ),
        ),
        Question(
            "Que signifie `b''` rendu par `recv` ?",
            (
                Choice(
                    "Le message est vide.",
                    "TCP n'a pas de messages, et un envoi de zéro octet "
                    "ne se voit pas à l'autre bout.",
                ),
                Choice(
                    "Il n'y a rien à lire pour l'instant.",
                    "S'il n'y a rien, `recv` attend. "
                    "Il ne rend la main que s'il a quelque chose à dire.",
                ),
                Choice(
                    "L'autre a fini de parler : plus rien ne viendra.",
                    "C'est la fin du flux. `recv` rendra `b''` à chaque appel désormais.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Pourquoi `sendall` plutôt que `send` ?",
            (
                Choice(
                    "`send` peut n'envoyer qu'une partie des octets.",
                    "Il rend le nombre "
                    "d'octets pris en charge, et l'on oublie toujours de regarder. `sendall` "
                    "recommence jusqu'au bout.",
                    right=True,
                ),
                Choice(
                    "`sendall` envoie à tous les clients.",
                    "Une connexion TCP n'a que deux bouts : il n'y a qu'un destinataire.",
                ),
                Choice(
                    "`sendall` accepte les chaînes de caractères.",
                    "Ni l'un ni l'autre : tous deux veulent des octets, donc `.encode()`.",
                ),
            ),
        ),
        Question(
            "Vous envoyez `b'oui'` puis `b'non'` par deux `sendall`. Que reçoit l'autre ?",
            (
                Choice(
                    "Deux messages, `b'oui'` et `b'non'`.",
                    "Cela arrive, et c'est un piège : "
                    "TCP ne garde pas la trace de vos deux appels.",
                ),
                Choice(
                    "Les six octets `ouinon`, découpés n'importe comment.",
                    "L'ordre est "
                    "garanti, le découpage ne l'est pas. Pour avoir des messages, il faut les "
                    "encadrer vous-même.",
                    right=True,
                ),
                Choice(
                    "Les six octets, peut-être dans un autre ordre.",
                    "TCP garantit l'ordre : "
                    "c'est l'un de ses deux métiers, l'autre étant de ne rien perdre.",
                ),
            ),
        ),
        Question(
            "`ConnectionRefusedError` : que s'est-il passé ?",
            (
                Choice(
                    "Le nom de la machine n'existe pas.",
                    "Ce serait `socket.gaierror`, avant toute connexion.",
                ),
                Choice(
                    "La machine a répondu, mais personne n'écoute sur ce port.",
                    "Le refus est "
                    "une réponse, et elle est rapide. Le serveur est-il démarré ? Le port "
                    "est-il le bon ?",
                    right=True,
                ),
                Choice(
                    "Le serveur est trop lent.",
                    "Ce serait `TimeoutError` : le silence, et non un refus.",
                ),
            ),
        ),
    ),
)
