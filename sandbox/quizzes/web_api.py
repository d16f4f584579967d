"""The quiz of lesson 07."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "web_api",
    (
        Question(
            "Quelle est la bonne façon d'effacer le phare numéro 3 ?",
            (
                Choice(
                    "`GET /api/phares/3/delete`",
                    "GET doit être sûr : un robot qui suit les liens viderait l'archipel.",
                ),
                Choice(
                    "`POST /api/supprimerPhare?id=3`",
                    "Le verbe est déjà dans la requête ; l'URL nomme la ressource.",
                ),
                Choice(
                    "`DELETE /api/phares/3`",
                    "Le verbe dit quoi, l'URL dit à qui.",
                    right=True,
                ),
            ),
        ),
        Question(
            'Une API répond `200` et `{"error": "n invalide"}`. Qu\'en pensez-vous ?',
            (
                Choice(
                    "Rien à redire : l'erreur est là, en JSON.",
                    "`raise_for_status`, les caches et les outils de surveillance y verront un "
                    "succès.",
                ),
                Choice(
                    "Le code ment : c'était un `400`.",
                    "Le code est la première chose que lit un programme ; le corps vient "
                    "l'expliquer, pas le contredire.",
                    right=True,
                ),
                Choice(
                    "C'était un `500`.",
                    "500 dit que le serveur est en faute. Ici c'est la requête.",
                ),
            ),
        ),
        Question(
            "Pourquoi l'API rend-elle une liste même d'un seul nombre ?",
            (
                Choice(
                    "Pour que le client n'ait qu'un cas à traiter.",
                    "Un type qui change selon le nombre de réponses est une source de bogues "
                    "inépuisable.",
                    right=True,
                ),
                Choice(
                    "Parce que JSON ne sait pas écrire un nombre seul.",
                    "Il le sait très bien : `42` est un document JSON.",
                ),
                Choice(
                    "Parce que HTTP l'exige.",
                    "HTTP transporte des octets et ne regarde pas dedans.",
                ),
            ),
        ),
        Question(
            "Où mettre une clé d'API ?",
            (
                Choice(
                    "Dans l'URL, `?key=…`.",
                    "Elle finirait dans les journaux, l'historique et les captures d'écran.",
                ),
                Choice(
                    "Dans le programme, en constante.",
                    "Et donc dans git, et donc chez tout le monde, pour toujours.",
                ),
                Choice(
                    "Dans un en-tête, lue d'une variable d'environnement.",
                    "Ni dans l'URL, ni dans le code ; et en HTTPS, bien sûr.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Vous devez lire toutes les pages d'une liste. Comment trouver la suivante ?",
            (
                Choice(
                    "En ajoutant 1 au numéro de page jusqu'à un `404`.",
                    "Cela marche ici et pas ailleurs ; et si une ville s'ajoute pendant la "
                    "lecture, tout se décale.",
                ),
                Choice(
                    "En suivant `next`, jusqu'à `null`, avec une limite.",
                    "Le serveur sait ; on le suit, sans lui faire une confiance aveugle.",
                    right=True,
                ),
                Choice(
                    "En demandant `n=1000000` pour tout avoir d'un coup.",
                    "Un serveur bien tenu refusera, et il aura raison.",
                ),
            ),
        ),
    ),
)
