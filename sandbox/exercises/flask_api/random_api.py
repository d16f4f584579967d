"""The API of random numbers, in Flask."""

# Solution
from random import Random

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException


def random_api() -> Flask:
    """Return an application that serves ``/api/random/int`` and ``/api/random/float``."""
    app = Flask("nombres")
    draws = {"int": lambda generator: generator.randrange(100), "float": Random.random}

    def whole(name, default, low, high):
        if name not in request.args:
            return default
        number = request.args.get(name, type=int)
        if number is None or not low <= number <= high:
            abort(400, f"{name} doit être un nombre entier de {low} à {high}")
        return number

    @app.get("/api/random/<any(int, float):kind>")
    def numbers(kind):
        n = whole("n", 1, 0, 1000)
        generator = Random(whole("seed", None, -(10**9), 10**9))  # None : du vrai hasard
        return [draws[kind](generator) for _ in range(n)]

    @app.errorhandler(HTTPException)
    def refuse(error):
        return {"error": error.description}, error.code

    return app


# Exercise
from sandbox.checking import Case, Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.apis import EXPLAINED, are_drawn, codes, explained

EXERCISE = Exercise(
    random_api,
    hints=(
        "Partez des quinze lignes de la leçon, dans une fonction qui crée l'application, lui donne "
        "ses routes et la rend. Il y manque les vérifications et les refus en JSON.",
        "`request.args.get('n', type=int)` vaut `None` quand `n` n'est pas un entier, mais aussi "
        "quand il n'est pas là : `'n' in request.args` distingue les deux. Pour refuser : "
        "`abort(400, 'une phrase')`.",
        "`@app.errorhandler(HTTPException)` reçoit tous les refus, ceux d'`abort` comme le 404 et "
        "le 405 de Flask : `return {'error': error.description}, error.code`. Et le tirage vient "
        "de `random.Random(seed)`, un générateur neuf à chaque requête.",
    ),
)


INTEGERS = "/api/random/int"
ONE = Expect("une liste d'un entier de 0 à 99", lambda got: are_drawn(got, int, 1, 100))
FIVE = Expect("cinq nombres de 0 à 1", lambda got: are_drawn(got, float, 5, 1))
SEEDED = Expect("avec : les mêmes ; sans : jamais", lambda got: got == (True, False))


@EXERCISE.case("`/api/random/int`", expect=ONE)
def one(stage: Stage, program: Program):
    return program.client().get(INTEGERS).json


@EXERCISE.case("`/api/random/float?n=5`", expect=FIVE)
def five(stage: Stage, program: Program):
    return program.client().get("/api/random/float?n=5").json


@EXERCISE.case("avec `seed=7`, sans, avec, sans : cinquante nombres chaque fois", expect=SEEDED)
def seeds(stage: Stage, program: Program):
    client = program.client()
    draws = [client.get(f"{INTEGERS}?n=50{seed}").json for seed in ("&seed=7", "") * 2]
    return draws[0] == draws[2], draws[1] == draws[3]


@EXERCISE.case("`n=abc`, `n=`, `n=2.5`, `seed=abc`", expect=[400] * 4)
def not_numbers(stage: Stage, program: Program):
    return codes(program, INTEGERS, "n=abc", "n=", "n=2.5", "seed=abc")


@EXERCISE.case("`n=-1`, `n=1001`, `n=1000000000`", expect=[400] * 3)
def out_of_bounds(stage: Stage, program: Program):
    return codes(program, INTEGERS, "n=-1", "n=1001", "n=1000000000")


def refuses(what: str, target: str, code: int, method: str = "GET") -> Case:
    @EXERCISE.case(f"{what} : la réponse", expect=(code, EXPLAINED))
    def refused(stage: Stage, program: Program):
        return explained(program.client().open(target, method=method))

    return refused


REFUSALS = (
    refuses("`n=abc`", f"{INTEGERS}?n=abc", 400),
    refuses("`/api/random/complexe`", "/api/random/complexe", 404),
    refuses("POST sur `/api/random/int`", INTEGERS, 405, "POST"),
)

EXERCISE.mistake(
    "Un nombre seul, et c'est un deuxième cas à traiter pour tous vos clients : rendez toujours "
    "une liste.",
    on=one,
    seen=lambda failure: type(failure.value) is int or "it was a int" in str(failure.error),
)(variant(random_api, ("[draws[kind](generator) for _ in range(n)]", "draws[kind](generator)")))

EXERCISE.mistake(
    "Vous semez le générateur de tout le monde (`random.seed`) : après une requête avec `seed`, "
    "les suivantes se devinent. Donnez à chacune le sien, `random.Random(seed)`.",
    on=seeds,
    gives=(True, True),
)(
    variant(
        random_api,
        ("random_api()", "random_api(generator=Random())"),
        ("generator = Random(whole(", "'seed' in request.args and generator.seed(whole("),
    )
)

EXERCISE.mistake(
    "`request.args.get('n', 1, type=int)` rend 1, sans un mot, quand `n` n'est pas un nombre : le "
    "client croit avoir été compris. Refusez : 400.",
    on=not_numbers,
    seen=lambda failure: 200 in failure.value,
)(variant(random_api, ("args.get(name, type=int)", "args.get(name, 1, type=int)")))

EXERCISE.mistake(
    "Un milliard de nombres, et votre serveur n'est plus à personne : refusez ce qui dépasse 1000, "
    "avant de tirer.",
    on=out_of_bounds,
    seen=lambda failure: failure.verdict != "faux" or 200 in failure.value,
)(variant(random_api, (" or not low <= number <= high", ""), (" for _ in range(n)]", "] * n")))

EXERCISE.mistake(
    "La réponse est un refus, et son code dit 200 : rendez aussi `error.code`.",
    on=REFUSALS,
    seen=lambda failure: failure.value[0] == 200,
)(variant(random_api, (", error.code", "")))

EXERCISE.mistake(
    "Ce refus est une page HTML, celle de Flask : `@app.errorhandler(HTTPException)` peut les "
    "mettre toutes en JSON.",
    on=REFUSALS,
    seen=lambda failure: failure.value[1] == "text/html",
)(variant(random_api, ("@app.errorhandler(HTTPException)", "")))
