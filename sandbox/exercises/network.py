"""Exercises of lesson 02: who is on my network, who listens, and a server over UDP."""

import contextlib
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address, ip_interface, ip_network

from sandbox.checking import Case, Exercise, Mistake, Stage
from sandbox.running.catalogue import LOOPBACK

# Solutions


def are_neighbours(mine: str, other: str) -> bool:
    """Tell whether `other` is on the network of `mine`, which comes with its mask."""
    return ip_address(other) in ip_interface(mine).network


def listening(host: str, ports: list[int]) -> list[int]:
    """Return those of the ports where a TCP server listens, in the same order."""
    found = []
    for port in ports:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            continue
        found.append(port)
    return found


def udp_clock(server: socket.socket, now: Callable[[], str]) -> None:
    """Answer each datagram for ever: the time to ``heure``, ``?`` to anything else."""
    while True:
        question, address = server.recvfrom(1024)
        answer = now() if question == b"heure" else "?"
        server.sendto(answer.encode(), address)


# What they are tried on


def wait_for_the_end(connection: socket.socket) -> None:
    """Say nothing until the client leaves."""
    connection.recv(1)


def listened(stage: Stage, function: Callable, doors: str) -> object:
    """Return the numbers of the doors found open, from 1.

    Args:
        doors: a letter a port: ``o`` for a TCP server, ``u`` for one over UDP, ``f`` for nobody.
    """
    with contextlib.ExitStack() as reserved:
        ports = []
        for door in doors:
            if door == "o":
                ports.append(stage.scripted(wait_for_the_end).port)
                continue
            sock = reserved.enter_context(socket.socket())
            sock.bind((LOOPBACK, 0))  # it does not listen: connections are refused
            ports.append(sock.getsockname()[1])
            if door == "u":
                server = reserved.enter_context(socket.socket(type=socket.SOCK_DGRAM))
                server.bind((LOOPBACK, ports[-1]))
        found = function(LOOPBACK, ports)
        if not isinstance(found, list):
            return found
        return [f"port nᵒ {ports.index(port) + 1}" if port in ports else port for port in found]


def asked(function: Callable, *questions: bytes, people: int = 1) -> list:
    """Return the answers of the student's server, None where there was none within a second."""
    server = socket.socket(type=socket.SOCK_DGRAM)  # its thread ends with the process
    server.bind((LOOPBACK, 0))
    times = (f"10:00:{second:02}" for second in range(60))
    errors = []

    def serve() -> None:
        try:
            function(server, lambda: next(times))
        except Exception as error:
            errors.append(error)

    threading.Thread(target=serve, daemon=True).start()
    answers = []
    with contextlib.ExitStack() as stack:
        clients = [
            stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(people)
        ]
        for client in clients:
            client.settimeout(1.0)
            client.connect(server.getsockname())
        for number, question in enumerate(questions):
            client = clients[number % people]
            client.send(question)
            try:
                answers.append(client.recv(1024).decode(errors="replace"))
            except OSError:
                answers.append(None)
            if errors:
                raise errors[0]
    return answers


# Mistakes foreseen


def three_numbers(mine: str, other: str) -> bool:
    return mine.split(".")[:3] == other.split(".")[:3]


def host_bits(mine: str, other: str) -> bool:
    return ip_address(other) in ip_network(mine)


def still_a_string(mine: str, other: str) -> bool:
    return other in ip_network(mine, strict=False)


def private_both(mine: str, other: str) -> bool:
    return ip_interface(mine).is_private and ip_address(other).is_private


def refused(host: str, ports: list[int]) -> list[int]:
    found = []
    for port in ports:
        socket.create_connection((host, port), timeout=1).close()
        found.append(port)
    return found


def one_try_for_all(host: str, ports: list[int]) -> list[int]:
    found = []
    try:
        for port in ports:
            socket.create_connection((host, port), timeout=1).close()
            found.append(port)
    except OSError:
        pass
    return found


def inverted(host: str, ports: list[int]) -> list[int]:
    found = []
    for port in ports:
        with socket.socket() as client:
            if client.connect_ex((host, port)):
                found.append(port)
    return found


def datagrams(host: str, ports: list[int]) -> list[int]:
    found = []
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect((host, port))
            found.append(port)
    return found


def waits_for_ever(host: str, ports: list[int]) -> list[int]:
    found = []
    for port in ports:
        try:
            with socket.create_connection((host, port)) as client:
                client.recv(1)
        except ConnectionRefusedError:
            continue
        found.append(port)
    return found


def once(server: socket.socket, now: Callable[[], str]) -> None:
    question, address = server.recvfrom(1024)
    server.sendto((now() if question == b"heure" else "?").encode(), address)


def stopped_clock(server: socket.socket, now: Callable[[], str]) -> None:
    time = now()
    while True:
        question, address = server.recvfrom(1024)
        server.sendto((time if question == b"heure" else "?").encode(), address)


def not_encoded(server: socket.socket, now: Callable[[], str]) -> None:
    while True:
        question, address = server.recvfrom(1024)
        server.sendto(now() if question == b"heure" else "?", address)


