"""The quiz of lesson 12."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_first",
    (
        Question(
            "À quoi reconnaît-on un framework ?",
            (
                Choice(
                    "Il est plus gros qu'une bibliothèque.",
                    "numpy est bien plus gros que Flask, et c'est une bibliothèque.",
                ),
                Choice(
                    "C'est lui qui appelle vos fonctions.",
                    "Vous les lui confiez par `@app.route`, et il les appelle quand une requête "
                    "arrive. Qui tient le volant : voilà la différence.",
                    right=True,
                ),
                Choice(
                    "Il écrit votre programme à votre place.",
                    "Il en écrit la partie que tous les sites ont en commun. Ce que le vôtre a de "
                    "particulier reste à faire.",
                ),
            ),
        ),
        Question(
            "`@app.route('/phares')` précède une fonction. Que se passe-t-il pour `POST /phares` ?",
            (
                Choice(
                    "Flask répond 405 sans appeler la fonction.",
                    "Le chemin existe, la méthode n'est pas permise. Elle se demande par "
                    "`methods=['POST']`, ou par `@app.post`.",
                    right=True,
                ),
                Choice(
                    "Flask répond 404.",
                    "404 dirait que le chemin n'existe pas. Il existe, pour `GET`.",
                ),
                Choice(
                    "La fonction est appelée : à elle de regarder la méthode.",
                    "Seulement si vous l'avez demandé par `methods=['GET', 'POST']`.",
                ),
            ),
        ),
        Question(
            "Pourquoi `url_for('wheel')` plutôt que `/wheel` ?",
            (
                Choice(
                    "C'est plus rapide.",
                    "Un peu moins, à vrai dire ; et cela ne se voit pas.",
                ),
                Choice(
                    "Le navigateur ne comprend pas `/wheel`.",
                    "Il le comprend fort bien : c'est justement ce que `url_for` écrit.",
                ),
                Choice(
                    "C'est obligatoire dans un gabarit.",
                    "Rien n'y oblige, sinon le souvenir du jour où tous les liens ont cassé.",
                ),
                Choice(
                    "Le jour où le chemin change, aucun lien ne casse.",
                    "Le chemin est écrit une seule fois, dans `@app.route`. Et si le site déménage "
                    "sous `/cours`, `url_for` le sait aussi.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Vous posez `notes_2026.csv` dans `static/`, sans lien vers lui. Qui peut le lire ?",
            (
                Choice(
                    "Personne, il n'a pas de route.",
                    "Le dossier entier en a une : `/static/<path:filename>`.",
                ),
                Choice(
                    "Vous seul, tant que le site est sur votre machine.",
                    "Tant qu'il n'écoute que 127.0.0.1, oui. Il n'y restera pas.",
                ),
                Choice(
                    "Quiconque devine son nom.",
                    "`static/` est public, en entier. Ne pas faire de lien n'a jamais fermé une "
                    "porte.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Pourquoi ne jamais laisser `--debug` sur un site public ?",
            (
                Choice(
                    "Le rechargement automatique le ralentit.",
                    "Il le redémarre aussi à chaque fichier modifié. Mais il y a bien pire.",
                ),
                Choice(
                    "La page d'erreur montre votre code, et permet d'en exécuter d'autre.",
                    "Le débogueur ouvre une console Python dans la page : celui qui l'atteint est "
                    "chez vous. Un code secret la protège, et c'est bien maigre.",
                    right=True,
                ),
                Choice(
                    "Les visiteurs verraient vos `print`.",
                    "Ils vont dans le journal du serveur, debug ou pas.",
                ),
            ),
        ),
    ),
)
