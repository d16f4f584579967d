"""Read exactly n bytes, however the network cuts them."""

# Solution
import socket


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return exactly `size` bytes read from `connection`.

    Raises:
        ConnectionError: the other side closed before that.
    """
    received = bytearray()
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            raise ConnectionError(f"{len(received)} octets reçus sur {size}, puis plus rien")
        received += chunk
    return bytes(received)


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage
from sandbox.checking.plays.streams import as_bytes, left_on, send_slowly

EXERCISE = Exercise(
    read_exactly,
    hints=(
        "Un seul `recv` ne suffit pas : il en faut autant que le réseau fera de morceaux.",
        "Gardez ce qui est reçu dans une variable, et recommencez tant que "
        "`len(received) < size`. Que demander à `recv` à chaque tour ?",
        "Demandez `size - len(received)` octets. Si `recv` rend `b''`, l'autre a raccroché : "
        "`raise ConnectionError(…)`. Sinon, ajoutez le morceau à ce qui est reçu.",
    ),
)
BIG = bytes(range(256)) * 800


@EXERCISE.case("`b'abc'` arrive, puis `b'defgh'` ; size = 8", expect=b"abcdefgh")
def in_two(stage: Stage, program: Program):
    return as_bytes(program(send_slowly(stage, b"abc", b"defgh"), 8))


@EXERCISE.case("dix octets arrivent un par un ; size = 10", expect=b"0123456789")
def one_by_one(stage: Stage, program: Program):
    return as_bytes(program(send_slowly(stage, *(b"%d" % i for i in range(10))), 10))


@EXERCISE.case(
    "`b'abcdef'` arrive ; size = 3, et l'on regarde ce qui reste à lire", expect=(b"abc", b"def")
)
def not_more(stage: Stage, program: Program):
    connection = send_slowly(stage, b"abcdef")
    return as_bytes(program(connection, 3)), left_on(connection)


@EXERCISE.case("rien n'arrive ; size = 0", expect=b"")
def nothing(stage: Stage, program: Program):
    return as_bytes(program(send_slowly(stage), 0))


@EXERCISE.case(
    f"{len(BIG)} octets arrivent ; size = {len(BIG)}",
    expect=Expect(f"ces {len(BIG)} octets", lambda value: value == BIG),
)
def big(stage: Stage, program: Program):
    return as_bytes(program(send_slowly(stage, BIG), len(BIG)))


@EXERCISE.case("l'autre raccroche après 3 octets ; size = 8", expect=Raises(ConnectionError))
def hang_up(stage: Stage, program: Program):
    return as_bytes(program(send_slowly(stage, b"abc", close=True), 8))


@EXERCISE.mistake(
    "Vous n'avez lu qu'un morceau : `recv` rend au plus n octets. Recommencez tant qu'il en "
    "manque.",
    on=in_two,
    gives=b"abc",
)
def one_recv(connection: socket.socket, size: int) -> bytes:
    return connection.recv(size)


@EXERCISE.mistake(
    "Vous avez pris des octets du message suivant. Demandez à `recv` ce qui manque, jamais plus.",
    on=not_more,
    seen=lambda failure: failure.value[1] != b"def",
)
def greedy(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += connection.recv(4096)
    return received[:size]


@EXERCISE.mistake(
    "Quand l'autre a raccroché, `recv` rend `b''` aussitôt, et le rendra toujours : sans ce test, "
    "la boucle ne finit jamais.",
    on=hang_up,
    verdict="bloqué",
)
def endless(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += connection.recv(size - len(received))
    return received


@EXERCISE.mistake(
    "Il manque des octets et personne ne le sait : levez `ConnectionError`, pour que l'appelant ne "
    "prenne pas ce bout pour le tout.",
    on=hang_up,
    gives=b"abc",
)
def content_with_less(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size and (chunk := connection.recv(size - len(received))):
        received += chunk
    return received


@EXERCISE.accepts()
def with_a_file(connection: socket.socket, size: int) -> bytes:
    with connection.makefile("rb", buffering=0) as stream:
        pieces = []
        while missing := size - sum(map(len, pieces)):
            pieces.append(stream.read(missing))
            if not pieces[-1]:
                raise ConnectionResetError("fin avant l'heure")
        return b"".join(pieces)
