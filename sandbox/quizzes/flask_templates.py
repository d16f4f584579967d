"""The quiz of lesson 13."""

from sandbox.quizzes import Choice, Question, Quiz

QUIZ = Quiz(
    "flask_templates",
    (
        Question(
            'Pour `/page?n=abc`, que rend `request.args.get("n", 10, type=int)` ?',
            (
                Choice(
                    "`10`",
                    "La conversion échoue, le défaut la remplace, et personne n'en saura rien.",
                    right=True,
                ),
                Choice(
                    "Une erreur 400.",
                    'C\'est ce que fait `request.args["n"]` quand `n` manque ; `get` ne refuse '
                    "jamais.",
                ),
                Choice(
                    "`'abc'`",
                    "Sans `type`, oui : tout paramètre est du texte.",
                ),
            ),
        ),
        Question(
            "La route est `/forloop/<int:size>`. Que reçoit qui demande `/forloop/-5` ?",
            (
                Choice(
                    "La page, avec `size` égal à `-5`.",
                    "Il faudrait `<int(signed=True):size>`.",
                ),
                Choice(
                    "404, sans que la vue soit appelée.",
                    "Le convertisseur `int` ne reconnaît que des chiffres : cette adresse n'est "
                    "celle d'aucune route.",
                    right=True,
                ),
                Choice(
                    "500, car la vue lève une exception.",
                    "La vue n'en sait rien : on ne l'a pas appelée.",
                ),
            ),
        ),
        Question(
            "Une fonction décorée par `@app.errorhandler(404)` finit par "
            '`return render_template("404.html")`. Quel est le code de la réponse ?',
            (
                Choice(
                    "404, puisque c'est la page de cette erreur.",
                    "Flask n'en préjuge pas : une fonction d'erreur peut répondre ce qu'elle veut.",
                ),
                Choice(
                    "200.",
                    "Ce qu'elle rend est une réponse comme une autre : ajoutez `, 404`.",
                    right=True,
                ),
                Choice(
                    "500.",
                    "Rien n'a échoué : la page est servie, et c'est bien le problème.",
                ),
            ),
        ),
        Question(
            "Un visiteur se nomme `<script>…</script>`. Quelle façon de le saluer est sûre ?",
            (
                Choice(
                    '`return f"Bonjour {name}"`',
                    "Le script entre dans la page, et s'exécute chez qui la lit.",
                ),
                Choice(
                    '`render_template_string("Bonjour " + name)`',
                    "Pire : son nom devient du gabarit, que le serveur exécute.",
                ),
                Choice(
                    '`render_template_string("Bonjour {{ name }}", name=name)`',
                    "Le nom est une donnée du contexte, et Jinja l'échappe.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Votre page étend `base.html`, et son contenu n'apparaît pas, sans la moindre erreur. "
            "Que chercher d'abord ?",
            (
                Choice(
                    "Un bloc dont le nom n'est pas celui de la base.",
                    "Ce que la base n'appelle pas est perdu en silence, comme ce qui est hors de "
                    "tout bloc.",
                    right=True,
                ),
                Choice(
                    "Un gabarit introuvable.",
                    "Flask répondrait 500, et le journal dirait `TemplateNotFound`.",
                ),
                Choice(
                    "Un `super()` oublié.",
                    "Sans lui, c'est le contenu de la *base* qui disparaît, pas le vôtre.",
                ),
            ),
        ),
    ),
)
