"""A route of demo4 that takes a number, negative ones included."""

# Solution
from flask import Flask, abort


def add_square(app: Flask) -> None:
    """Add to demo4 ``/carre/<number>``, negative numbers included, up to a million."""

    @app.route("/carre/<int(signed=True):number>")
    def square(number: int) -> str:
        if abs(number) > 1_000_000:
            abort(404)
        return f"Le carré de {number} est {number**2}."


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.flask import client_of_demo, link_in_demo, says, status_and_text

EXERCISE = Exercise(
    add_square,
    hints=(
        "Une route est une fonction décorée par `@app.route(…)` ; `app` est ici le paramètre de "
        "votre fonction, et la vue s'écrit dedans.",
        "`/carre/<int:number>` donne un entier à la vue. Pour les nombres négatifs, le "
        "convertisseur a un réglage : `int(signed=True)`.",
        "`@app.route('/carre/<int(signed=True):number>')`, puis `def square(number):`, qui appelle "
        "`abort(404)` si `abs(number) > 1_000_000` et rend sinon la phrase.",
    ),
)
ROUTE = "<int(signed=True):number>"
BOUND = "        if abs(number) > 1_000_000:\n            abort(404)\n"


def asked(stage: Stage, program: Program, path: str) -> tuple[int, str]:
    return status_and_text(client_of_demo(stage, "demo4", program).get(path))


def status(stage: Stage, program: Program, number: object) -> int:
    return asked(stage, program, f"/carre/{number}")[0]


@EXERCISE.case("`/carre/7`", expect=says("Le carré de 7 est 49."))
def seven(stage: Stage, program: Program):
    return asked(stage, program, "/carre/7")


@EXERCISE.case("`/carre/-3`", expect=says("Le carré de -3 est 9."))
def negative(stage: Stage, program: Program):
    return asked(stage, program, "/carre/-3")


@EXERCISE.case("`/carre/abc` : son code", expect=404)
def letters(stage: Stage, program: Program):
    return status(stage, program, "abc")


@EXERCISE.case("`/carre/` : son code", expect=404)
def nothing(stage: Stage, program: Program):
    return status(stage, program, "")


@EXERCISE.case("`/carre/1000001` et `/carre/-1000001` : leurs codes", expect=[404, 404])
def too_big(stage: Stage, program: Program):
    return [status(stage, program, number) for number in (1_000_001, -1_000_001)]


@EXERCISE.case("`url_for('square', number=-3)`", expect="/carre/-3")
def link(stage: Stage, program: Program):
    return program.beside(link_in_demo, "demo4", "square", {"number": -3})


@EXERCISE.case("`/forloop/2`, qui était là avant vous : son code", expect=200)
def still_there(stage: Stage, program: Program):
    return asked(stage, program, "/forloop/2")[0]


EXERCISE.mistake(
    "Le convertisseur `int` ne reconnaît pas les nombres négatifs, sauf si on l'en prie : "
    "`int(signed=True)`.",
    on=negative,
    seen=lambda failure: failure.value[0] == 404,
)(variant(add_square, ("int(signed=True)", "int")))

EXERCISE.mistake(
    "Sans convertisseur, la vue reçoit du texte : écrivez `<int(signed=True):number>` dans "
    "la route.",
    raises=TypeError,
    seen=lambda failure: "'str'" in str(failure.error),
)(variant(add_square, (ROUTE, "<number>"), (BOUND, ""), ("number**2", "number * number")))

EXERCISE.mistake(
    "Vous convertissez à la main, et « abc » fait tomber la vue : laissez faire le "
    "convertisseur de la route, qui répond 404.",
    on=letters,
    raises=ValueError,
)(
    variant(
        add_square,
        (ROUTE, "<number>"),
        ("abs(number)", "abs(int(number))"),
        ("number**2", "int(number) ** 2"),
    )
)

EXERCISE.mistake(
    "Il manque la borne : au-delà d'un million, en valeur absolue, `abort(404)`.",
    on=too_big,
    seen=lambda failure: 200 in failure.value,
)(variant(add_square, (BOUND, "")))

EXERCISE.mistake(
    "`url_for` cherche la vue par son nom, celui de la fonction : appelez-la `square`, et "
    "son paramètre `number`.",
    on=link,
    verdict="exception",
)(variant(add_square, ("def square", "def carre")))
