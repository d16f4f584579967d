"""The quiz of lesson 04."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "serialization",
    (
        Question(
            "Que contient le pickle d'un objet dont vous avez écrit la classe ?",
            (
                Choice(
                    "Ses données, et le code de ses méthodes.",
                    "Le code n'a pas voyagé : le nom de la fonction appelée dans `run` ne se "
                    "trouvait pas dans les octets.",
                ),
                Choice(
                    "Ses données, et le nom de sa classe.",
                    "Le destinataire cherche ce nom parmi ses propres classes. S'il en a une "
                    "autre du même nom, les données y entrent sans un avertissement.",
                    right=True,
                ),
                Choice(
                    "Ses données seulement.",
                    "`loads` rend pourtant un objet de la bonne classe : il a bien fallu dire "
                    "laquelle.",
                ),
            ),
        ),
        Question(
            "Un inconnu vous envoie un pickle. Quand est-il trop tard pour le contrôler ?",
            (
                Choice(
                    "Quand on appelle une méthode de l'objet.",
                    "Le cambrioleur était déjà passé : c'est la lecture qui exécute.",
                ),
                Choice(
                    "Quand on convertit l'objet en dictionnaire.",
                    "Bien avant ! L'objet existe déjà, et le construire a pu exécuter n'importe "
                    "quoi.",
                ),
                Choice(
                    "Jamais, si l'on vérifie le type de l'objet.",
                    "Le serveur prudent vérifiait aussi. Pour vérifier, il avait ouvert le bocal.",
                ),
                Choice(
                    "Dès que `pickle.loads` a rendu la main.",
                    "Lire un pickle, c'est exécuter un petit programme écrit par l'expéditeur. "
                    "Tout contrôle qui suit arrive trop tard.",
                    right=True,
                ),
            ),
        ),
        Question(
            'Que vaut `json.loads(json.dumps({1: ("a", "b")}))` ?',
            (
                Choice(
                    '`{"1": ["a", "b"]}`',
                    "Les clés deviennent des textes, les tuples des listes : JSON n'a pas d'autre "
                    "case pour eux.",
                    right=True,
                ),
                Choice(
                    '`{1: ("a", "b")}`',
                    "Ce serait trop beau : ni la clé ni le tuple n'ont de case en JSON.",
                ),
                Choice(
                    '`{1: ["a", "b"]}`',
                    "Le tuple est bien devenu une liste, mais une clé est toujours un texte.",
                ),
                Choice(
                    "Rien : `dumps` lève `TypeError`.",
                    "Python convertit sans le signaler. C'est pour une date ou des octets qu'il "
                    "refuse.",
                ),
            ),
        ),
        Question(
            "Quel identifiant peut changer en route, si le destinataire est en JavaScript ?",
            (
                Choice(
                    '`"9007199254740993"`',
                    "C'est un texte : il arrive tel quel. C'est même le remède.",
                ),
                Choice(
                    "`9007199254740993`",
                    "C'est 2⁵³ + 1. JavaScript lit tous les nombres en décimal, et n'a pas de quoi "
                    "écrire celui-là : il en lira un voisin, sans rien dire.",
                    right=True,
                ),
                Choice(
                    "`12`",
                    "Il le lira comme 12.0, qui est la même quantité.",
                ),
            ),
        ),
        Question(
            "Votre serveur reçoit du JSON bien formé, à la bonne taille. Que reste-t-il à faire ?",
            (
                Choice(
                    "Rien, `json.loads` a tout vérifié.",
                    "Il a vérifié la forme. Un vent de -3 m/s est du JSON parfait.",
                ),
                Choice(
                    "Le convertir en dataclass, qui vérifie les types.",
                    "Les annotations d'une dataclass sont des promesses que personne ne vérifie.",
                ),
                Choice(
                    "Le comparer à un schéma, et dire au client ce qui ne va pas.",
                    "La taille, puis la forme, puis le sens. Et un refus qui nomme le champ fautif "
                    "lui épargne une soirée.",
                    right=True,
                ),
                Choice(
                    "Ôter les champs que l'on ne connaît pas, ou refuser.",
                    "Les ignorer suffit, et c'est ce qui permet aux messages de vieillir.",
                ),
            ),
        ),
    ),
)
