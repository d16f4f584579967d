"""Exercises of lesson 03: reading a byte stream without trusting the network to cut it well."""

import socket
import threading

from sandbox.checking import Case, Exercise, Expect, Mistake, Raises, Stage
from sandbox.wire import BadNetwork

# Solutions


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


def ask_lines(host: str, port: int, questions: list[str]) -> list[str]:
    """Send each question as a line on one connection; return the lines that answer them."""
    with socket.create_connection((host, port), timeout=5) as connection:
        stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        answers = []
        for question in questions:
            stream.write(question + "\n")
            stream.flush()
            answers.append(stream.readline().removesuffix("\n"))
        return answers


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


# What they are tried on


def send_slowly(stage: Stage, *pieces: bytes, close: bool = False) -> socket.socket:
    """Return a connection on which `pieces` arrive one after the other."""
    ours, theirs = stage.pair()

    def send() -> None:
        for piece in pieces:
            ours.sendall(piece)
            threading.Event().wait(0.03)
        if close:
            ours.shutdown(socket.SHUT_WR)

    threading.Thread(target=send, daemon=True).start()
    return theirs


def left_on(connection: socket.socket) -> bytes:
    """Return what is still to be read, without waiting long for it."""
    connection.settimeout(0.2)
    try:
        return connection.recv(1000)
    except TimeoutError:
        return b""


def as_bytes(value: object) -> object:
    """Take a bytearray for bytes: both are right."""
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def shout(connection: socket.socket) -> None:
    """Answer each line in capitals."""
    with connection.makefile("rwb") as stream:
        for line in stream:
            stream.write(line.decode("utf-8").upper().encode("utf-8"))
            stream.flush()


def reverse(connection: socket.socket) -> None:
    """Answer a request preceded by its length by the same bytes, the other way round."""
    size = int.from_bytes(read_exactly(connection, 4), "big")
    answer = read_exactly(connection, size)[::-1]
    connection.sendall(len(answer).to_bytes(4, "big") + answer)


def hang_up_in_the_middle(connection: socket.socket) -> None:
    size = int.from_bytes(read_exactly(connection, 4), "big")
    read_exactly(connection, size)
    connection.sendall((10).to_bytes(4, "big") + b"abc")


def lines(stage: Stage, function, questions: list[str], **network) -> tuple[object, int]:
    """Return the answers, and how many connections it took."""
    tap = stage.scripted(shout, BadNetwork(direction="server→client", **network))
    answers = function(tap.host, tap.port, questions)
    return answers, len(tap.connections)


def framed(stage: Stage, function, request: bytes, play=reverse, **network) -> object:
    tap = stage.scripted(play, BadNetwork(direction="server→client", **network))
    return as_bytes(function(tap.host, tap.port, request))


# Mistakes foreseen


def one_recv(connection: socket.socket, size: int) -> bytes:
    return connection.recv(size)


