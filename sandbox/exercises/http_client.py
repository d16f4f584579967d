"""Exercises of lesson 06: reading a response by hand, downloading in spite of all, being polite."""

import re
import socket
import tempfile
import threading
import time
from pathlib import Path

import requests

from sandbox.checking import Case, Exercise, Mistake, Raises, Stage
from sandbox.serving.scripted import Play

# Solutions


def parse_response(data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers (names in lower case) and the body of an HTTP response.

    Raises:
        ValueError: it is no HTTP response, its length is none, or some of it is missing.
    """
    head, empty_line, rest = data.partition(b"\r\n\r\n")
    if not empty_line:
        raise ValueError("les en-têtes ne sont pas finis")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    match = re.fullmatch(r"HTTP/1\.[01] (\d{3})(?: .*)?", status_line)
    if not match:
        raise ValueError(f"ce n'est pas une réponse HTTP : {status_line!r}")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = headers.get("content-length", str(len(rest)))
    if not length.isdecimal():  # int() would take "-1"
        raise ValueError(f"ce n'est pas une longueur : {length!r}")
    if len(rest) < int(length):
        raise ValueError(f"le corps a {len(rest)} octets sur {length}")
    return int(match[1]), headers, rest[: int(length)]


def download(url: str, path: str, tries: int = 10) -> int:
    """Write what is at `url` into the file `path`, resuming where it was cut; return its size.

    Raises:
        OSError: it is not whole after `tries` tries.
    """
    size = 0
    with open(path, "wb") as file:
        for left in reversed(range(tries)):
            try:
                ranges = {"Range": f"bytes={size}-", "Accept-Encoding": "identity"}
                with requests.get(url, headers=ranges, stream=True, timeout=5) as response:
                    response.raise_for_status()
                    if response.status_code != 206:  # the whole, again
                        size = 0
                    file.seek(size)
                    file.truncate()
                    for chunk in response.iter_content(1024):
                        size += file.write(chunk)
                return size
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                if not left:
                    raise
    raise OSError("aucun essai n'est permis")


def polite_get(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    """GET `url`, waiting and trying again when the server asks for it (429, 503).

    It waits as many seconds as Retry-After says, or else (no such header, or a date) 0.1, 0.2,
    0.4… Other answers are returned at once; the last one as well, whatever it is.

    Raises:
        requests.RequestException: no answer came within `timeout` seconds.
    """
    for attempt in range(tries):
        response = requests.get(url, timeout=timeout)
        if response.status_code not in (429, 503) or attempt == tries - 1:
            break
        asked = response.headers.get("Retry-After", "")
        time.sleep(int(asked) if asked.isdecimal() else 0.1 * 2**attempt)
    return response


# What they are tried on

FILE = bytes(range(256)) * 400  # 102 400 bytes


def read_request(connection: socket.socket) -> bytes:
    """Read a request that has no body; empty if the client left."""
    received = b""
    while b"\r\n\r\n" not in received and (chunk := connection.recv(4096)):
        received += chunk
    return received


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return a response after which the server closes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def in_turn(*answers: bytes) -> Play:
    """Give the first answer to the first client, and so on; the last one is given again."""
    left = list(answers)
    lock = threading.Lock()

    def play(connection: socket.socket) -> None:
        if read_request(connection):
            with lock:
                said = left.pop(0) if len(left) > 1 else left[0]
            connection.sendall(said)

    return play


def fragile(cut_after: int, *, ranges: bool = True) -> Play:
    """Serve `FILE`, at most `cut_after` bytes at a time, then hang up."""

    def play(connection: socket.socket) -> None:
        asked = re.search(rb"(?i)\r\nrange: *bytes=(\d+)-", read_request(connection))
        start = int(asked[1]) if asked and ranges else 0
        head = answer("206 Partial Content" if start else "200 OK", FILE[start:])
        end = len(head) - len(FILE[start:]) + cut_after
        connection.sendall(head[:end])

    return play


def fails_then_whole(connections: list[int]) -> Play:
    """Hang up half-way the first time; afterwards, ignore ranges and send all."""

    def play(connection: socket.socket) -> None:
        read_request(connection)
        connections.append(1)
        whole = answer("200 OK", FILE)
        connection.sendall(whole[: 50_000 if len(connections) == 1 else len(whole)])

    return play


def downloaded(stage: Stage, function, play: Play, tries: int = 10) -> tuple[object, bool, bool]:
    """Return what the function returned, whether the file is right, whether it came in short."""
    tap = stage.scripted(play)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copie.bin"
        size = function(f"{tap.url}/fichier.bin", str(path), tries)
        right = path.exists() and path.read_bytes() == FILE
    return size, right, len(stage.passed("server→client")) < 2.5 * len(FILE)


def polite(stage: Stage, function, *answers: bytes, tries: int = 5) -> tuple[object, int, bool]:
    """Return the status given back, how many requests it took, whether a second has passed."""
    tap = stage.scripted(in_turn(*answers))
    started = time.monotonic()
    response = function(f"{tap.url}/", tries=tries)
    waited = time.monotonic() - started > 0.9
    stage.passed("client→server")  # all of it has been recorded
    return getattr(response, "status_code", response), len(tap.connections), waited


def silence(connection: socket.socket) -> None:
    read_request(connection)
    threading.Event().wait(3)


# Mistakes foreseen


def body_by_lines(data: bytes) -> tuple[int, dict[str, str], bytes]:
    status, headers, _ = parse_response(data)
    return status, headers, data.split(b"\r\n")[-1]


def names_as_they_come(data: bytes) -> tuple[int, dict[str, str], bytes]:
    status, _, body = parse_response(data)
    lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return status, dict(line.split(": ", 1) for line in lines), body


def values_cut_at_colons(data: bytes) -> tuple[int, dict[str, str], bytes]:
    status, headers, body = parse_response(data)
    return status, {name: value.split(":")[0] for name, value in headers.items()}, body


def all_that_follows(data: bytes) -> tuple[int, dict[str, str], bytes]:
    status, headers, _ = parse_response(data)
    return status, headers, data.partition(b"\r\n\r\n")[2]


def status_as_text(data: bytes) -> tuple[str, dict[str, str], bytes]:
    status, headers, body = parse_response(data)
    return str(status), headers, body


def content_with_less(data: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, rest = data.partition(b"\r\n\r\n")
    whole = re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(rest), head)
    return parse_response(whole + b"\r\n\r\n" + rest)


def any_integer(data: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, rest = data.partition(b"\r\n\r\n")
    status, headers, _ = parse_response(head.replace(b"-1", b"0") + b"\r\n\r\n" + rest)
    size = -1 if b"-1" in head else int(headers.get("content-length", len(rest)))
    return status, headers, rest[:size]


def no_resume(url: str, path: str, tries: int = 10) -> int:
    for left in reversed(range(tries)):
        try:
            content = requests.get(url, timeout=5).content
            return Path(path).write_bytes(content)
        except OSError:
            if not left:
                raise
    return 0


def one_try(url: str, path: str, tries: int = 10) -> int:
    return Path(path).write_bytes(requests.get(url, timeout=5).content)


def appends_whatever_comes(url: str, path: str, tries: int = 10) -> int:
    size = 0
    with open(path, "wb") as file:
        for left in reversed(range(tries)):
            try:
                ranges = {"Range": f"bytes={size}-"}
                with requests.get(url, headers=ranges, stream=True, timeout=5) as response:
                    for chunk in response.iter_content(4096):
                        size += file.write(chunk)
                return size
            except OSError:
                if not left:
                    raise
    return size


def silent_failure(url: str, path: str, tries: int = 10) -> int:
    try:
        return download(url, path, tries)
    except OSError:
        return Path(path).stat().st_size


def impatient(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    return requests.get(url, timeout=timeout)


def deaf_to_retry_after(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    for attempt in range(tries):
        response = requests.get(url, timeout=timeout)
        if response.status_code not in (429, 503) or attempt == tries - 1:
            break
        time.sleep(0.1)
    return response


def retries_everything(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    for attempt in range(tries):
        response = requests.get(url, timeout=timeout)
        if response.ok or attempt == tries - 1:
            break
        time.sleep(float(response.headers.get("Retry-After", 0.1 * 2**attempt)))
    return response


def seconds_only(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    for attempt in range(tries):
        response = requests.get(url, timeout=timeout)
        if response.status_code not in (429, 503) or attempt == tries - 1:
            break
        time.sleep(float(response.headers.get("Retry-After", 0.1 * 2**attempt)))
    return response


def raises_at_the_end(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    response = polite_get(url, tries, timeout)
    response.raise_for_status()
    return response


# Exercises

TWO_LINES = "un corps qui contient `\\r\\n`"
CAPITALS = "des noms d'en-têtes en majuscules, une valeur avec « : »"
MORE = "des octets en trop après le corps"
LESS = "Content-Length annonce 10 octets, il y en a 3"
NEGATIVE = "`Content-Length: -1`"

PARSE_RESPONSE = Exercise(
    parse_response,
    label="ex-http-client-parse-response",
    hints=(
        "Une réponse se coupe en deux, à la première ligne vide. Que contient la gauche ?",
        "`head, empty, rest = data.partition(b'\\r\\n\\r\\n')`, puis `head.decode('latin-1')` et "
        "`split('\\r\\n')` : la première ligne est à part.",
        "Le code est le deuxième mot de la première ligne. Pour chaque autre ligne, "
        "`partition(':')`, le nom en minuscules, la valeur sans ses espaces. Puis comparez "
        "`len(rest)` à `content-length`.",
    ),
    cases=[
        Case(
            "`b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'`",
            lambda stage, f: f(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            (200, {"content-length": "2"}, b"ok"),
        ),
        Case(
            CAPITALS,
            lambda stage, f: f(b"HTTP/1.1 301 Moved\r\nLOCATION: http://a:80/\r\n\r\n"),
            (301, {"location": "http://a:80/"}, b""),
        ),
        Case(
            TWO_LINES,
            lambda stage, f: f(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\na\r\n\r\nb\xff")[2],
            b"a\r\n\r\nb\xff",
        ),
        Case(
            MORE,
            lambda stage, f: f(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404")[2],
            b"ok",
        ),
        Case(
            "sans Content-Length : `…\\r\\n\\r\\ntout le reste`",
            lambda stage, f: f(b"HTTP/1.0 200 OK\r\n\r\ntout le reste"),
            (200, {}, b"tout le reste"),
        ),
        Case(
            "une raison absente : `HTTP/1.1 204`",
            lambda stage, f: f(b"HTTP/1.1 204\r\n\r\n")[0],
            204,
        ),
        Case(
            LESS,
            lambda stage, f: f(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
            Raises(ValueError),
        ),
        Case(
            NEGATIVE,
            lambda stage, f: f(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc"),
            Raises(ValueError),
        ),
        Case(
            "`b'Bonjour !\\r\\n\\r\\n'`",
            lambda stage, f: f(b"Bonjour !\r\n\r\n"),
            Raises(ValueError),
        ),
    ],
    mistakes=[
        Mistake(
            "Le code doit être un entier : `int('200')`.",
            status_as_text,
            lambda failure: isinstance(failure.value, tuple) and isinstance(failure.value[0], str),
        ),
        Mistake(
            "Les noms d'en-têtes ne distinguent pas les majuscules : mettez-les en minuscules.",
            names_as_they_come,
            lambda failure: any(name != name.lower() for name in failure.value[1]),
        ),
        Mistake(
            "Une valeur peut contenir « : ». Ne coupez qu'au premier, par `partition(':')`.",
            values_cut_at_colons,
            lambda failure: failure.case == CAPITALS and failure.value[1]["location"] == "http",
        ),
        Mistake(
            "Le corps est fait d'octets quelconques, retours à la ligne compris : ne coupez "
            "qu'à la première ligne vide.",
            body_by_lines,
            lambda failure: failure.case == TWO_LINES and failure.verdict == "faux",
        ),
        Mistake(
            "Le corps a la longueur que dit Content-Length ; ce qui suit appartient à la réponse "
            "suivante.",
            all_that_follows,
            lambda failure: failure.case == MORE and failure.value.startswith(b"okHTTP"),
        ),
        Mistake(
            "Il manque des octets au corps, et personne ne le sait : levez `ValueError`.",
            content_with_less,
            lambda failure: failure.case == LESS and failure.verdict == "faux",
        ),
        Mistake(
            "`int('-1')` réussit, et `rest[:-1]` ôte un octet sans le dire : levez `ValueError` "
            "quand la longueur n'est pas faite de chiffres (`isdecimal`).",
            any_integer,
            lambda failure: failure.case == NEGATIVE and failure.verdict == "faux",
        ),
    ],
)

WHOLE = "un serveur tranquille"
CUT = "la connexion se rompt tous les 30 000 octets ; tout ne doit pas être renvoyé à chaque fois"
NO_RANGES = "rompu une fois, puis le serveur ignore Range et renvoie tout"
NEVER = "rompu à chaque fois dès les en-têtes ; tries = 3"

DOWNLOAD = Exercise(
    download,
    label="ex-http-client-download",
    hints=(
        "Retenez combien d'octets sont déjà écrits : c'est de là qu'il faut repartir.",
        "`requests.get(url, headers={'Range': f'bytes={size}-'}, stream=True, timeout=5)`, puis "
        "écrivez chaque morceau de `iter_content` dès qu'il arrive, en comptant. Quelles "
        "exceptions annoncent une rupture ?",
        "Un `try` dans une boucle `for` de `tries` tours : `requests.ConnectionError` et "
        "`ChunkedEncodingError` recommencent. Si le code n'est pas 206, remettez `size` à zéro et "
        "revenez au début du fichier (`seek`, `truncate`).",
    ),
    cases=[
        Case(
            WHOLE,
            lambda stage, f: downloaded(stage, f, fragile(10**9))[:2],
            (len(FILE), True),
        ),
        Case(
            CUT,
            lambda stage, f: downloaded(stage, f, fragile(30_000)),
            (len(FILE), True, True),
        ),
        Case(
            NO_RANGES,
            lambda stage, f: downloaded(stage, f, fails_then_whole([]))[:2],
            (len(FILE), True),
        ),
        Case(
            NEVER,
            lambda stage, f: downloaded(stage, f, fragile(0, ranges=False), tries=3),
            Raises(OSError),
        ),
    ],
    mistakes=[
        Mistake(
            "Un seul essai ne suffit pas : attrapez l'exception de la rupture, et recommencez.",
            one_try,
            lambda failure: (
                failure.case == CUT
                and failure.verdict == "exception"
                and failure.sent.count(b"GET ") == 1
            ),
        ),
        Mistake(
            "Vous repartez de zéro à chaque essai, et n'arrivez jamais au bout : demandez la suite "
            "par l'en-tête `Range`.",
            no_resume,
            lambda failure: failure.case == CUT and b"range:" not in failure.sent.lower(),
        ),
        Mistake(
            "Le serveur a répondu 200, et non 206 : il recommence au début, et vous avez ajouté le "
            "tout à ce qui était déjà écrit.",
            appends_whatever_comes,
            lambda failure: failure.case == NO_RANGES and failure.verdict == "faux",
        ),
        Mistake(
            "Après le dernier essai manqué, levez une exception : rendre un fichier incomplet sans "
            "le dire est pire que tout.",
            silent_failure,
            lambda failure: failure.case == NEVER and failure.verdict == "faux",
        ),
    ],
)

OK = answer("200 OK", b"ok")
LATER = answer("503 Service Unavailable", b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT")
COFFEE = answer("503 Service Unavailable", b"", "Retry-After: 0")
SLOW_DOWN = answer("429 Too Many Requests", b"", "Retry-After: 1")
AT_ONCE = "le serveur répond 200"
AFTER_COFFEE = "deux 503 avec `Retry-After: 0`, puis 200"
ONE_SECOND = "un 429 avec `Retry-After: 1`, puis 200 ; a-t-on attendu ?"
A_DATE = "un 503 dont `Retry-After` est une date, puis 200"
MISSING = "le serveur répond 404"
NEVER_OPEN = "toujours 503 ; tries = 3"

POLITE_GET = Exercise(
    polite_get,
    label="ex-http-client-polite-get",
    hints=(
        "Seuls deux codes demandent de revenir. Tout le reste se rend aussitôt, même une erreur.",
        "Une boucle `for attempt in range(tries)`, un `requests.get(url, timeout=timeout)`, et un "
        "`time.sleep` si le code est 429 ou 503.",
        "`asked = response.headers.get('Retry-After', '')` : si `asked.isdecimal()`, c'est la "
        "durée à attendre ; sinon, `0.1 * 2**attempt`. N'attendez pas après le dernier essai.",
    ),
    cases=[
        Case(AT_ONCE, lambda stage, f: polite(stage, f, OK)[:2], (200, 1)),
        Case(AFTER_COFFEE, lambda stage, f: polite(stage, f, COFFEE, COFFEE, OK)[:2], (200, 3)),
        Case(
            ONE_SECOND,
            lambda stage, f: polite(stage, f, SLOW_DOWN, OK),
            (200, 2, True),
        ),
        Case(A_DATE, lambda stage, f: polite(stage, f, LATER, OK)[:2], (200, 2)),
        Case(MISSING, lambda stage, f: polite(stage, f, answer("404 Not Found"))[:2], (404, 1)),
        Case(NEVER_OPEN, lambda stage, f: polite(stage, f, COFFEE, tries=3)[:2], (503, 3)),
        Case(
            "le serveur se tait ; timeout = 0.3",
            lambda stage, f: f(f"{stage.scripted(silence).url}/", tries=1, timeout=0.3),
            Raises(requests.RequestException),
        ),
    ],
    mistakes=[
        Mistake(
            "503 et 429 veulent dire « revenez » : attendez, puis recommencez.",
            impatient,
            lambda failure: failure.case == AFTER_COFFEE and failure.value == (503, 1),
        ),
        Mistake(
            "404 ne s'arrangera pas en insistant : ne recommencez que pour 429 et 503.",
            retries_everything,
            lambda failure: failure.case == MISSING and failure.value[1] > 1,
        ),
        Mistake(
            "Vous êtes revenu trop tôt : l'en-tête `Retry-After` dit combien de secondes attendre.",
            deaf_to_retry_after,
            lambda failure: failure.case == ONE_SECOND and not failure.value[2],
        ),
        Mistake(
            "`Retry-After` est tantôt un nombre de secondes, tantôt une date : regardez avant de "
            "convertir (`isdecimal`).",
            seconds_only,
            lambda failure: failure.case == A_DATE and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Après le dernier essai, rendez la réponse, même si c'est un refus : c'est à "
            "l'appelant de juger.",
            raises_at_the_end,
            lambda failure: (
                failure.case in (NEVER_OPEN, MISSING)
                and isinstance(failure.error, requests.HTTPError)
            ),
        ),
    ],
)
