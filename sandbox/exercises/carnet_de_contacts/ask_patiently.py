"""A client of the address book that tries again, but not for ever."""

# Solution
import json
import socket
import time
from contextlib import suppress


def ask_patiently(host, port, request, tries=3, timeout=1.0, pause=0.1):
    """Return the server's answer, yes or no; or raise the last `OSError`.

    A try lasts at most `timeout` seconds. We wait `pause` seconds, then
    twice as many each time.
    """
    for _ in range(tries - 1):
        try:
            return ask_once(host, port, request, timeout)
        except OSError:
            time.sleep(pause)
            pause *= 2
    return ask_once(host, port, request, timeout)


def ask_once(host: str, port: int, request: dict, timeout: float) -> dict:
    """Return the answer to `request`, got within `timeout` seconds in all."""
    deadline = time.monotonic() + timeout
    received = bytearray()
    with socket.create_connection((host, port), timeout=timeout) as connection:
        connection.settimeout(seconds_before(deadline))
        connection.sendall(json.dumps(request).encode())
        connection.settimeout(seconds_before(deadline))
        while chunk := connection.recv(65_536):
            received += chunk
            connection.settimeout(seconds_before(deadline))
    return read_answer(received)


def seconds_before(deadline: float) -> float:
    """Return the seconds left; raise `TimeoutError` if there are none."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError("la réponse n'est pas venue à temps")
    return left


def read_answer(received: bytes) -> dict:
    """Return the whole JSON object received, or raise `ConnectionError`."""
    with suppress(ValueError):
        if isinstance(answer := json.loads(received), dict):
            return answer
    raise ConnectionError(f"réponse incomplète : {len(received)} octets")


# Exercise
from sandbox.checking import Exercise, variant
from sandbox.checking.plays.contacts import NO, YES, facing, in_at_least, to_bytes
from sandbox.wire import BadNetwork

EXERCISE = Exercise(
    ask_patiently,
    hints=(
        "Séparez les deux soucis : une fonction qui tente une fois, une autre qui recommence. "
        "Qu'est-ce qui fait échouer une tentative ?",
        "Pour borner le tout, notez l'échéance, `deadline = time.monotonic() + timeout`, et "
        "appelez `connection.settimeout(deadline - time.monotonic())` avant chaque `recv`.",
        "Dans la boucle des tentatives : `try:`, `return` la réponse ; `except OSError:`, dormir "
        "`pause`, la doubler. La dernière tentative s'écrit après la boucle, sans `try`. Changez "
        "la `JSONDecodeError` d'une réponse coupée en `ConnectionError`.",
    ),
)
PIECES = BadNetwork(fragment=30, direction="server→client")
DROPS = BadNetwork(fragment=1, delay=0.02, direction="server→client")

EXERCISE.case("le serveur répond aussitôt", expect=(YES, 1))(facing(YES))
refused = EXERCISE.case("le serveur répond non : `status` est faux", expect=(NO, 1))(facing(NO))
in_pieces = EXERCISE.case("la réponse arrive en petits morceaux", expect=(YES, 1))(
    facing(YES, network=PIECES, timeout=2.5)
)
EXERCISE.case("le serveur se tait la première fois ; timeout = 1", expect=(YES, 2))(
    facing(None, YES, timeout=1.0)
)
EXERCISE.case(
    "le serveur raccroche sans répondre, puis au milieu de sa réponse, puis répond", expect=(YES, 3)
)(facing(b"", to_bytes(YES)[:30], YES))
never = EXERCISE.case(
    "le serveur raccroche toujours ; tries = 4, pause = 0.2 : a-t-on attendu 0,2, 0,4 et 0,8 s ?",
    expect=("OSError", 4, True),
)(in_at_least(1.3, facing(b"", tries=4, pause=0.2)))
drips = EXERCISE.case(
    "la réponse vient octet par octet, pendant plusieurs secondes ; timeout = 0.5, tries = 2",
    expect=("OSError", 2),
    limit=8,
)(facing(NO, network=DROPS, tries=2, timeout=0.5, pause=0.05))

EXERCISE.mistake(
    "Le délai de `settimeout` vaut pour chaque attente, et chacune est courte : fixez une "
    "échéance, et donnez à chaque `recv` le temps qui reste.",
    on=drips,
    seen=lambda failure: failure.value[0] == NO,
)(variant(ask_patiently, ("seconds_before(deadline)", "timeout"), beside=(ask_once,)))

EXERCISE.mistake(
    "Un refus est une réponse : le réseau a marché, et le serveur dira encore non. "
    "Rendez-la telle quelle.",
    on=refused,
    seen=lambda failure: failure.value[1] > 1,
)(variant(ask_patiently, ("dict)", "dict) and answer['status']"), beside=(ask_once, read_answer)))


@EXERCISE.mistake(
    "Vous renvoyez la demande sur la même connexion, qui n'en accepte qu'une. Une "
    "tentative est une nouvelle connexion : ouvrez-la dans la boucle.",
    seen=lambda failure: failure.sent.count(b'"cmd"') > failure.value[1],
)
def reuses_the_socket(host, port, request, tries=3, timeout=1.0, pause=0.1):
    with socket.create_connection((host, port), timeout=timeout) as connection:
        for _ in range(tries):
            with suppress(OSError):
                connection.sendall(json.dumps(request).encode())
                return read_answer(connection.recv(65_536))
    raise ConnectionError(f"{tries} échecs")


EXERCISE.mistake(
    "Vous n'avez lu qu'un morceau de la réponse : appelez `recv` jusqu'à `b''`.",
    on=in_pieces,
    seen=lambda it: isinstance(it.error, json.JSONDecodeError) or it.value[0] == "OSError",
)(variant(ask_patiently, ("while chunk", "if chunk"), beside=(ask_once,)))

EXERCISE.mistake(
    "La dernière erreur a disparu, et l'appelant ne sait pas que tout a échoué : "
    "laissez-la passer.",
    on=(never, drips),
    gives=None,
    verdict="faux",
)(variant(ask_patiently, ("2\n    return", "2\n    with suppress(OSError):\n        return")))

EXERCISE.mistake(
    "Une réponse vide ou coupée lève `JSONDecodeError`, qui n'est pas une `OSError` : "
    "c'est un échec comme un autre, à rattraper et à réessayer.",
    raises=json.JSONDecodeError,
)(variant(ask_patiently, ("read_answer(received)", "json.loads(received)"), beside=(ask_once,)))

EXERCISE.mistake(
    "Entre deux tentatives, on attend `pause` secondes, puis le double à chaque fois, et "
    "votre fonction est allée plus vite que cela.",
    on=never,
    gives=("OSError", 4, False),
)(variant(ask_patiently, ("            pause *= 2\n", "")))