def greedy(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += connection.recv(4096)
    return received[:size]


def endless(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += connection.recv(size - len(received))
    return received


def content_with_less(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            break
        received += chunk
    return received


def one_connection_each(host: str, port: int, questions: list[str]) -> list[str]:
    return [answer for question in questions for answer in ask_lines(host, port, [question])]


def no_newline(host: str, port: int, questions: list[str]) -> list[str]:
    with socket.create_connection((host, port), timeout=5) as connection:
        answers = []
        for question in questions:
            connection.sendall(question.encode())
            answers.append(connection.recv(1000).decode().removesuffix("\n"))
        return answers


def no_flush(host: str, port: int, questions: list[str]) -> list[str]:
    with socket.create_connection((host, port), timeout=5) as connection:
        stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        answers = []
        for question in questions:
            stream.write(question + "\n")
            answers.append(stream.buffer.readline().decode())
        return answers


def one_recv_each(host: str, port: int, questions: list[str]) -> list[str]:
    with socket.create_connection((host, port), timeout=5) as connection:
        answers = []
        for question in questions:
            connection.sendall(question.encode() + b"\n")
            answers.append(connection.recv(4096).decode("utf-8", "replace").removesuffix("\n"))
        return answers


def newline_kept(host: str, port: int, questions: list[str]) -> list[str]:
    return [answer + "\n" for answer in ask_lines(host, port, questions)]


def stripped(host: str, port: int, questions: list[str]) -> list[str]:
    return [answer.strip() for answer in ask_lines(host, port, questions)]


def little_endian(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(len(request).to_bytes(4, "little") + request)
        return read_exactly(connection, int.from_bytes(read_exactly(connection, 4), "little"))


def no_prefix(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(request)
        return read_exactly(connection, int.from_bytes(read_exactly(connection, 4), "big"))


def one_recv_for_the_answer(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(len(request).to_bytes(4, "big") + request)
        return connection.recv(65536)[4:]


def prefix_kept(host: str, port: int, request: bytes) -> bytes:
    answer = exchange(host, port, request)
    return len(answer).to_bytes(4, "big") + answer


# Exercises

IN_TWO = "`b'abc'` arrive, puis `b'defgh'` ; size = 8"
NOT_MORE = "`b'abcdef'` arrive ; size = 3, et l'on regarde ce qui reste à lire"
HANG_UP = "l'autre raccroche après 3 octets ; size = 8"
BIG = bytes(range(256)) * 800

READ_EXACTLY = Exercise(
    read_exactly,
    label="ex-client-tcp-read-exactly",
    hints=(
        "Un seul `recv` ne suffit pas : il en faut autant que le réseau fera de morceaux.",
        "Gardez ce qui est reçu dans une variable, et recommencez tant que "
        "`len(received) < size`. Que demander à `recv` à chaque tour ?",
        "Demandez `size - len(received)` octets. Si `recv` rend `b''`, l'autre a raccroché : "
        "`raise ConnectionError(…)`. Sinon, ajoutez le morceau à ce qui est reçu.",
    ),
    cases=[
        Case(
            IN_TWO,
            lambda stage, f: as_bytes(f(send_slowly(stage, b"abc", b"defgh"), 8)),
            b"abcdefgh",
        ),
        Case(
            "dix octets arrivent un par un ; size = 10",
            lambda stage, f: as_bytes(f(send_slowly(stage, *[b"%d" % i for i in range(10)]), 10)),
            b"0123456789",
        ),
        Case(
            NOT_MORE,
            lambda stage, f: (
                as_bytes(f(connection := send_slowly(stage, b"abcdef"), 3)),
                left_on(connection),
            ),
            (b"abc", b"def"),
        ),
        Case(
            "rien n'arrive ; size = 0",
            lambda stage, f: as_bytes(f(send_slowly(stage), 0)),
            b"",
        ),
        Case(
            f"{len(BIG)} octets arrivent ; size = {len(BIG)}",
            lambda stage, f: as_bytes(f(send_slowly(stage, BIG), len(BIG))),
            Expect(f"ces {len(BIG)} octets", lambda value: value == BIG),
        ),
        Case(
            HANG_UP,
            lambda stage, f: as_bytes(f(send_slowly(stage, b"abc", close=True), 8)),
            Raises(ConnectionError),
        ),
    ],
    mistakes=[
        Mistake(
            "Vous n'avez lu qu'un morceau : `recv` rend au plus n octets. Recommencez tant "
            "qu'il en manque.",
            one_recv,
            lambda failure: failure.case == IN_TWO and failure.value == b"abc",
        ),
        Mistake(
            "Vous avez pris des octets du message suivant. Demandez à `recv` ce qui manque, "
            "jamais plus.",
            greedy,
            lambda failure: failure.case == NOT_MORE and failure.value[1] != b"def",
        ),
        Mistake(
            "Quand l'autre a raccroché, `recv` rend `b''` aussitôt, et le rendra toujours : sans "
            "ce test, la boucle ne finit jamais.",
            endless,
            lambda failure: failure.case == HANG_UP and failure.verdict == "bloqué",
        ),
        Mistake(
            "Il manque des octets et personne ne le sait : levez `ConnectionError`, pour que "
            "l'appelant ne prenne pas ce bout pour le tout.",
            content_with_less,
            lambda failure: failure.case == HANG_UP and failure.value == b"abc",
        ),
    ],
)

ONE_CONNECTION = "trois questions, et l'on compte les connexions"
IN_PIECES = "les réponses arrivent en petits morceaux"
SPACES = "des espaces au bord : `'  au bord  '`"
ACCENTS = "des accents, et une ligne vide : `['été', '', 'hiver']`"

ASK_LINES = Exercise(
    ask_lines,
    label="ex-client-tcp-ask-lines",
    hints=(
        "Ouvrez la connexion une fois, avant la boucle. À chaque tour : une ligne part, une ligne "
        "revient.",
        "`connection.makefile('rw', encoding='utf-8', newline='\\n')` donne un objet qui se lit "
        "et s'écrit comme un fichier : `write`, `readline`.",
        "Après `stream.write(question + '\\n')`, appelez `stream.flush()`, puis "
        "`stream.readline()`, dont vous ôtez le retour à la ligne par `removesuffix('\\n')`.",
    ),
    cases=[
        Case(
            ONE_CONNECTION,
            lambda stage, f: lines(stage, f, ["un", "deux", "trois"]),
            (["UN", "DEUX", "TROIS"], 1),
        ),
        Case(
            ACCENTS,
            lambda stage, f: lines(stage, f, ["été", "", "hiver"])[0],
            ["ÉTÉ", "", "HIVER"],
        ),
        Case(
            SPACES,
            lambda stage, f: lines(stage, f, ["  au bord  "])[0],
            ["  AU BORD  "],
        ),
        Case(
            IN_PIECES,
            lambda stage, f: lines(stage, f, ["l'été sera chaud", "l'hiver aussi"], fragment=6)[0],
            ["L'ÉTÉ SERA CHAUD", "L'HIVER AUSSI"],
        ),
        Case(
            "une ligne de 100 000 caractères",
            lambda stage, f: lines(stage, f, ["a" * 100_000])[0],
            Expect("la même en majuscules", lambda value: value == ["A" * 100_000]),
        ),
        Case(
            "aucune question",
            lambda stage, f: lines(stage, f, [])[0],
            [],
        ),
    ],
    mistakes=[
        Mistake(
            "Vous ouvrez une connexion par question. Une seule suffit : ouvrez-la avant la boucle.",
            one_connection_each,
            lambda failure: failure.case == ONE_CONNECTION and failure.value[1] > 1,
        ),
        Mistake(
            "Rien n'est parti : `write` remplit un tampon, `flush` l'envoie. Sans lui, chacun "
            "attend l'autre.",
            no_flush,
            lambda failure: b"\n" in failure.sent and not failure.received,
        ),
        Mistake(
            "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `'\\n'` à la "
            "question.",
            no_newline,
            lambda failure: failure.sent and b"\n" not in failure.sent,
        ),
        Mistake(
            "Votre réponse garde son retour à la ligne : ôtez-le par `removesuffix('\\n')`.",
            newline_kept,
            lambda failure: "\n" in failure.value[0][0],
        ),
        Mistake(
            "`strip` emporte aussi les espaces, qui font partie de la réponse : "
            "`removesuffix('\\n')` n'ôte que le retour à la ligne.",
            stripped,
            lambda failure: failure.case == SPACES and failure.value == ["AU BORD"],
        ),
        Mistake(
            "Vous n'avez lu qu'un morceau de la ligne : lisez jusqu'au retour à la ligne, ce que "
            "`readline` fait pour vous.",
            one_recv_each,
            lambda failure: failure.case == IN_PIECES and failure.verdict == "faux",
        ),
    ],
)

DRIP = "la réponse arrive en petits morceaux"
CUT = "le serveur annonce 10 octets, en envoie 3 et raccroche"

EXCHANGE = Exercise(
    exchange,
    label="ex-client-tcp-exchange",
    hints=(
        "Avant la requête, sa longueur. Avant la réponse, sa longueur aussi : il y a deux lectures "
        "à faire, et chacune sait combien d'octets elle attend.",
        "`len(request).to_bytes(4, 'big')` fabrique le préfixe, `int.from_bytes(…, 'big')` le "
        "relit.",
        "`size = int.from_bytes(read_exactly(connection, 4), 'big')`, puis "
        "`read_exactly(connection, size)` : votre fonction du premier exercice fait tout.",
    ),
    cases=[
        Case(
            "la requête `b'esope'`",
            lambda stage, f: framed(stage, f, b"esope"),
            b"epose",
        ),
        Case(
            DRIP,
            lambda stage, f: framed(stage, f, b"esope reste", fragment=3),
            b"etser epose",
        ),
        Case(
            "une requête vide",
            lambda stage, f: framed(stage, f, b""),
            b"",
        ),
        Case(
            "des octets qui ne sont pas du texte : `b'\\x00\\n\\xff'`",
            lambda stage, f: framed(stage, f, b"\x00\n\xff"),
            b"\xff\n\x00",
        ),
        Case(
            f"{len(BIG)} octets à l'aller et au retour",
            lambda stage, f: framed(stage, f, BIG),
            Expect("les mêmes, à l'envers", lambda value: value == BIG[::-1]),
        ),
        Case(
            CUT,
            lambda stage, f: framed(stage, f, b"esope", play=hang_up_in_the_middle),
            Raises(ConnectionError),
        ),
    ],
    mistakes=[
        Mistake(
            "Votre longueur commence par l'octet de poids faible : le serveur lit un nombre "
            "énorme. Donnez `'big'` à `to_bytes` et à `from_bytes`.",
            little_endian,
            lambda failure: failure.sent.startswith((5).to_bytes(4, "little")),
        ),
        Mistake(
            "La requête part sans sa longueur : le serveur prend ses quatre premiers octets pour "
            "une longueur.",
            no_prefix,
            lambda failure: failure.sent.startswith(b"esope"),
        ),
        Mistake(
            "Votre réponse commence par sa longueur : ces quatre octets-là encadrent le message, "
            "ils n'en font pas partie.",
            prefix_kept,
            lambda failure: failure.value.startswith(b"\x00\x00\x00"),
        ),
        Mistake(
            "Vous n'avez lu qu'un morceau de la réponse : lisez exactement ce que la longueur "
            "annonce.",
            one_recv_for_the_answer,
            lambda failure: failure.case == DRIP and failure.verdict == "faux",
        ),
    ],
)