def no_address(server: socket.socket, now: Callable[[], str]) -> None:
    while True:
        question = server.recv(1024)
        server.send((now() if question == b"heure" else "?").encode())


def only_text(server: socket.socket, now: Callable[[], str]) -> None:
    while True:
        question, address = server.recvfrom(1024)
        server.sendto((now() if question.decode() == "heure" else "?").encode(), address)


def empty_is_the_end(server: socket.socket, now: Callable[[], str]) -> None:
    while True:
        question, address = server.recvfrom(1024)
        if not question:
            break
        server.sendto((now() if question == b"heure" else "?").encode(), address)


def first_comer(server: socket.socket, now: Callable[[], str]) -> None:
    question, address = server.recvfrom(1024)
    while True:
        server.sendto((now() if question == b"heure" else "?").encode(), address)
        question = server.recv(1024)


# Exercises

ELSEWHERE = "`192.168.1.20/24` et `192.168.2.77`"
WIDE = "`10.0.3.4/16` et `10.0.200.1`"
NARROW = "`192.168.1.20/25` et `192.168.1.200`"

ARE_NEIGHBOURS = Exercise(
    are_neighbours,
    label="ex-network-are-neighbours",
    hints=(
        "Le masque dit combien de bits désignent le réseau. Ne découpez pas le texte : le module "
        "`ipaddress` sait compter les bits.",
        "`ip_interface('192.168.1.20/24')` comprend une adresse et son masque. Son attribut "
        "`network` est le réseau auquel elle appartient.",
        "`ip_address(other) in …` : à droite, le réseau de `mine`.",
    ),
    cases=[
        Case(
            "`192.168.1.20/24` et `192.168.1.77`",
            lambda stage, f: f("192.168.1.20/24", "192.168.1.77"),
            True,
        ),
        Case(ELSEWHERE, lambda stage, f: f("192.168.1.20/24", "192.168.2.77"), False),
        Case(WIDE, lambda stage, f: f("10.0.3.4/16", "10.0.200.1"), True),
        Case(NARROW, lambda stage, f: f("192.168.1.20/25", "192.168.1.200"), False),
        Case(
            "`203.0.113.5/30` et `203.0.113.6`",
            lambda stage, f: f("203.0.113.5/30", "203.0.113.6"),
            True,
        ),
        Case(
            "en IPv6, `2001:db8:0:1::5/64` et `2001:db8:0:1::77`",
            lambda stage, f: f("2001:db8:0:1::5/64", "2001:db8:0:1::77"),
            True,
        ),
        Case(
            "`192.168.1.20/24` et `2001:db8::1`",
            lambda stage, f: f("192.168.1.20/24", "2001:db8::1"),
            False,
        ),
    ],
    mistakes=[
        Mistake(
            "`ip_network` refuse une adresse de machine : `192.168.1.20/24` n'est pas un réseau. "
            "`ip_interface(mine).network` donne celui auquel elle appartient.",
            host_bits,
            lambda failure: "has host bits set" in str(failure.error),
        ),
        Mistake(
            "`other` est encore un texte : `ip_address(other)` en fait une adresse, que l'on peut "
            "chercher dans un réseau.",
            still_a_string,
            lambda failure: isinstance(failure.error, AttributeError | TypeError),
        ),
        Mistake(
            "« Privée » ne veut pas dire « voisine » : deux réseaux privés peuvent être bien "
            "distincts. Seul le masque décide.",
            private_both,
            lambda failure: failure.case == ELSEWHERE and failure.value is True,
        ),
        Mistake(
            "Comparer les trois premiers nombres, c'est croire que tous les masques valent /24. "
            "Servez-vous de celui qu'on vous donne.",
            three_numbers,
            lambda failure: (failure.case, failure.value) in ((WIDE, False), (NARROW, True)),
        ),
    ],
)

MIDDLE = "fermé, ouvert, fermé"
AROUND = "ouvert, fermé, ouvert"
SILENT = "ouvert (un serveur qui ne dit jamais rien)"

