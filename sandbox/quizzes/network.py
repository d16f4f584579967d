"""The quiz of lesson 02."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "network",
    (
        Question(
            "Votre adresse est `172.16.5.20`, votre masque /16. Quelle machine atteignez-vous "
            "sans passer par un routeur ?",
            (
                Choice(
                    "`172.17.5.20`",
                    "Le masque /16 fixe les deux premiers nombres, et le deuxième diffère.",
                ),
                Choice(
                    "`172.16.200.3`",
                    "Les 16 premiers bits sont les mêmes : c'est votre réseau, et la trame "
                    "peut aller droit à elle.",
                    right=True,
                ),
                Choice(
                    "Aucune des deux : le troisième nombre change.",
                    "Ce serait vrai avec /24. Avec /16, le troisième nombre désigne la machine.",
                ),
            ),
        ),
        Question(
            "Un paquet traverse trois routeurs. Qu'est-ce qui change à chaque étape ?",
            (
                Choice(
                    "L'adresse IP de destination.",
                    "C'est elle qui guide les routeurs jusqu'au bout : ils ont besoin qu'elle "
                    "reste.",
                ),
                Choice(
                    "Les adresses MAC de la trame.",
                    "Une trame ne va qu'au voisin. Chaque routeur en refait une, autour du même "
                    "paquet.",
                    right=True,
                ),
                Choice(
                    "Les octets que le programme a écrits.",
                    "Personne n'y touche : les couches du bas ne savent pas les lire.",
                ),
            ),
        ),
        Question(
            "Vous envoyez un datagramme UDP à un port où personne n'écoute. Que rend `sendto` ?",
            (
                Choice(
                    "Une exception `ConnectionRefusedError`.",
                    "C'est TCP qui refuse. UDP n'a demandé la permission à personne.",
                ),
                Choice(
                    "Le nombre d'octets, comme si de rien n'était.",
                    "Il dit ce qui est parti, jamais ce qui est arrivé.",
                    right=True,
                ),
                Choice("0", "Tous les octets sont bien partis. Ils se sont perdus ensuite."),
            ),
        ),
        Question(
            "`sendto(b'un')`, `sendto(b'deux')` : que rend le premier `recvfrom(1024)` ?",
            (
                Choice(
                    "`b'un'`, `b'deux'`, ou rien du tout si le réseau perd les deux, mais jamais "
                    "`b'undeux'`.",
                    "Un datagramme arrive entier ou pas du tout ; l'ordre, lui, n'est pas promis.",
                    right=True,
                ),
                Choice(
                    "`b'undeux'` : 1024 octets suffisent pour les deux.",
                    "C'est ce que TCP aurait pu faire. UDP garde les frontières des messages.",
                ),
                Choice(
                    "Toujours `b'un'`, envoyé le premier.",
                    "Sur votre machine, oui. À travers un vrai réseau, `b'deux'` peut doubler.",
                ),
            ),
        ),
        Question(
            "Un serveur DNS écoute en UDP sur le port 5353. Un autre programme de la même machine "
            "peut-il écouter en TCP sur le port 5353 ?",
            (
                Choice(
                    "Non : un port n'appartient qu'à un programme.",
                    "À un programme par protocole : les ports de TCP et ceux d'UDP sont deux "
                    "séries distinctes.",
                ),
                Choice(
                    "Oui : un point d'accès, c'est une adresse, un port et un protocole.",
                    "Les vrais serveurs DNS font d'ailleurs les deux, sur le port 53.",
                    right=True,
                ),
                Choice(
                    "Oui, et ils se partageront les messages.",
                    "Le système ne les confond pas : chaque paquet IP dit quel protocole "
                    "il transporte.",
                ),
            ),
        ),
    ),
)
