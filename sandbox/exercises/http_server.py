"""Exercises of lesson 10: servers made with http.server, and a router like Flask's."""

import contextlib
import json
import os
import random
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage
from sandbox.wire import Wiretap

# Solutions


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


TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


def static_site(root: Path) -> type[BaseHTTPRequestHandler]:
    """Return a handler that serves the files under `root`, and nothing else."""
    root = root.resolve()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = find(root, unquote(self.path.partition("?")[0]))
            if file is None:
                self.send_error(404)
                return
            body = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Site


def find(root: Path, path: str) -> Path | None:
    """Return the file of that path in a site, None if there is none."""
    if path.endswith("/"):
        path += "index.html"
    try:
        file = (root / path.lstrip("/")).resolve()  # resolve follows « .. » and links
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


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


# What they are tried on

NO_ANSWER = "pas de réponse"


def serve(stage: Stage, handler: type[BaseHTTPRequestHandler]) -> Wiretap:
    """Run a student's handler for each client, behind a relay."""
    quiet = type(handler.__name__, (handler,), {"log_message": lambda *_: None})
    return stage.serve(lambda connection: quiet(connection, connection.getpeername(), None))


def ask(stage: Stage, tap: Wiretap, target: str, method: str = "GET") -> HTTPResponse | None:
    """Send a request as it is written; return the response, read, or None."""
    with stage.connect(tap) as client:
        client.sendall(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        response = HTTPResponse(client, method=method)
        try:
            response.begin()
            response.content = response.read()
        except (OSError, HTTPException):
            return None
        return response


def asked(target: str) -> Callable[[Stage, type], object]:
    """Return what asks the API for `target`: its status, its type and its content."""

    def run(stage: Stage, handler: type) -> object:
        response = ask(stage, serve(stage, handler), target)
        if response is None:
            return NO_ANSWER
        kind = response.headers.get("Content-Type", "sans type")
        return response.status, kind.partition(";")[0], content_of(response)

    return run


def content_of(response: HTTPResponse) -> object:
    """Return the content of a response of the API; of an error, only its keys."""
    try:
        content = json.loads(response.content)
    except ValueError:
        return response.content.decode("utf-8", "replace")[:60]
    return list(content) if isinstance(content, dict) else content


def drawn(n: int, seed: int) -> tuple[int, str, list[int]]:
    generator = random.Random(seed)
    return 200, "application/json", [generator.randrange(100) for _ in range(n)]


def refused(status: int) -> tuple[int, str, list[str]]:
    return status, "application/json", ["erreur"]


NAME = "Œuvre à lire.txt"
BYTES = bytes(range(256)) * 4


@contextlib.contextmanager
def shared(stage: Stage, function: Callable, times: int, name: str = NAME) -> Iterator[Wiretap]:
    """Run the server that a student makes for a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(BYTES)
        yield serve(stage, function(path, times))


def given_whole(stage: Stage, function: Callable) -> object:
    with shared(stage, function, 1) as tap:
        response = ask(stage, tap, "/")
        if response is None:
            return NO_ANSWER
        return response.status, response.headers.get("Content-Length"), response.content == BYTES


def given_name(stage: Stage, function: Callable) -> str | None:
    with shared(stage, function, 1) as tap:
        response = ask(stage, tap, "/")
        return response and response.headers.get("Content-Disposition")


def given_so_often(*methods: str) -> Callable[[Stage, Callable], list[object]]:
    """Return what sends these requests to a file given twice, and returns the statuses."""

    def run(stage: Stage, function: Callable) -> list[object]:
        with shared(stage, function, 2) as tap:
            answers = [ask(stage, tap, "/", method) for method in methods]
            return [answer.status if answer else NO_ANSWER for answer in answers]

    return run


def given_at_once(stage: Stage, function: Callable) -> dict[object, int]:
    """Let ten clients ask at once for a file given three times; count the statuses."""
    with shared(stage, function, 3) as tap, ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ask(stage, tap, "/"), range(10)))
        statuses = [answer.status if answer else NO_ANSWER for answer in answers]
        return {status: statuses.count(status) for status in (200, 410)}


FILES = {
    "site/index.html": "<h1>Bonjour</h1>",
    "site/style.css": "h1 { color: teal; }",
    "site/js/page.js": "alert(1);",
    "site/à propos.html": "<h1>Nous</h1>",
    "site/vide/notes.txt": "des notes",
    "site-prive/secret.txt": "le secret",
    "secret.txt": "le secret",
}
ATTACKS = {
    "..": "/../secret.txt",
    "voisin": "/../site-prive/secret.txt",
    "..%2f": "/..%2fsecret.txt",
    "%2e%2e": "/%2e%2e/secret.txt",
    "absolu": "/%2f{folder}/secret.txt",
    "lien": "/lien.txt",
}


@contextlib.contextmanager
def site(stage: Stage, function: Callable) -> Iterator[tuple[Wiretap, Path]]:
    """Run the server that a student makes for a site, a secret beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, content in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8")
        with contextlib.suppress(OSError):  # Windows asks for rights
            os.symlink(folder / "secret.txt", folder / "site" / "lien.txt")
        yield serve(stage, function(folder / "site")), folder


def visited(target: str) -> Callable[[Stage, Callable], object]:
    """Return what asks a site for a page: its status, its type, its content if it is found."""

    def run(stage: Stage, function: Callable) -> object:
        with site(stage, function) as (tap, _):
            response = ask(stage, tap, target)
            if response is None:
                return NO_ANSWER
            if response.status != 200:
                return response.status
            kind = response.headers.get("Content-Type", "sans type").partition(";")[0]
            return 200, kind, response.content.decode("utf-8", "replace")[:60]

    return run


def attacked(*names: str) -> Callable[[Stage, Callable], list[str]]:
    """Return what sends these attacks to a site: the names of those that bring the secret."""

    def run(stage: Stage, function: Callable) -> list[str]:
        with site(stage, function) as (tap, folder):
            won = []
            for name in names:
                target = ATTACKS[name].format(folder=quote(str(folder).lstrip("/")))
                response = ask(stage, tap, target)
                if response is not None and b"secret" in response.content:
                    won.append(name)
            return won

    return run


def routed(*paths: str) -> Callable[[Stage, type], list]:
    """Return what asks a router of three views for these paths."""

    def run(stage: Stage, router: type) -> list:
        app = router()
        app.route("/")(lambda: "Accueil")
        app.route("/bonjour/<nom>")(lambda nom: f"Bonjour {nom}")
        app.route("/addition/<a>/<b>")(lambda a, b: str(int(a) + int(b)))
        return [app.answer(path) for path in paths]

    return run


def statuses(*paths: str) -> Callable[[Stage, type], list[int]]:
    run = routed(*paths)
    return lambda stage, router: [status for status, _ in run(stage, router)]


def decorated(stage: Stage, router: type) -> object:
    app = router()

    @app.route("/deux")
    @app.route("/second")
    def second() -> str:
        return "second"

    return [app.answer("/deux")[1], app.answer("/second")[1], second and second()]


def two_routers(stage: Stage, router: type) -> list[int]:
    first, other = router(), router()
    first.route("/a")(lambda: "a")
    other.route("/b")(lambda: "b")
    return [first.answer("/a")[0], first.answer("/b")[0]]


# Mistakes foreseen


class RandomTrusting(RandomAPI):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/alea":
            self.answer(404, {"erreur": "rien ici"})
            return
        query = parse_qs(parts.query)
        generator = random.Random(int(query["seed"][0]) if "seed" in query else None)
        n = int(query.get("n", ["1"])[0])
        self.answer(200, [generator.randrange(100) for _ in range(n)])


class RandomAnywhere(RandomAPI):
    def do_GET(self) -> None:
        self.path = "/alea?" + urlsplit(self.path).query
        super().do_GET()


class RandomWithoutType(RandomAPI):
    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Content-Type":
            super().send_header(keyword, value)


class RandomAlone(RandomAPI):
    def answer(self, status: int, content: object) -> None:
        super().answer(status, content[0] if isinstance(content, list) and content else content)


def share_for_ever(path: Path, times: int) -> type[BaseHTTPRequestHandler]:
    class Sharing(share_file(path, 10**6)):
        count = 0

        def do_GET(self) -> None:
            self.count += 1  # a new handler for each connection: always 1
            if self.count > times:
                self.send_error(410)
            else:
                super().do_GET()

    return Sharing


def share_plain_name(path: Path, times: int) -> type[BaseHTTPRequestHandler]:
    class Sharing(share_file(path, times)):
        def send_header(self, keyword: str, value: str) -> None:
            if keyword == "Content-Disposition":
                value = f'attachment; filename="{path.name}"'
            super().send_header(keyword, value)

    return Sharing


def share_counting_heads(path: Path, times: int) -> type[BaseHTTPRequestHandler]:
    class Sharing(share_file(path, times)):
        def do_HEAD(self) -> None:
            self.do_GET()

    return Sharing


def share_without_length(path: Path, times: int) -> type[BaseHTTPRequestHandler]:
    class Sharing(share_file(path, times)):
        def send_header(self, keyword: str, value: str) -> None:
            if keyword != "Content-Length":
                super().send_header(keyword, value)

    return Sharing


def site_by(choose: Callable[[Path, str], Path | None]) -> Callable[[Path], type]:
    """Return what makes a site, with another way to choose the file."""

    def make(root: Path) -> type[BaseHTTPRequestHandler]:
        class Site(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                file = choose(root.resolve(), self.path.partition("?")[0])
                if file is None or not file.is_file():
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", TYPES.get(file.suffix, "text/plain"))
                self.end_headers()
                self.wfile.write(file.read_bytes())

        return Site

    return make


def index_of(path: str) -> str:
    return path + "index.html" if path.endswith("/") else path


def choose_trusting(root: Path, path: str) -> Path:
    return root / unquote(index_of(path)).lstrip("/")


def choose_before_decoding(root: Path, path: str) -> Path | None:
    return None if ".." in path else choose_trusting(root, path)


def choose_by_prefix(root: Path, path: str) -> Path | None:
    file = choose_trusting(root, path).resolve()
    return file if str(file).startswith(str(root)) else None


def choose_without_links(root: Path, path: str) -> Path | None:
    file = Path(os.path.normpath(choose_trusting(root, path)))
    return file if file.is_relative_to(root) else None


def choose_undecoded(root: Path, path: str) -> Path | None:
    return find(root, path)


site_trusting = site_by(choose_trusting)
site_before_decoding = site_by(choose_before_decoding)
site_by_prefix = site_by(choose_by_prefix)
site_with_links = site_by(choose_without_links)
site_undecoded = site_by(choose_undecoded)


def site_without_types(root: Path) -> type[BaseHTTPRequestHandler]:
    class Site(static_site(root)):
        def send_header(self, keyword: str, value: str) -> None:
            super().send_header(keyword, "text/html" if keyword == "Content-Type" else value)

    return Site


class RouterLosingFunctions(Router):
    def route(self, path: str) -> Callable[[Callable], Any]:
        register = super().route(path)
        return lambda function: register(function) and None


class RouterShared(Router):
    common: ClassVar[list] = []

    def __init__(self) -> None:
        self.routes = self.common


class RouterFragile(Router):
    def answer(self, path: str) -> tuple[int, str]:
        for pattern, function in self.routes:
            if match := pattern.fullmatch(path):
                return 200, function(*map(unquote, match.groups()))
        return 404, "Page introuvable"


class RouterGreedy(Router):
    def answer(self, path: str) -> tuple[int, str]:
        for pattern, function in reversed(self.routes):
            if match := pattern.match(path):
                try:
                    return 200, function(*map(unquote, match.groups()))
                except Exception:
                    return 500, "Erreur du serveur"
        return 404, "Page introuvable"


class RouterUndecoded(Router):
    def answer(self, path: str) -> tuple[int, str]:
        return super().answer(path.replace("%", "%25"))


# Exercises

NOT_A_NUMBER = "`/alea?n=trois`"
ELSEWHERE = "`/ailleurs?n=3`"
THREE = "`/alea?n=3&seed=1`"
ONE = "`/alea?seed=5`, sans `n`"

RANDOM_API = Exercise(
    RandomAPI,
    label="ex-http-server-random-api",
    hints=(
        "`urlsplit(self.path)` sépare `.path` et `.query` ; `parse_qs` rend un dictionnaire de "
        "*listes*. Écrivez une méthode `answer(self, status, content)` : elle servira quatre fois.",
        "`answer` fait, dans l'ordre : `json.dumps(content).encode()`, `send_response`, deux "
        "`send_header` (Content-Type, Content-Length), `end_headers`, `wfile.write`.",
        "Mettez les deux `int(…)` dans un `try` dont le `except ValueError` répond 400, puis "
        "vérifiez `0 <= n <= 1000`. Le tirage : `generator = random.Random(seed)`, puis n fois "
        "`generator.randrange(100)`.",
    ),
    cases=[
        Case(THREE, asked("/alea?n=3&seed=1"), drawn(3, 1)),
        Case("`/alea?seed=42&n=5`", asked("/alea?seed=42&n=5"), drawn(5, 42)),
        Case(ONE, asked("/alea?seed=5"), drawn(1, 5)),
        Case("`/alea?n=0`", asked("/alea?n=0"), drawn(0, 1)),
        Case(NOT_A_NUMBER, asked("/alea?n=trois"), refused(400)),
        Case("`/alea?n=-1`", asked("/alea?n=-1"), refused(400)),
        Case("`/alea?n=100000`", asked("/alea?n=100000"), refused(400)),
        Case(ELSEWHERE, asked("/ailleurs?n=3"), refused(404)),
    ],
    mistakes=[
        Mistake(
            "Votre réponse ne dit pas que c'est du JSON : `send_header('Content-Type', "
            "'application/json')`, avant `end_headers()`.",
            RandomWithoutType,
            lambda failure: failure.value[1] != "application/json" and failure.case == THREE,
        ),
        Mistake(
            "Sans `n`, c'est un seul nombre, mais toujours dans une liste : le client n'a alors "
            "qu'un cas à traiter.",
            RandomAlone,
            lambda failure: isinstance(failure.value[2], int),
        ),
        Mistake(
            "`int('trois')` a levé une exception, et le client n'a pas eu de réponse : rattrapez "
            "`ValueError`, et répondez 400.",
            RandomTrusting,
            lambda failure: failure.case == NOT_A_NUMBER and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Vous répondez à n'importe quelle adresse. Comparez `urlsplit(self.path).path` à "
            "`/alea` ; le reste est 404.",
            RandomAnywhere,
            lambda failure: failure.case == ELSEWHERE and failure.value[0] == 200,
        ),
    ],
)

WHOLE = "un client demande `/`"
ACCENTS = f"le fichier s'appelle `{NAME}`"
TWICE = "deux fois permises, quatre `GET`"
HEADS = "deux fois permises : trois `HEAD`, puis `GET`"

SHARE_FILE = Exercise(
    share_file,
    label="ex-http-server-share-file",
    hints=(
        "Un objet handler ne vit que le temps d'une connexion : le compte doit être *ailleurs*, "
        "dans une variable de `share_file`, que `nonlocal` permet de changer.",
        "Dans l'en-tête, rien que de l'ASCII : `filename*=UTF-8''` suivi de "
        "`quote(path.name, safe='')`. La taille est `path.stat().st_size`.",
        "Décidez sous un verrou (`with lock:`), répondez après. `do_HEAD` envoie les mêmes "
        "en-têtes, sans corps et sans compter. Quand il n'en reste plus : `send_response(410)`, "
        "`Content-Length: 0`.",
    ),
    cases=[
        Case(WHOLE, given_whole, (200, str(len(BYTES)), True)),
        Case(
            ACCENTS,
            given_name,
            Expect(
                f"`attachment`, et `filename*=UTF-8''{quote(NAME, safe='')}`",
                lambda value: (
                    isinstance(value, str)
                    and value.startswith("attachment")
                    and f"filename*=UTF-8''{quote(NAME, safe='')}" in value
                ),
            ),
        ),
        Case(TWICE, given_so_often("GET", "GET", "GET", "GET"), [200, 200, 410, 410]),
        Case(HEADS, given_so_often("HEAD", "HEAD", "HEAD", "GET"), [200, 200, 200, 200]),
        Case(
            "deux fois permises : `GET`, `GET`, puis `HEAD`",
            given_so_often("GET", "GET", "HEAD"),
            [200, 200, 410],
        ),
        Case("trois fois permises, dix clients en même temps", given_at_once, {200: 3, 410: 7}),
    ],
    mistakes=[
        Mistake(
            "Un en-tête s'écrit en latin-1, qui n'a pas de `Œ` : écrivez le nom en UTF-8 et en "
            "pourcents, par `filename*=UTF-8''` et `quote`.",
            share_plain_name,
            lambda failure: (
                isinstance(failure.error, UnicodeEncodeError)
                or (failure.case == ACCENTS and "filename*" not in failure.value)
            ),
        ),
        Mistake(
            "Le client ne sait pas combien d'octets attendre : annoncez `Content-Length`.",
            share_without_length,
            lambda failure: failure.case == WHOLE and failure.value[1] is None,
        ),
        Mistake(
            "Votre compte revient à zéro à chaque connexion : `self` est un objet tout neuf. "
            "Comptez dans une variable de `share_file`.",
            share_for_ever,
            lambda failure: failure.case == TWICE and failure.value == [200] * 4,
        ),
        Mistake(
            "`HEAD` n'est pas un téléchargement : il ne doit ni compter, ni envoyer de corps.",
            share_counting_heads,
            lambda failure: failure.case == HEADS and 410 in failure.value,
        ),
    ],
)

STYLESHEET = "`/style.css`"
DOTS = "`/../secret.txt`, et sa variante `/../site-prive/secret.txt`"
ENCODED = "les mêmes, déguisés : `/..%2fsecret.txt`, `/%2e%2e/secret.txt`, un chemin absolu"
LINK = "`/lien.txt`, qui est un lien vers `../secret.txt`"
SPACES = "`/%C3%A0%20propos.html?v=2`"

STATIC_SITE = Exercise(
    static_site,
    label="ex-http-server-static-site",
    hints=(
        "Trois temps : décoder le chemin (`unquote`, une fois, sans les paramètres), en faire un "
        "chemin du disque, *puis* vérifier où il mène. Jamais l'inverse.",
        "`(root / path.lstrip('/')).resolve()` suit les `..` et les liens, jusqu'au vrai fichier. "
        "`is_relative_to(root)` dit s'il est dessous.",
        "Résolvez aussi `root`. Un chemin qui finit par `/` veut `index.html`. `resolve` peut "
        "lever `ValueError` (octet nul) : c'est un 404. Les types sont dans un dictionnaire, par "
        "`file.suffix`.",
    ),
    cases=[
        Case("`/`", visited("/"), (200, "text/html", FILES["site/index.html"])),
        Case(STYLESHEET, visited("/style.css"), (200, "text/css", FILES["site/style.css"])),
        Case(
            "`/js/page.js`",
            visited("/js/page.js"),
            (200, "text/javascript", FILES["site/js/page.js"]),
        ),
        Case(
            SPACES,
            visited("/%C3%A0%20propos.html?v=2"),
            (200, "text/html", FILES["site/à propos.html"]),
        ),
        Case("`/vide/`, un dossier sans `index.html`", visited("/vide/"), 404),
        Case(DOTS, attacked("..", "voisin"), []),
        Case(ENCODED, attacked("..%2f", "%2e%2e", "absolu"), []),
        Case(LINK, attacked("lien"), []),
    ],
    mistakes=[
        Mistake(
            "Tout part sous le même type, et le navigateur refusera la feuille de style : "
            "choisissez `Content-Type` d'après l'extension.",
            site_without_types,
            lambda failure: failure.case == STYLESHEET and failure.value[1] != "text/css",
        ),
        Mistake(
            "Le chemin de la requête est écrit en pourcents : décodez-le par `unquote` avant de "
            "chercher le fichier.",
            site_undecoded,
            lambda failure: failure.case == SPACES and failure.value == 404,
        ),
        Mistake(
            "`site-prive` commence comme `site` : comparer des chaînes ne suffit pas. "
            "`is_relative_to` compare des dossiers.",
            site_by_prefix,
            lambda failure: failure.case == DOTS and failure.value == ["voisin"],
        ),
        Mistake(
            "`..` remonte hors du site, et votre secret est parti. Résolvez le chemin "
            "(`resolve()`), puis vérifiez qu'il est sous `root`.",
            site_trusting,
            lambda failure: failure.case == DOTS and ".." in failure.value,
        ),
        Mistake(
            "Vous cherchez `..` dans le texte de la requête, où il peut se déguiser en `%2e%2e`. "
            "Décodez d'abord, vérifiez ensuite, et vérifiez le chemin plutôt que le texte.",
            site_before_decoding,
            lambda failure: failure.case == ENCODED and bool(failure.value),
        ),
        Mistake(
            "Un lien mène dehors : `resolve()` suit les liens, `normpath` ne les voit pas.",
            site_with_links,
            lambda failure: failure.case == LINK and failure.value == ["lien"],
        ),
    ],
)

DECORATED = "`@app.route` deux fois sur la même fonction, que l'on appelle ensuite"
ENCODED_NAME = "`/bonjour/Zo%C3%A9`"
FAILING = "`/addition/2/x`, dont la fonction lève une exception"
TOO_FAR = "`/bonjour/Ada/Bob` et `/bonjour/`, qui n'ont pas de route"

ROUTER = Exercise(
    Router,
    label="ex-http-server-router",
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
    cases=[
        Case("`/`", routed("/"), [(200, "Accueil")]),
        Case("`/bonjour/Ada`", routed("/bonjour/Ada"), [(200, "Bonjour Ada")]),
        Case("`/addition/2/3`", routed("/addition/2/3"), [(200, "5")]),
        Case(ENCODED_NAME, routed("/bonjour/Zo%C3%A9"), [(200, "Bonjour Zoé")]),
        Case(TOO_FAR, statuses("/bonjour/Ada/Bob", "/bonjour/"), [404, 404]),
        Case(DECORATED, decorated, ["second"] * 3),
        Case(FAILING, statuses("/addition/2/x"), [500]),
        Case("deux routeurs : le premier ne connaît pas `/b`", two_routers, [200, 404]),
    ],
    mistakes=[
        Mistake(
            "Votre décorateur ne rend pas la fonction : sous son nom, il ne reste que `None`. "
            "Finissez par `return function`.",
            RouterLosingFunctions,
            lambda failure: failure.case == DECORATED,
        ),
        Mistake(
            "Le nom est arrivé en pourcents : passez chaque morceau par `unquote`, après avoir "
            "coupé le chemin.",
            RouterUndecoded,
            lambda failure: failure.case == ENCODED_NAME and "%" in failure.value[0][1],
        ),
        Mistake(
            "Une route doit convenir au chemin *entier* : `fullmatch`, et non `match`.",
            RouterGreedy,
            lambda failure: failure.case == TOO_FAR and 200 in failure.value,
        ),
        Mistake(
            "Une fonction s'est trompée, et tout le serveur avec elle. Rattrapez l'exception, et "
            "répondez 500.",
            RouterFragile,
            lambda failure: failure.case == FAILING and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Vos routeurs partagent leurs routes : la liste appartient à la classe. Créez-la dans "
            "`__init__`.",
            RouterShared,
            lambda failure: failure.value == [200, 200],
        ),
    ],
)