LISTENING = Exercise(
    listening,
    label="ex-network-listening",
    hints=(
        "Un port est ouvert si `connect` réussit. S'il est fermé, quelle exception lève-t-il ?",
        "Une boucle sur les ports, et dans la boucle un `try` : la connexion, puis sa fermeture. "
        "Un refus ne doit pas empêcher d'essayer le suivant.",
        "`socket.create_connection((host, port), timeout=1).close()` dans le `try`, "
        "`except OSError: continue`, puis `found.append(port)`.",
    ),
    cases=[
        Case(
            MIDDLE,
            lambda stage, f: listened(stage, f, "fof"),
            ["port nᵒ 2"],
        ),
        Case(
            AROUND,
            lambda stage, f: listened(stage, f, "ofo"),
            ["port nᵒ 1", "port nᵒ 3"],
        ),
        Case(SILENT, lambda stage, f: listened(stage, f, "o"), ["port nᵒ 1"]),
        Case("fermé, fermé", lambda stage, f: listened(stage, f, "ff"), []),
        Case(
            "un serveur UDP sur le port, et personne en TCP",
            lambda stage, f: listened(stage, f, "u"),
            [],
        ),
        Case("aucun port", lambda stage, f: listened(stage, f, ""), []),
    ],
    mistakes=[
        Mistake(
            "Un refus n'est pas une panne, c'est la réponse « personne ici » : attrapez "
            "l'exception et passez au port suivant.",
            refused,
            lambda failure: isinstance(failure.error, ConnectionRefusedError),
        ),
        Mistake(
            "En UDP, `connect` réussit toujours : il n'envoie rien. C'est un socket "
            "`SOCK_STREAM` qu'il faut.",
            datagrams,
            lambda failure: failure.case == MIDDLE and len(failure.value) == 3,
        ),
        Mistake(
            "C'est l'inverse : `connect_ex` rend 0 quand la connexion réussit, et un code "
            "d'erreur sinon.",
            inverted,
            lambda failure: failure.value == ["port nᵒ 1", "port nᵒ 3"],
        ),
        Mistake(
            "Votre `try` entoure toute la boucle : le premier refus l'arrête. Mettez-le "
            "dans la boucle.",
            one_try_for_all,
            lambda failure: failure.case == MIDDLE and failure.value == [],
        ),
        Mistake(
            "Vous attendez que le serveur parle, et il n'a rien à dire. La connexion acceptée "
            "suffit : raccrochez aussitôt.",
            waits_for_ever,
            lambda failure: failure.verdict == "bloqué",
        ),
    ],
)

TWICE = "`heure`, puis encore `heure` une seconde après"
PEOPLE = "deux clients, qui demandent `heure` à tour de rôle"
EMPTY = "un datagramme vide, puis `heure`"

UDP_CLOCK = Exercise(
    udp_clock,
    label="ex-network-udp-clock",
    hints=(
        "Il n'y a ni `listen`, ni `accept` : un seul socket reçoit tout le monde. À qui répondre "
        "se sait par `recvfrom`.",
        "`while True:`, puis `question, address = server.recvfrom(1024)`. On compare la question à "
        "`b'heure'`, sans la décoder.",
        "`server.sendto(now().encode(), address)` si c'est `b'heure'`, "
        "`server.sendto(b'?', address)` sinon.",
    ),
    cases=[
        Case("`heure`", lambda stage, f: asked(f, b"heure"), ["10:00:00"]),
        Case(
            TWICE,
            lambda stage, f: asked(f, b"heure", b"heure"),
            ["10:00:00", "10:00:01"],
        ),
        Case("`bonjour`", lambda stage, f: asked(f, b"bonjour"), ["?"]),
        Case(
            PEOPLE,
            lambda stage, f: asked(f, *[b"heure"] * 4, people=2),
            ["10:00:00", "10:00:01", "10:00:02", "10:00:03"],
        ),
        Case(
            "`b'\\xff\\xfe'`, qui n'est pas du texte, puis `heure`",
            lambda stage, f: asked(f, b"\xff\xfe", b"heure"),
            ["?", "10:00:00"],
        ),
        Case(
            EMPTY,
            lambda stage, f: asked(f, b"", b"heure"),
            ["?", "10:00:00"],
        ),
    ],
    mistakes=[
        Mistake(
            "Votre réponse est du texte : `sendto` veut des octets, donc `.encode()`.",
            not_encoded,
            lambda failure: isinstance(failure.error, TypeError),
        ),
        Mistake(
            "Des octets reçus ne sont pas toujours du texte, et `decode` a levé une exception : "
            "n'importe qui peut arrêter votre serveur. Comparez à `b'heure'`.",
            only_text,
            lambda failure: isinstance(failure.error, UnicodeDecodeError),
        ),
        Mistake(
            "Répondre à qui ? Ce socket n'est connecté à personne : `recvfrom` donne l'adresse, "
            "`sendto` la prend.",
            no_address,
            lambda failure: isinstance(failure.error, OSError),
        ),
        Mistake(
            "Une seule réponse, et votre serveur s'en va : il manque une boucle.",
            once,
            lambda failure: failure.case == TWICE and failure.value[1] is None,
        ),
        Mistake(
            "Votre horloge est arrêtée : appelez `now()` à chaque question, dans la boucle.",
            stopped_clock,
            lambda failure: failure.case == TWICE and failure.value[0] == failure.value[1],
        ),
        Mistake(
            "Le premier client reçoit les réponses de tous : chaque datagramme vient avec son "
            "adresse, répondez à celle-là.",
            first_comer,
            lambda failure: failure.case == PEOPLE and failure.value[1] is None,
        ),
        Mistake(
            "En UDP, un datagramme vide est un message comme un autre, et non la fin : il n'y a "
            "pas de connexion à fermer.",
            empty_is_the_end,
            lambda failure: failure.case == EMPTY and failure.value[0] is None,
        ),
    ],
)
