"""The quiz of lesson 01."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "introduction",
    (
        Question(
            "Qu'est-ce qui fait d'un programme un client ?",
            (
                Choice("Il tourne sur un petit ordinateur.", "La taille n'y fait rien."),
                Choice(
                    "C'est lui qui prend l'initiative de la connexion.",
                    "Il appelle ; le serveur attend. Tout le reste en découle.",
                    right=True,
                ),
                Choice(
                    "Il reçoit plus qu'il n'envoie.",
                    "Souvent, mais pas toujours : déposer une vidéo, c'est envoyer beaucoup.",
                ),
            ),
        ),
        Question(
            "Un client et un serveur peuvent-ils tourner sur la même machine ?",
            (
                Choice(
                    "Oui : ce sont deux programmes, pas deux machines.",
                    "C'est ce que fait toute cette leçon, à l'adresse 127.0.0.1.",
                    right=True,
                ),
                Choice("Non, il faut un réseau entre les deux.", "Le bouclage en tient lieu."),
            ),
        ),
        Question(
            "Dans une application à trois étages, l'étage du milieu est…",
            (
                Choice("un client.", "De la base, oui. Mais le navigateur l'appelle, lui."),
                Choice("un serveur.", "Du navigateur, oui. Mais il appelle la base."),
                Choice(
                    "les deux à la fois.",
                    "Un rôle se joue dans une conversation, et il en tient deux.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Que sait celui qui publie, dans publier-s'abonner ?",
            (
                Choice(
                    "L'adresse de chaque abonné.",
                    "Seul le courtier la connaît : on en ajoute un sans prévenir personne.",
                ),
                Choice(
                    "L'adresse du courtier, et rien de plus.",
                    "Il publie ; à d'autres de s'abonner.",
                    right=True,
                ),
                Choice("Que tous ont lu.", "Il peut même n'y avoir aucun abonné."),
            ),
        ),
        Question(
            "Le web et Internet, est-ce la même chose ?",
            (
                Choice("Oui, deux mots pour un.", "Le courrier et la visio s'en passent bien."),
                Choice(
                    "Non : le web est l'un des usages d'Internet, qui relie des réseaux.",
                    "Le web, c'est HTTP ; Internet le transporte, avec tout le reste.",
                    right=True,
                ),
                Choice("Non : Internet est une partie du web.", "C'est l'inverse."),
            ),
        ),
    ),
)
