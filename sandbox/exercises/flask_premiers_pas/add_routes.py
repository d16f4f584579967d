"""Two routes more in demo1."""

# Solution
from flask import Flask, request


def add_routes(app: Flask) -> None:
    """Add ``GET /bonsoir``, which greets, and ``POST /echo``, which gives the body back."""

    @app.route("/bonsoir")
    def bonsoir():
        return "Bonsoir !"

    @app.route("/echo", methods=["POST"])
    def echo():
        return request.get_data(as_text=True)


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.flask import client_of_demo

EXERCISE = Exercise(
    add_routes,
    hints=(
        "Chaque route est une petite fonction précédée de `@app.route(…)`, à l'intérieur de "
        "`add_routes`. Ce qu'elle rend est la réponse.",
        "Sans rien dire, une route n'accepte que `GET` (et ce qui en dépend). L'autre méthode se "
        'demande : `@app.route("/echo", methods=["POST"])`.',
        "Le corps de la requête, en texte : `request.get_data(as_text=True)`. N'oubliez pas "
        "`from flask import request`.",
    ),
)


def answer(
    stage: Stage, program: Program, method: str, path: str, data: str = ""
) -> tuple[int, str]:
    """Return the status and the text that demo1 answers once the routes are added."""
    client = client_of_demo(stage, "demo1", program)
    response = client.open(path, method=method, data=data)
    return response.status_code, response.text if response.status_code == 200 else ""


@EXERCISE.case("`GET /bonsoir`", expect=(200, "Bonsoir !"))
def greets(stage: Stage, program: Program):
    return answer(stage, program, "GET", "/bonsoir")


@EXERCISE.case("`POST /bonsoir`", expect=(405, ""))
def post_to_greet(stage: Stage, program: Program):
    return answer(stage, program, "POST", "/bonsoir")


@EXERCISE.case("`POST /echo`, le corps est « été, 10 € »", expect=(200, "été, 10 €"))
def echoes(stage: Stage, program: Program):
    return answer(stage, program, "POST", "/echo", "été, 10 €")


@EXERCISE.case("`POST /echo`, un corps vide", expect=(200, ""))
def empty(stage: Stage, program: Program):
    return answer(stage, program, "POST", "/echo")


@EXERCISE.case("`GET /echo`", expect=(405, ""))
def get_echo(stage: Stage, program: Program):
    return answer(stage, program, "GET", "/echo")


@EXERCISE.case("`GET /`, qui doit marcher encore", expect=200)
def home(stage: Stage, program: Program):
    return answer(stage, program, "GET", "/")[0]


EXERCISE.mistake(
    "Votre fonction ne rend rien : `print` écrit dans le journal, seul `return` répond au "
    "navigateur.",
    seen=lambda failure: "did not return a valid response" in str(failure.error),
)(variant(add_routes, ('return "Bonsoir !"', 'print("Bonsoir !")')))

EXERCISE.mistake(
    "Le chemin d'une route commence par `/`.",
    seen=lambda failure: "must start with a slash" in str(failure.error),
)(variant(add_routes, ('"/bonsoir"', '"bonsoir"')))

EXERCISE.mistake(
    "demo1 a déjà une fonction de ce nom, et le nom d'une fonction est celui de sa route "
    "(son endpoint) : choisissez-en un autre.",
    seen=lambda failure: "overwriting an existing endpoint" in str(failure.error),
)(variant(add_routes, ("def bonsoir", "def index")))

EXERCISE.mistake(
    "`/echo` n'accepte pas `POST` : sans `methods`, une route n'accepte que `GET`.",
    on=echoes,
    gives=(405, ""),
)(variant(add_routes, (', methods=["POST"]', "")))

EXERCISE.mistake(
    "`/echo` accepte aussi `GET`, que l'énoncé n'a pas demandé : ne laissez que `POST` "
    "dans `methods`.",
    on=get_echo,
    seen=lambda failure: failure.value[0] == 200,
)(variant(add_routes, ('["POST"]', '["GET", "POST"]')))

EXERCISE.mistake(
    "Vous renvoyez l'écriture Python des octets, `b'…'` : demandez du texte, par "
    "`get_data(as_text=True)`.",
    on=echoes,
    seen=lambda failure: failure.value[1].startswith("b'"),
)(variant(add_routes, ("request.get_data(as_text=True)", "str(request.data)")))
