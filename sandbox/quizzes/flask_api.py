"""The quiz of lesson 15."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_api",
    (
        Question(
            'Une vue finit par `return {"titre": "Candide"}, 201`. Que reçoit le client ?',
            (
                Choice(
                    "Une erreur 500 : une vue doit rendre un texte.",
                    "Flask met lui-même un `dict` ou une liste en JSON.",
                ),
                Choice(
                    "Le code 201 et du JSON.",
                    "Un `dict` devient du JSON, et le second élément du n-uplet est le code.",
                    right=True,
                ),
                Choice(
                    "Une liste JSON de deux éléments.",
                    "Un n-uplet n'est pas une liste : Flask y lit le corps, le code, les en-têtes.",
                ),
            ),
        ),
        Question(
            "`request.args.get('n', 1, type=int)`, et l'URL dit `?n=abc`. Que vaut-il ?",
            (
                Choice(
                    "1",
                    "La conversion rate, la valeur par défaut sert, et personne n'est prévenu.",
                    right=True,
                ),
                Choice(
                    "Rien : Flask répond 400.",
                    "C'est `get_json` qui refuse de lui-même. Ici, c'est à vous de le faire.",
                ),
                Choice(
                    "`'abc'`",
                    "Avec `type=int`, ce qui n'est pas un entier n'est pas rendu.",
                ),
            ),
        ),
        Question(
            "On envoie deux fois la même requête pour ajouter un livre, puis deux fois la même "
            "pour l'effacer. Combien de livres en plus ?",
            (
                Choice(
                    "Aucun : le second `DELETE` efface le second livre.",
                    "Il vise le même numéro que le premier, et reçoit `404`.",
                ),
                Choice(
                    "Un.",
                    "Deux `POST` font deux livres ; deux `DELETE` de la même adresse n'en effacent "
                    "qu'un. `DELETE` est idempotent, `POST` non.",
                    right=True,
                ),
                Choice(
                    "Deux : on n'efface pas ce qu'on vient d'ajouter.",
                    "Rien ne l'interdit : le premier `DELETE` fait son travail.",
                ),
            ),
        ),
        Question(
            "Quelqu'un ajoute un livre dont le titre contient du HTML. Où faut-il le neutraliser ?",
            (
                Choice(
                    "En le recevant : on refuse ou on retire les `<`.",
                    "Un titre a le droit d'en contenir, et l'on ne sait pas encore où il sera "
                    "affiché : page, journal, PDF…",
                ),
                Choice(
                    "Dans le JSON de l'API.",
                    "JSON transporte la donnée telle quelle ; c'est son travail.",
                ),
                Choice(
                    "Là où on l'écrit dans une page : Jinja en SSR, `textContent` en CSR.",
                    "Celui qui écrit la page sait seul ce qu'un `<` y signifierait.",
                    right=True,
                ),
            ),
        ),
        Question(
            "L'API ne répond aucun en-tête CORS. Qui peut lire ses données ?",
            (
                Choice(
                    "Personne, sauf ses propres pages.",
                    "Un programme qui n'est pas un navigateur ne s'occupe pas de CORS.",
                ),
                Choice(
                    "Tout programme ; mais, dans un navigateur, les seules pages de même origine.",
                    "C'est le navigateur qui retient la réponse, pour protéger son utilisateur.",
                    right=True,
                ),
                Choice(
                    "Toutes les pages du monde.",
                    "Sans `Access-Control-Allow-Origin`, le navigateur ne la leur montre pas.",
                ),
            ),
        ),
    ),
)
