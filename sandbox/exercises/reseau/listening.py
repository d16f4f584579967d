"""Which ports are open: those where a TCP server accepts a connection."""

# Solution
import socket


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


# Exercise
import contextlib

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.running.catalogue import LOOPBACK

EXERCISE = Exercise(
    listening,
    hints=(
        "Un port est ouvert si `connect` réussit. S'il est fermé, quelle exception lève-t-il ?",
        "Une boucle sur les ports, et dans la boucle un `try` : la connexion, puis sa fermeture. "
        "Un refus ne doit pas empêcher d'essayer le suivant.",
        "`socket.create_connection((host, port), timeout=1).close()` dans le `try`, "
        "`except OSError: continue`, puis `found.append(port)`.",
    ),
)


def wait_for_the_end(connection: socket.socket) -> None:
    """Say nothing until the client leaves."""
    connection.recv(1)


def found_open(stage: Stage, program: Program, doors: str) -> object:
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
        found = program(LOOPBACK, ports)
        if not isinstance(found, list):
            return found
        return [f"port nᵒ {ports.index(port) + 1}" if port in ports else port for port in found]


@EXERCISE.case("fermé, ouvert, fermé", expect=["port nᵒ 2"])
def middle(stage: Stage, program: Program):
    return found_open(stage, program, "fof")


@EXERCISE.case("ouvert, fermé, ouvert", expect=["port nᵒ 1", "port nᵒ 3"])
def around(stage: Stage, program: Program):
    return found_open(stage, program, "ofo")


@EXERCISE.case("ouvert (un serveur qui ne dit jamais rien)", expect=["port nᵒ 1"])
def silent(stage: Stage, program: Program):
    return found_open(stage, program, "o")


@EXERCISE.case("fermé, fermé", expect=[])
def closed(stage: Stage, program: Program):
    return found_open(stage, program, "ff")


@EXERCISE.case("un serveur UDP sur le port, et personne en TCP", expect=[])
def over_udp(stage: Stage, program: Program):
    return found_open(stage, program, "u")


@EXERCISE.case("aucun port", expect=[])
def no_port(stage: Stage, program: Program):
    return found_open(stage, program, "")


EXERCISE.mistake(
    "Un refus n'est pas une panne, c'est la réponse « personne ici » : attrapez "
    "l'exception et passez au port suivant.",
    raises=ConnectionRefusedError,
)(variant(listening, ("except OSError", "except TimeoutError")))


@EXERCISE.mistake(
    "En UDP, `connect` réussit toujours : il n'envoie rien. C'est un socket "
    "`SOCK_STREAM` qu'il faut.",
    on=middle,
    seen=lambda failure: len(failure.value) == 3,
)
def datagrams(host: str, ports: list[int]) -> list[int]:
    for port in ports:
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.connect((host, port))
    return ports


@EXERCISE.mistake(
    "C'est l'inverse : `connect_ex` rend 0 quand la connexion réussit, et un code d'erreur sinon.",
    gives=["port nᵒ 1", "port nᵒ 3"],
)
def inverted(host: str, ports: list[int]) -> list[int]:
    return [port for port in ports if socket.socket().connect_ex((host, port))]


EXERCISE.mistake(
    "Votre `try` entoure toute la boucle : le premier refus l'arrête. Mettez-le dans la boucle.",
    on=middle,
    gives=[],
)(variant(listening, ("continue", "break")))

EXERCISE.mistake(
    "Vous attendez que le serveur parle, et il n'a rien à dire. La connexion acceptée "
    "suffit : raccrochez aussitôt.",
    verdict="bloqué",
)(variant(listening, ("timeout=1).close()", "timeout=None).recv(1)")))


@EXERCISE.accepts()
def with_error_numbers(host: str, ports: list[int]) -> list[int]:
    found = []
    for port in ports:
        with socket.socket() as client:
            client.settimeout(1)
            found += [port] if client.connect_ex((host, port)) == 0 else []
    return found
