"""The quiz of lesson 11."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "websocket",
    (
        Question(
            "Comment une connexion WebSocket commence-t-elle ?",
            (
                Choice(
                    "Par une requête HTTP qui demande à changer de protocole.",
                    "`Upgrade: websocket`, réponse `101` : puis la même connexion TCP porte des "
                    "trames.",
                    right=True,
                ),
                Choice(
                    "Par une connexion UDP, plus rapide.",
                    "WebSocket est posé sur TCP : rien ne se perd, et l'ordre est gardé.",
                ),
                Choice(
                    "Sur un port réservé, distinct de celui du site.",
                    "C'est le même port : notre chat sert sa page et ses trames sur 3007.",
                ),
            ),
        ),
        Question(
            "Le client envoie deux messages d'affilée. Que rend le premier `recv` du serveur ?",
            (
                Choice(
                    "Peut-être un morceau du premier, ou les deux collés.",
                    "Ce serait TCP nu. Les trames disent leur longueur : la bibliothèque "
                    "reconstitue les messages.",
                ),
                Choice(
                    "Le premier message, entier.",
                    "WebSocket transporte des messages, quoi que fasse le réseau en dessous.",
                    right=True,
                ),
                Choice(
                    "Le dernier : il remplace le premier.",
                    "Rien n'est remplacé : ils arrivent tous, dans l'ordre.",
                ),
            ),
        ),
        Question(
            "Pourquoi les trames du client sont-elles masquées ?",
            (
                Choice(
                    "Pour que personne ne puisse les lire.",
                    "La clé voyage juste devant. Pour le secret, c'est `wss://`, donc TLS.",
                ),
                Choice(
                    "Pour les compresser.",
                    "Un *ou exclusif* ne gagne pas un octet ; il en coûte quatre.",
                ),
                Choice(
                    "Pour qu'un intermédiaire ne les prenne pas pour du HTTP.",
                    "Une page malveillante ne choisit plus les octets qui passent vraiment.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Un client du chat ne lit plus rien, sans raccrocher. Que doit faire le serveur ?",
            (
                Choice(
                    "Garder ses messages jusqu'à ce qu'il revienne.",
                    "La mémoire du serveur n'est pas infinie : un seul client la remplirait.",
                ),
                Choice(
                    "L'attendre avant de servir les autres.",
                    "Toute la salle irait alors au pas du plus lent.",
                ),
                Choice(
                    "Fixer une limite à ce qui l'attend, et le déconnecter au-delà.",
                    "Il reviendra s'il le peut, et personne d'autre n'en aura souffert.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Une page affiche l'avancement d'un long calcul. Que lui faut-il, au minimum ?",
            (
                Choice(
                    "Socket.IO.",
                    "Il le ferait, avec une bibliothèque de chaque côté : c'est beaucoup pour une "
                    "barre qui avance.",
                ),
                Choice(
                    "Des événements envoyés par le serveur, `text/event-stream`.",
                    "Seul le serveur parle : une réponse HTTP qui dure suffit, et le navigateur "
                    "se reconnecte seul.",
                    right=True,
                ),
                Choice(
                    "WebSocket : lui seul permet au serveur de pousser.",
                    "Il n'est pas seul à le permettre. Son avantage est de parler dans les deux "
                    "sens, et la page n'a rien à dire.",
                ),
            ),
        ),
    ),
)
