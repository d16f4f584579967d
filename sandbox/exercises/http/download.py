"""Download a file from a server that hangs up, resuming where it was cut."""

# Solution
import requests


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


# Exercise
import re
import socket
import tempfile
from pathlib import Path

from sandbox.checking import Exercise, Program, Raises, Stage, variant
from sandbox.checking.plays.http import answer, read_request
from sandbox.serving.scripted import Play
from sandbox.wire.recording import TO_CLIENT

EXERCISE = Exercise(
    download,
    hints=(
        "Retenez combien d'octets sont déjà écrits : c'est de là qu'il faut repartir.",
        "`requests.get(url, headers={'Range': f'bytes={size}-'}, stream=True, timeout=5)`, puis "
        "écrivez chaque morceau de `iter_content` dès qu'il arrive, en comptant. Quelles "
        "exceptions annoncent une rupture ?",
        "Un `try` dans une boucle `for` de `tries` tours : `requests.ConnectionError` et "
        "`ChunkedEncodingError` recommencent. Si le code n'est pas 206, remettez `size` à zéro et "
        "revenez au début du fichier (`seek`, `truncate`).",
    ),
)
FILE = bytes(range(256)) * 400  # 102 400 bytes


def fragile(cut_after: int, *, ranges: bool = True) -> Play:
    """Serve `FILE`, at most `cut_after` bytes at a time, then hang up."""

    def play(connection: socket.socket) -> None:
        asked = re.search(rb"(?i)\r\nrange: *bytes=(\d+)-", read_request(connection))
        start = int(asked[1]) if asked and ranges else 0
        head = answer("206 Partial Content" if start else "200 OK", FILE[start:])
        end = len(head) - len(FILE[start:]) + cut_after
        connection.sendall(head[:end])

    return play


def fails_then_whole() -> Play:
    """Hang up half-way the first time; afterwards, ignore ranges and send all."""
    whole = answer("200 OK", FILE)
    sizes = iter([50_000])

    def play(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(whole[: next(sizes, len(whole))])

    return play


def downloaded(
    stage: Stage, program: Program, play: Play, tries: int = 10
) -> tuple[object, bool, bool]:
    """Return what the program returned, whether the file is right, whether it came in short."""
    tap = stage.scripted(play)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copie.bin"
        size = program(f"{tap.url}/fichier.bin", str(path), tries)
        right = path.exists() and path.read_bytes() == FILE
    return size, right, len(stage.carried(TO_CLIENT)) < 2.5 * len(FILE)


@EXERCISE.case("un serveur tranquille", expect=(len(FILE), True))
def whole(stage: Stage, program: Program):
    return downloaded(stage, program, fragile(10**9))[:2]


@EXERCISE.case(
    "la connexion se rompt tous les 30 000 octets ; tout ne doit pas être renvoyé à chaque fois",
    expect=(len(FILE), True, True),
)
def cut(stage: Stage, program: Program):
    return downloaded(stage, program, fragile(30_000))


@EXERCISE.case(
    "rompu une fois, puis le serveur ignore Range et renvoie tout", expect=(len(FILE), True)
)
def no_ranges(stage: Stage, program: Program):
    return downloaded(stage, program, fails_then_whole())[:2]


@EXERCISE.case("rompu à chaque fois dès les en-têtes ; tries = 3", expect=Raises(OSError))
def never(stage: Stage, program: Program):
    return downloaded(stage, program, fragile(0, ranges=False), tries=3)


EXERCISE.mistake(
    "Un seul essai ne suffit pas : attrapez l'exception de la rupture, et recommencez.",
    on=cut,
    verdict="exception",
    seen=lambda failure: failure.sent.count(b"GET ") == 1,
)(variant(download, ("if not left:\n                    raise", "raise")))

EXERCISE.mistake(
    "Vous repartez de zéro à chaque essai, et n'arrivez jamais au bout : demandez la suite "
    "par l'en-tête `Range`.",
    on=cut,
    seen=lambda failure: b"range:" not in failure.sent.lower(),
)(variant(download, ('"Range": f"bytes={size}-", ', "")))

EXERCISE.mistake(
    "Le serveur a répondu 200, et non 206 : il recommence au début, et vous avez ajouté le "
    "tout à ce qui était déjà écrit.",
    on=no_ranges,
    verdict="faux",
)(variant(download, ("response.status_code != 206", "False")))

EXERCISE.mistake(
    "Après le dernier essai manqué, levez une exception : rendre un fichier incomplet sans "
    "le dire est pire que tout.",
    on=never,
    verdict="faux",
)(variant(download, ("raise\n", "return size\n")))
