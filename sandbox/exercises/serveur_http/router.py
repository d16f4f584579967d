"""A router, which chooses a function by the path of a request."""

# Solution
import re
from collections.abc import Callable
from urllib.parse import unquote


class Router:
    """Chooses a function by the path of a request."""

    def __init__(self) -> None:
        self.routes: list[tuple[re.Pattern[str], Callable[..., str]]] = []

    def route(self, path: str) -> Callable[[Callable], Callable]:
        """Return a decorator that registers a function under `path`."""
        words = [re.escape(word) for word in re.split(r"<\w+>", path)]
        pattern = re.compile("([^/]+)".join(words))

        def register(function: Callable) -> Callable:
            self.routes.append((pattern, function))
            return function

        return register

    def answer(self, path: str) -> tuple[int, str]:
        """Return the status and the text that answer a GET of `path`."""
        for pattern, function in self.routes:
            if match := pattern.fullmatch(path):
                try:
                    return 200, function(*map(unquote, match.groups()))
                except Exception:
                    return 500, "Erreur du serveur"
        return 404, "Page introuvable"


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant

EXERCISE = Exercise(
    Router,
    hints=(
        "`route(path)` ne reçoit pas la fonction : elle rend un *décorateur*, une fonction qui la "
        "recevra, la rangera avec son chemin, et la rendra.",
        "Transformez `/bonjour/<nom>` en expression régulière : `re.split(r'<\\w+>', path)`, puis "
        "`'([^/]+)'.join(…)`. `fullmatch` dira si un chemin convient en entier, `.groups()` ses "
        "morceaux.",
        "Dans `answer`, pour chaque couple (motif, fonction) : si `pattern.fullmatch(path)`, "
        "rendez `200, function(*map(unquote, match.groups()))`, dans un `try` dont le `except "
        "Exception` rend un 500. Après la boucle, 404.",
    ),
)


def answers(program: Program, *paths: str) -> list:
    """Ask a router of three views for these paths."""
    app = program()
    app.route("/")(lambda: "Accueil")
    app.route("/bonjour/<nom>")(lambda nom: f"Bonjour {nom}")
    app.route("/addition/<a>/<b>")(lambda a, b: str(int(a) + int(b)))
    return [app.answer(path) for path in paths]


@EXERCISE.case("`/`", expect=[(200, "Accueil")])
def home(stage: Stage, program: Program):
    return answers(program, "/")


@EXERCISE.case("`/bonjour/Ada`", expect=[(200, "Bonjour Ada")])
def one_part(stage: Stage, program: Program):
    return answers(program, "/bonjour/Ada")


@EXERCISE.case("`/addition/2/3`", expect=[(200, "5")])
def two_parts(stage: Stage, program: Program):
    return answers(program, "/addition/2/3")


@EXERCISE.case("`/bonjour/Zo%C3%A9`", expect=[(200, "Bonjour Zoé")])
def encoded(stage: Stage, program: Program):
    return answers(program, "/bonjour/Zo%C3%A9")


@EXERCISE.case("`/bonjour/Ada/Bob` et `/bonjour/`, qui n'ont pas de route", expect=[404, 404])
def too_far(stage: Stage, program: Program):
    return [status for status, _ in answers(program, "/bonjour/Ada/Bob", "/bonjour/")]


@EXERCISE.case(
    "`@app.route` deux fois sur la même fonction, que l'on appelle ensuite", expect=["second"] * 3
)
def decorated_twice(stage: Stage, program: Program):
    app = program()

    @app.route("/deux")
    @app.route("/second")
    def second() -> str:
        return "second"

    return [app.answer("/deux")[1], app.answer("/second")[1], second and second()]


@EXERCISE.case("`/addition/2/x`, dont la fonction lève une exception", expect=[500])
def failing(stage: Stage, program: Program):
    return [status for status, _ in answers(program, "/addition/2/x")]


@EXERCISE.case("deux routeurs : le premier ne connaît pas `/b`", expect=[200, 404])
def two_routers(stage: Stage, program: Program):
    first, other = program(), program()
    first.route("/a")(lambda: "a")
    other.route("/b")(lambda: "b")
    return [first.answer("/a")[0], first.answer("/b")[0]]


EXERCISE.mistake(
    "Votre décorateur ne rend pas la fonction : sous son nom, il ne reste que `None`. "
    "Finissez par `return function`.",
    on=decorated_twice,
)(variant(Router, ("            return function\n", "")))

EXERCISE.mistake(
    "Le nom est arrivé en pourcents : passez chaque morceau par `unquote`, après avoir "
    "coupé le chemin.",
    on=encoded,
    seen=lambda failure: "%" in failure.value[0][1],
)(variant(Router, ("*map(unquote, match.groups())", "*match.groups()")))

EXERCISE.mistake(
    "Une route doit convenir au chemin *entier* : `fullmatch`, et non `match`.",
    on=too_far,
    seen=lambda failure: 200 in failure.value,
)(variant(Router, ("fullmatch", "match"), ("in self.routes", "in reversed(self.routes)")))

EXERCISE.mistake(
    "Une fonction s'est trompée, et tout le serveur avec elle. Rattrapez l'exception, et "
    "répondez 500.",
    on=failing,
    raises=ValueError,
)(variant(Router, ("except Exception", "except KeyError")))

EXERCISE.mistake(
    "Vos routeurs partagent leurs routes : la liste appartient à la classe. Créez-la dans "
    "`__init__`.",
    gives=[200, 200],
)(variant(Router, ("def __init__(self) -> None:\n        self.routes", "routes")))
