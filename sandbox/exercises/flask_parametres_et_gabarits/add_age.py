"""A route of demo3 whose parameters are checked."""

# Solution
from flask import Flask, abort, render_template_string, request


def add_age(app: Flask) -> None:
    """Add to demo3 ``/age``, whose `age` is compulsory and whose `name` is not."""

    @app.route("/age")
    def age() -> str:
        name = request.args.get("name") or "Une personne"
        try:
            years = int(request.args["age"])
        except ValueError:
            abort(400, "L’âge (age) doit être un nombre entier.")
        if not 0 <= years <= 150:
            abort(400, "L’âge (age) doit être compris entre 0 et 150.")
        sentence = "{{ name }} a {{ years }} an{{ 's' if years > 1 }}."
        return render_template_string(sentence, name=name, years=years)


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.flask import client_of_demo, says, status_and_text

EXERCISE = Exercise(
    add_age,
    hints=(
        "Lisez d'abord `forloop`, dans `app.py` de demo3 : elle fait presque la même chose.",
        "`name` a une valeur par défaut ; `age` n'en a pas. Convertissez-le par `int(…)` dans un "
        "`try`, et `abort(400, …)` s'il n'est pas un nombre, ou pas entre 0 et 150.",
        "Pour finir, `render_template_string(\"{{ name }} a {{ age }} an{{ 's' if age > 1 }}.\", "
        "name=name, age=age)` écrit la phrase, et l'échappe.",
    ),
)
CONVERSION = """
        try:
            years = int(request.args["age"])
        except ValueError:
            abort(400, "L’âge (age) doit être un nombre entier.")
"""
BOUNDS = """
        if not 0 <= years <= 150:
            abort(400, "L’âge (age) doit être compris entre 0 et 150.")
"""
RENDERED = "render_template_string(sentence, name=name, years=years)"


def asked(stage: Stage, program: Program, **query: str) -> tuple[int, str]:
    client = client_of_demo(stage, "demo3", program)
    return status_and_text(client.get("/age", query_string=query))


@EXERCISE.case("`?name=Ada&age=36`", expect=says("Ada a 36 ans."))
def ada(stage: Stage, program: Program):
    return asked(stage, program, name="Ada", age="36")


@EXERCISE.case("`?age=36`, sans nom", expect=says("Une personne a 36 ans."))
def no_name(stage: Stage, program: Program):
    return asked(stage, program, age="36")


@EXERCISE.case("`?name=Lou&age=1`", expect=says("Lou a 1 an."))
def one(stage: Stage, program: Program):
    return asked(stage, program, name="Lou", age="1")


@EXERCISE.case("`?name=Ada`, sans âge : son code", expect=400)
def no_age(stage: Stage, program: Program):
    return asked(stage, program, name="Ada")[0]


@EXERCISE.case("`?name=Ada&age=abc` : son code", expect=400)
def not_a_number(stage: Stage, program: Program):
    return asked(stage, program, name="Ada", age="abc")[0]


@EXERCISE.case("`age=-5`, puis `age=151` : leurs codes", expect=[400, 400])
def out(stage: Stage, program: Program):
    return [asked(stage, program, age=age)[0] for age in ("-5", "151")]


@EXERCISE.case("un nom qui contient du HTML, `<b>Ada</b>`", expect=says("<b>Ada</b> a 36 ans."))
def markup(stage: Stage, program: Program):
    return asked(stage, program, name="<b>Ada</b>", age="36")


EXERCISE.mistake(
    "« abc » devient sans un mot votre valeur par défaut : `get(…, type=int)` avale "
    "l'erreur. Il faut la voir pour la refuser.",
    on=not_a_number,
    gives=200,
)(variant(add_age, (CONVERSION, '\n        years = request.args.get("age", 0, int)\n')))

EXERCISE.mistake(
    '`int("abc")` lève `ValueError`, et le visiteur reçoit une erreur 500 : c\'est sa '
    "demande qui est fautive, `abort(400, …)`.",
    raises=ValueError,
)(variant(add_age, (CONVERSION, '\n        years = int(request.args["age"])\n')))

EXERCISE.mistake(
    "Un visiteur vient d'écrire du HTML dans votre page : passez son nom à un gabarit, qui "
    "l'échappe, plutôt que de le coller dans une chaîne.",
    on=markup,
    seen=lambda failure: "<b>" not in failure.value[1],
)(variant(add_age, (RENDERED, "f\"{name} a {years} an{'s' if years > 1 else ''}.\"")))

EXERCISE.mistake(
    "Un an, deux ans : sans s au singulier.",
    on=one,
    seen=lambda failure: "1 ans" in failure.value[1],
)(variant(add_age, ("an{{ 's' if years > 1 }}", "ans")))

EXERCISE.mistake(
    'Le nom peut manquer : `request.args.get("name")` rend alors `None`, tandis que '
    '`request.args["name"]` refuse la demande.',
    on=no_name,
    seen=lambda failure: failure.value[0] == 400,
)(variant(add_age, ('request.args.get("name") or "Une personne"', 'request.args["name"]')))

EXERCISE.mistake(
    "Moins cinq ans ? Vérifiez aussi les bornes, 0 et 150.",
    on=out,
    seen=lambda failure: 200 in failure.value,
)(variant(add_age, (BOUNDS, "\n")))

EXERCISE.accepts()(
    variant(add_age, (CONVERSION, '\n        years = request.args.get("age", -1, int)\n'))
)
