"""A first client: a line goes, all that the server answers comes back."""

# Solution
import socket


def converse(host: str, port: int, sentence: str) -> str:
    """Send a sentence as a line, and return all that the server answers until it hangs up."""
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(f"{sentence}\n".encode())
        answer = b""
        while chunk := client.recv(1024):
            answer += chunk
    return answer.decode()


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.wire import BadNetwork
from sandbox.wire.recording import TO_CLIENT

EXERCISE = Exercise(
    converse,
    hints=(
        "Les trois gestes de la leçon : se connecter, envoyer, recevoir. La phrase part avec un "
        "retour à la ligne, encodée.",
        "Un seul `recv` ne suffit pas toujours : recommencez jusqu'à ce qu'il rende `b''`, le "
        "signe que le serveur a raccroché.",
        "`while chunk := client.recv(1024): answer += chunk`, puis `answer.decode()`.",
    ),
)


def quote(connection: socket.socket) -> None:
    """Answer a line by a sentence that quotes it."""
    with connection.makefile("rwb") as stream:
        line = stream.readline()
        if line.endswith(b"\n"):
            stream.write(f"J'ai bien lu « {line.decode().rstrip()} ».".encode())


def say_nothing(connection: socket.socket) -> None:
    connection.makefile("rb").readline()


def answered(
    stage: Stage, program: Program, sentence: str, play=quote, fragment: int | None = None
) -> object:
    tap = stage.scripted(play, BadNetwork(direction=TO_CLIENT, fragment=fragment))
    return program(tap.host, tap.port, sentence)


@EXERCISE.case("`'Bonjour'`", expect="J'ai bien lu « Bonjour ».")
def plain(stage: Stage, program: Program):
    return answered(stage, program, "Bonjour")


@EXERCISE.case("`'Ça va, Zoé ?'`", expect="J'ai bien lu « Ça va, Zoé ? ».")
def accents(stage: Stage, program: Program):
    return answered(stage, program, "Ça va, Zoé ?")


@EXERCISE.case(
    "une phrase de 3000 lettres",
    expect=Expect("la phrase entière", lambda value: value == f"J'ai bien lu « {'a' * 3000} »."),
)
def long(stage: Stage, program: Program):
    return answered(stage, program, "a" * 3000)


@EXERCISE.case("la réponse arrive en petits morceaux", expect="J'ai bien lu « été ».")
def in_pieces(stage: Stage, program: Program):
    return answered(stage, program, "été", fragment=5)


@EXERCISE.case("le serveur raccroche sans un mot", expect="")
def silent(stage: Stage, program: Program):
    return answered(stage, program, "Bonjour", play=say_nothing)


EXERCISE.mistake(
    "Le réseau transporte des octets : encodez la phrase par `.encode()`.",
    raises=TypeError,
)(variant(converse, ('f"{sentence}\\n".encode()', 'sentence + "\\n"')))


@EXERCISE.mistake(
    "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `'\\n'` à la phrase.",
    seen=lambda failure: failure.sent and not failure.sent.endswith(b"\n"),
)
def no_newline(host: str, port: int, sentence: str) -> str:
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(sentence.encode())
        return client.recv(1024).decode()


EXERCISE.mistake(
    "Vous rendez des octets : un dernier `.decode()` en fait du texte.",
    seen=lambda failure: isinstance(failure.value, bytes),
)(variant(converse, ("answer.decode()", "answer")))


@EXERCISE.mistake(
    "Vous n'avez lu que le début : recommencez `recv` jusqu'à `b''`.",
    on=(long, in_pieces),
    verdict="faux",
)
def one_recv(host: str, port: int, sentence: str) -> str:
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(f"{sentence}\n".encode())
        return client.recv(1024).decode(errors="replace")


@EXERCISE.accepts()
def with_a_file(host: str, port: int, sentence: str) -> str:
    with (
        socket.create_connection((host, port), timeout=5) as client,
        client.makefile("rw", encoding="utf-8", newline="\n") as stream,
    ):
        print(sentence, file=stream, flush=True)
        return stream.read()
