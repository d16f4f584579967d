"""An echo for many clients, none of whom waits for another."""

# Solution
import socket
import threading


def serve_echo(listener: socket.socket) -> None:
    """Serve each client of `listener` in a thread: it gets back the bytes that it sends."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection: socket.socket) -> None:
    with connection:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)


# Exercise
import contextlib

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays import echo as clients

EXERCISE = Exercise(
    serve_echo,
    hints=(
        "Deux boucles, l'une dans l'autre : une qui accepte les clients, une qui tient la "
        "conversation de chacun. Laquelle doit tourner dans un thread ?",
        "Écrivez une fonction `converse(connection)` qui rend ce qu'elle reçoit jusqu'à `b''`. La "
        "boucle d'accueil la confie à `threading.Thread(target=converse, args=(connection,), "
        "daemon=True)`.",
        "`while chunk := connection.recv(65536): connection.sendall(chunk)`, le tout dans un "
        "`with connection:` qui raccroche à la fin ; et n'oubliez pas `.start()`.",
    ),
)
BIG = bytes(range(256)) * 4000


@EXERCISE.case(
    "`b'un'`, puis `b'deux'`, puis `b'trois'`, et le client raccroche son côté",
    expect=b"undeuxtrois",
)
def in_pieces(stage: Stage, program: Program):
    return clients.echoed(stage, program, b"un", b"deux", b"trois")


@EXERCISE.case("`b'un'`, et, quand la réponse est là, `b'deux'`", expect=[b"un", b"deux"])
def in_dialogue(stage: Stage, program: Program):
    return clients.one_by_one(stage, program, b"un", b"deux")


one_after_the_other = EXERCISE.case(
    "un client dit `b'bonjour'` et s'en va, puis un autre fait de même",
    expect=[b"bonjour", b"bonjour"],
)(clients.one_after_the_other)


@EXERCISE.case("des octets qui ne sont pas du texte : `b'\\xff\\x00\\n'`", expect=b"\xff\x00\n")
def no_text(stage: Stage, program: Program):
    return clients.echoed(stage, program, b"\xff\x00\n")


dreamer = EXERCISE.case(
    "un premier client laisse sa phrase en plan ; le second dit `b'bonjour'`", expect=b"bonjour"
)(clients.behind_a_dreamer)


@EXERCISE.case(
    "trente clients se connectent, puis chacun parle : combien sont servis ?", expect=30, limit=12
)
def thirty(stage: Stage, program: Program):
    return clients.each_in_turn(stage, program, 30)


@EXERCISE.case(f"{len(BIG)} octets", expect=Expect("les mêmes", lambda value: value == BIG))
def big(stage: Stage, program: Program):
    return clients.echoed(stage, program, BIG)


EXERCISE.case("un client part brutalement ; le suivant dit `b'bonjour'`", expect=b"bonjour")(
    clients.after_a_crash
)

EXERCISE.mistake(
    "Vous attendez que le client ait fini avant de lui répondre, et lui attend votre "
    "réponse : renvoyez chaque morceau dès qu'il arrive.",
    on=in_dialogue,
    gives=[b""],
)(variant(serve_echo, (".recv(65536)", ".makefile('rb').read()"), beside=(echo,)))

EXERCISE.mistake(
    "Votre serveur ne sert qu'un client, puis s'en va : la boucle d'accueil ne finit jamais.",
    on=one_after_the_other,
    gives=[b"bonjour", b""],
)(variant(serve_echo, ("while True", "if True")))


@EXERCISE.mistake(
    "Un client qui rêve bloque tous les autres : confiez chaque conversation à un thread, "
    "et retournez accepter le suivant.",
    on=dreamer,
    gives=b"",
)
def one_at_a_time(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError):
            echo(connection)


EXERCISE.mistake(
    "Vous n'avez répondu qu'au premier morceau : recommencez jusqu'à ce que `recv` rende `b''`.",
    on=in_pieces,
    gives=b"un",
)(variant(serve_echo, ("while chunk", "if chunk"), beside=(echo,)))


@EXERCISE.mistake(
    "Tout est revenu, mais vous n'avez pas raccroché : le client attend encore. Fermez la "
    "connexion quand il a fini (`with connection:`).",
    gives=clients.NOT_CLOSED,
)
def never_closed(listener: socket.socket) -> None:
    kept = []

    def answer(connection: socket.socket) -> None:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)

    while True:
        connection, _ = listener.accept()
        kept.append(connection)
        threading.Thread(target=answer, args=(connection,), daemon=True).start()
