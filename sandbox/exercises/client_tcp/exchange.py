"""Messages preceded by their length, over a network that cuts anywhere."""

# Solution
import socket

from sandbox.exercises.client_tcp.read_exactly import read_exactly


def exchange(host: str, port: int, request: bytes) -> bytes:
    """Send `request` and return the answer, each preceded by its length on four bytes.

    Lengths are unsigned, most significant byte first (``int.to_bytes(4, "big")``).

    Raises:
        ConnectionError: the server closed in the middle of its answer.
    """
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(len(request).to_bytes(4, "big") + request)
        size = int.from_bytes(read_exactly(connection, 4), "big")
        return read_exactly(connection, size)


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays.streams import as_bytes, framed, read_frame
from sandbox.wire import BadNetwork
from sandbox.wire.recording import TO_CLIENT

EXERCISE = Exercise(
    exchange,
    hints=(
        "Avant la requête, sa longueur. Avant la réponse, sa longueur aussi : il y a deux lectures "
        "à faire, et chacune sait combien d'octets elle attend.",
        "`len(request).to_bytes(4, 'big')` fabrique le préfixe, `int.from_bytes(…, 'big')` le "
        "relit.",
        "`size = int.from_bytes(read_exactly(connection, 4), 'big')`, puis "
        "`read_exactly(connection, size)` : votre fonction du premier exercice fait tout.",
    ),
)
BIG = bytes(range(256)) * 800


def reverse(connection: socket.socket) -> None:
    """Answer a request by the same bytes, the other way round."""
    connection.sendall(framed(read_frame(connection)[::-1]))


def hang_up_in_the_middle(connection: socket.socket) -> None:
    read_frame(connection)
    connection.sendall((10).to_bytes(4, "big") + b"abc")


def answer(stage: Stage, program: Program, request: bytes, play=reverse, **network) -> object:
    tap = stage.scripted(play, BadNetwork(direction=TO_CLIENT, **network))
    return as_bytes(program(tap.host, tap.port, request))


@EXERCISE.case("la requête `b'esope'`", expect=b"epose")
def plain(stage: Stage, program: Program):
    return answer(stage, program, b"esope")


@EXERCISE.case("la réponse arrive en petits morceaux", expect=b"etser epose")
def drip(stage: Stage, program: Program):
    return answer(stage, program, b"esope reste", fragment=3)


@EXERCISE.case("une requête vide", expect=b"")
def empty(stage: Stage, program: Program):
    return answer(stage, program, b"")


@EXERCISE.case("des octets qui ne sont pas du texte : `b'\\x00\\n\\xff'`", expect=b"\xff\n\x00")
def no_text(stage: Stage, program: Program):
    return answer(stage, program, b"\x00\n\xff")


@EXERCISE.case(
    f"{len(BIG)} octets à l'aller et au retour",
    expect=Expect("les mêmes, à l'envers", lambda value: value == BIG[::-1]),
)
def big(stage: Stage, program: Program):
    return answer(stage, program, BIG)


@EXERCISE.case(
    "le serveur annonce 10 octets, en envoie 3 et raccroche", expect=Raises(ConnectionError)
)
def cut(stage: Stage, program: Program):
    return answer(stage, program, b"esope", play=hang_up_in_the_middle)


EXERCISE.mistake(
    "Votre longueur commence par l'octet de poids faible : le serveur lit un nombre énorme. Donnez "
    "`'big'` à `to_bytes` et à `from_bytes`.",
    seen=lambda failure: failure.sent.startswith((5).to_bytes(4, "little")),
)(variant(exchange, ('"big"', '"little"')))

EXERCISE.mistake(
    "La requête part sans sa longueur : le serveur prend ses quatre premiers octets pour une "
    "longueur.",
    seen=lambda failure: failure.sent.startswith(b"esope"),
)(variant(exchange, ('len(request).to_bytes(4, "big") + request', "request")))


@EXERCISE.mistake(
    "Votre réponse commence par sa longueur : ces quatre octets-là encadrent le message, ils n'en "
    "font pas partie.",
    seen=lambda failure: failure.value.startswith(b"\x00\x00\x00"),
)
def prefix_kept(host: str, port: int, request: bytes) -> bytes:
    return framed(exchange(host, port, request))


@EXERCISE.mistake(
    "Vous n'avez lu qu'un morceau de la réponse : lisez exactement ce que la longueur annonce.",
    on=drip,
    verdict="faux",
)
def one_recv(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(framed(request))
        return connection.recv(65536)[4:]
