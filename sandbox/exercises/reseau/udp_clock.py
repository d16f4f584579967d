"""A server over UDP: no connection, and everybody on one socket."""

# Solution
import socket
from collections.abc import Callable


def udp_clock(server: socket.socket, now: Callable[[], str]) -> None:
    """Answer each datagram for ever: the time to ``heure``, ``?`` to anything else."""
    while True:
        question, address = server.recvfrom(1024)
        answer = now() if question == b"heure" else "?"
        server.sendto(answer.encode(), address)


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.datagrams import ask

EXERCISE = Exercise(
    udp_clock,
    hints=(
        "Il n'y a ni `listen`, ni `accept` : un seul socket reçoit tout le monde. À qui répondre "
        "se sait par `recvfrom`.",
        "`while True:`, puis `question, address = server.recvfrom(1024)`. On compare la question à "
        "`b'heure'`, sans la décoder.",
        "`server.sendto(now().encode(), address)` si c'est `b'heure'`, "
        "`server.sendto(b'?', address)` sinon.",
    ),
)


def asked(program: Program, *questions: bytes, people: int = 1) -> list:
    """Return the answers of the student's server, whose clock goes on by a second a question."""
    times = (f"10:00:{second:02}" for second in range(60))
    return ask(lambda server: program(server, lambda: next(times)), *questions, people=people)


@EXERCISE.case("`heure`", expect=["10:00:00"])
def once(stage: Stage, program: Program):
    return asked(program, b"heure")


@EXERCISE.case("`heure`, puis encore `heure` une seconde après", expect=["10:00:00", "10:00:01"])
def twice(stage: Stage, program: Program):
    return asked(program, b"heure", b"heure")


@EXERCISE.case("`bonjour`", expect=["?"])
def something_else(stage: Stage, program: Program):
    return asked(program, b"bonjour")


@EXERCISE.case(
    "deux clients, qui demandent `heure` à tour de rôle",
    expect=["10:00:00", "10:00:01", "10:00:02", "10:00:03"],
)
def two_people(stage: Stage, program: Program):
    return asked(program, *[b"heure"] * 4, people=2)


@EXERCISE.case("`b'\\xff\\xfe'`, qui n'est pas du texte, puis `heure`", expect=["?", "10:00:00"])
def no_text(stage: Stage, program: Program):
    return asked(program, b"\xff\xfe", b"heure")


@EXERCISE.case("un datagramme vide, puis `heure`", expect=["?", "10:00:00"])
def empty(stage: Stage, program: Program):
    return asked(program, b"", b"heure")


EXERCISE.mistake(
    "Votre réponse est du texte : `sendto` veut des octets, donc `.encode()`.",
    raises=TypeError,
)(variant(udp_clock, ("answer.encode()", "answer")))

EXERCISE.mistake(
    "Des octets reçus ne sont pas toujours du texte, et `decode` a levé une exception : "
    "n'importe qui peut arrêter votre serveur. Comparez à `b'heure'`.",
    raises=UnicodeDecodeError,
)(variant(udp_clock, ('question == b"heure"', 'question.decode() == "heure"')))

EXERCISE.mistake(
    "Répondre à qui ? Ce socket n'est connecté à personne : `recvfrom` donne l'adresse, "
    "`sendto` la prend.",
    raises=OSError,
)(variant(udp_clock, ("sendto(answer.encode(), address)", "send(answer.encode())")))

EXERCISE.mistake(
    "Une seule réponse, et votre serveur s'en va : il manque une boucle.",
    on=twice,
    seen=lambda failure: failure.value[1] is None,
)(variant(udp_clock, ("while True:", "if True:")))

EXERCISE.mistake(
    "Votre horloge est arrêtée : appelez `now()` à chaque question, dans la boucle.",
    on=twice,
    seen=lambda failure: failure.value[0] == failure.value[1],
)(variant(udp_clock, ("while True:", "time = now()\n    while True:"), ("= now() if", "= time if")))


@EXERCISE.mistake(
    "Le premier client reçoit les réponses de tous : chaque datagramme vient avec son "
    "adresse, répondez à celle-là.",
    on=two_people,
    seen=lambda failure: failure.value[1] is None,
)
def first_comer(server: socket.socket, now: Callable[[], str]) -> None:
    question, address = server.recvfrom(1024)
    while True:
        server.sendto((now() if question == b"heure" else "?").encode(), address)
        question = server.recv(1024)


EXERCISE.mistake(
    "En UDP, un datagramme vide est un message comme un autre, et non la fin : il n'y a "
    "pas de connexion à fermer.",
    on=empty,
    seen=lambda failure: failure.value[0] is None,
)(
    variant(
        udp_clock,
        ("        answer =", "        if not question:\n            break\n        answer ="),
    )
)
