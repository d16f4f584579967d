"""A file that is given so many times, then no more."""

# Solution
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote


def share_file(path: Path, times: int) -> type[BaseHTTPRequestHandler]:
    """Return a handler that gives a file `times` times, whatever is asked, then answers 410."""
    left = times
    lock = threading.Lock()

    class Sharing(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_head(200 if left else 410)

        def do_GET(self) -> None:
            nonlocal left
            with lock:
                given = left > 0
                left -= given
            self.send_head(200 if given else 410)
            if given:
                self.wfile.write(path.read_bytes())

        def send_head(self, status: int) -> None:
            self.send_response(status)
            if status == 200:
                name = quote(path.name, safe="")
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
                self.send_header("Content-Length", str(path.stat().st_size))
            else:
                self.send_header("Content-Length", "0")
            self.end_headers()

    return Sharing


# Exercise
from concurrent.futures import ThreadPoolExecutor

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.handlers import NO_ANSWER, ask, serve_file, status

EXERCISE = Exercise(
    share_file,
    hints=(
        "Un objet handler ne vit que le temps d'une connexion : le compte doit être *ailleurs*, "
        "dans une variable de `share_file`, que `nonlocal` permet de changer.",
        "Dans l'en-tête, rien que de l'ASCII : `filename*=UTF-8''` suivi de "
        "`quote(path.name, safe='')`. La taille est `path.stat().st_size`.",
        "Décidez sous un verrou (`with lock:`), répondez après. `do_HEAD` envoie les mêmes "
        "en-têtes, sans corps et sans compter. Quand il n'en reste plus : `send_response(410)`, "
        "`Content-Length: 0`.",
    ),
)
NAME = "Œuvre à lire.txt"
ENCODED = f"filename*=UTF-8''{quote(NAME, safe='')}"
BYTES = bytes(range(256)) * 4


def statuses(stage: Stage, program: Program, *methods: str) -> list[object]:
    """Send these requests to a file given twice; return the statuses."""
    with serve_file(stage, program, NAME, BYTES, 2) as tap:
        return [status(stage, tap, method) for method in methods]


@EXERCISE.case("un client demande `/`", expect=(200, str(len(BYTES)), True))
def whole(stage: Stage, program: Program):
    with serve_file(stage, program, NAME, BYTES, 1) as tap:
        response = ask(stage, tap, "/")
        if response is None:
            return NO_ANSWER
        return response.status, response.headers.get("Content-Length"), response.content == BYTES


@EXERCISE.case(
    f"le fichier s'appelle `{NAME}`",
    expect=Expect(
        f"`attachment`, et `{ENCODED}`",
        lambda value: value.startswith("attachment") and ENCODED in value,
    ),
)
def its_name(stage: Stage, program: Program):
    with serve_file(stage, program, NAME, BYTES, 1) as tap:
        response = ask(stage, tap, "/")
        return response and response.headers.get("Content-Disposition")


@EXERCISE.case("deux fois permises, quatre `GET`", expect=[200, 200, 410, 410])
def twice(stage: Stage, program: Program):
    return statuses(stage, program, "GET", "GET", "GET", "GET")


@EXERCISE.case("deux fois permises : trois `HEAD`, puis `GET`", expect=[200, 200, 200, 200])
def heads_first(stage: Stage, program: Program):
    return statuses(stage, program, "HEAD", "HEAD", "HEAD", "GET")


@EXERCISE.case("deux fois permises : `GET`, `GET`, puis `HEAD`", expect=[200, 200, 410])
def head_last(stage: Stage, program: Program):
    return statuses(stage, program, "GET", "GET", "HEAD")


@EXERCISE.case("trois fois permises, dix clients en même temps", expect={200: 3, 410: 7})
def ten_at_once(stage: Stage, program: Program):
    with serve_file(stage, program, NAME, BYTES, 3) as tap, ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: status(stage, tap, "GET"), range(10)))
        return {each: found.count(each) for each in (200, 410)}


EXERCISE.mistake(
    "Un en-tête s'écrit en latin-1, qui n'a pas de `Œ` : écrivez le nom en UTF-8 et en "
    "pourcents, par `filename*=UTF-8''` et `quote`.",
    seen=lambda failure: (
        isinstance(failure.error, UnicodeEncodeError)
        or (failure.case is its_name and "filename*" not in failure.value)
    ),
)(variant(share_file, ("filename*=UTF-8''{name}", "filename={path.name}")))

EXERCISE.mistake(
    "Le client ne sait pas combien d'octets attendre : annoncez `Content-Length`.",
    on=whole,
    seen=lambda failure: failure.value[1] is None,
)(variant(share_file, ('self.send_header("Content-Length", str(path.stat().st_size))', "pass")))

EXERCISE.mistake(
    "Votre compte revient à zéro à chaque connexion : `self` est un objet tout neuf. "
    "Comptez dans une variable de `share_file`.",
    on=twice,
    gives=[200] * 4,
)(variant(share_file, ("nonlocal left", "left = times")))

EXERCISE.mistake(
    "`HEAD` n'est pas un téléchargement : il ne doit ni compter, ni envoyer de corps.",
    on=heads_first,
    seen=lambda failure: 410 in failure.value,
)(variant(share_file, ("self.send_head(200 if left else 410)", "self.do_GET()")))
