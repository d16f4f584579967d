"""An API of random numbers, which refuses what it does not understand."""

# Solution
import json
import random
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit


class RandomAPI(BaseHTTPRequestHandler):
    """An API of random numbers: ``GET /alea?n=3&seed=1``."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/alea":
            self.answer(404, {"erreur": f"il n'y a rien à {parts.path}"})
            return
        query = parse_qs(parts.query)
        try:
            n = int(query.get("n", ["1"])[0])
            seed = int(query["seed"][0]) if "seed" in query else None
        except ValueError:
            self.answer(400, {"erreur": "n et seed doivent être des nombres entiers"})
            return
        if not 0 <= n <= 1000:
            self.answer(400, {"erreur": "n doit être entre 0 et 1000"})
            return
        generator = random.Random(seed)
        self.answer(200, [generator.randrange(100) for _ in range(n)])

    def answer(self, status: int, content: object) -> None:
        """Answer `content` in JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# Exercise
from http.client import HTTPResponse

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.handlers import NO_ANSWER, ask, serve

EXERCISE = Exercise(
    RandomAPI,
    hints=(
        "`urlsplit(self.path)` sépare `.path` et `.query` ; `parse_qs` rend un dictionnaire de "
        "*listes*. Écrivez une méthode `answer(self, status, content)` : elle servira quatre fois.",
        "`answer` fait, dans l'ordre : `json.dumps(content).encode()`, `send_response`, deux "
        "`send_header` (Content-Type, Content-Length), `end_headers`, `wfile.write`.",
        "Mettez les deux `int(…)` dans un `try` dont le `except ValueError` répond 400, puis "
        "vérifiez `0 <= n <= 1000`. Le tirage : `generator = random.Random(seed)`, puis n fois "
        "`generator.randrange(100)`.",
    ),
)
JSON = "application/json"


def asked(stage: Stage, program: Program, target: str) -> object:
    """Ask the API for `target`; return its status, its type and its content."""
    response = ask(stage, serve(stage, program), target)
    if response is None:
        return NO_ANSWER
    kind = response.headers.get("Content-Type", "sans type")
    return response.status, kind.partition(";")[0], content_of(response)


def content_of(response: HTTPResponse) -> object:
    """Return the content of a response of the API; of an error, only its keys."""
    try:
        content = json.loads(response.content)
    except ValueError:
        return response.content.decode("utf-8", "replace")[:60]
    return list(content) if isinstance(content, dict) else content


def drawn(n: int, seed: int) -> tuple[int, str, list[int]]:
    generator = random.Random(seed)
    return 200, JSON, [generator.randrange(100) for _ in range(n)]


@EXERCISE.case("`/alea?n=3&seed=1`", expect=drawn(3, 1))
def three(stage: Stage, program: Program):
    return asked(stage, program, "/alea?n=3&seed=1")


@EXERCISE.case("`/alea?seed=42&n=5`", expect=drawn(5, 42))
def five(stage: Stage, program: Program):
    return asked(stage, program, "/alea?seed=42&n=5")


@EXERCISE.case("`/alea?seed=5`, sans `n`", expect=drawn(1, 5))
def one(stage: Stage, program: Program):
    return asked(stage, program, "/alea?seed=5")


@EXERCISE.case("`/alea?n=0`", expect=drawn(0, 1))
def none(stage: Stage, program: Program):
    return asked(stage, program, "/alea?n=0")


@EXERCISE.case("`/alea?n=trois`", expect=(400, JSON, ["erreur"]))
def not_a_number(stage: Stage, program: Program):
    return asked(stage, program, "/alea?n=trois")


@EXERCISE.case("`/alea?n=-1`", expect=(400, JSON, ["erreur"]))
def negative(stage: Stage, program: Program):
    return asked(stage, program, "/alea?n=-1")


@EXERCISE.case("`/alea?n=100000`", expect=(400, JSON, ["erreur"]))
def too_many(stage: Stage, program: Program):
    return asked(stage, program, "/alea?n=100000")


@EXERCISE.case("`/ailleurs?n=3`", expect=(404, JSON, ["erreur"]))
def elsewhere(stage: Stage, program: Program):
    return asked(stage, program, "/ailleurs?n=3")


EXERCISE.mistake(
    "Votre réponse ne dit pas que c'est du JSON : `send_header('Content-Type', "
    "'application/json')`, avant `end_headers()`.",
    on=three,
    seen=lambda failure: failure.value[1] != "application/json",
)(variant(RandomAPI, ('        self.send_header("Content-Type", "application/json")\n', "")))

EXERCISE.mistake(
    "Sans `n`, c'est un seul nombre, mais toujours dans une liste : le client n'a alors "
    "qu'un cas à traiter.",
    seen=lambda failure: isinstance(failure.value[2], int),
)(variant(RandomAPI, ("range(n)]", 'range(n)] if "n" in query else generator.randrange(100)')))

EXERCISE.mistake(
    "`int('trois')` a levé une exception, et le client n'a pas eu de réponse : rattrapez "
    "`ValueError`, et répondez 400.",
    on=not_a_number,
    raises=ValueError,
)(variant(RandomAPI, ("except ValueError", "except KeyError")))

EXERCISE.mistake(
    "Vous répondez à n'importe quelle adresse. Comparez `urlsplit(self.path).path` à "
    "`/alea` ; le reste est 404.",
    on=elsewhere,
    seen=lambda failure: failure.value[0] == 200,
)(variant(RandomAPI, ('if parts.path != "/alea"', "if not parts.path")))
