"""A chat: all that one says is said to all, and so are arrivals and departures."""

# Solution
import asyncio
import socket


def serve_chat(listener: socket.socket) -> None:
    """Let the clients of `listener` talk together: a name first, then lines."""
    people: dict[asyncio.StreamWriter, str] = {}

    def say(sentence: str) -> None:
        for writer in people:
            writer.write(f"{sentence}\n".encode())

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = (await reader.readline()).decode().strip()
        people[writer] = name
        say(f"* {name} arrive")
        try:
            while line := await reader.readline():
                say(f"{name} : {line.decode().strip()}")
        except ConnectionError:
            pass  # gone without a word: as gone as the others
        finally:
            del people[writer]
            say(f"* {name} part")
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(welcome, sock=listener)
        await server.serve_forever()

    asyncio.run(main())


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays import chat

EXERCISE = Exercise(
    serve_chat,
    hints=(
        "Tenez la liste de ceux qui sont là, et une fonction `say(phrase)` qui écrit à chacun. "
        "Arriver, parler, partir : trois occasions de l'appeler.",
        "Avec asyncio : `asyncio.start_server(welcome, sock=listener)`, puis `serve_forever()`, "
        "le tout lancé par `asyncio.run`. Dans `welcome`, la première ligne est le nom.",
        "Inscrivez l'arrivant avant d'annoncer. Mettez le départ dans un `finally` (il a lieu "
        "même si `readline` lève `ConnectionError`), et désinscrivez avant d'annoncer.",
    ),
)
ARRIVALS = ["* Ada arrive", "* Bob arrive"]
DEPARTURE = [*ARRIVALS, "* Bob part", "Ada : Bob ?"]

alone = EXERCISE.case(
    "Ada est seule, et parle : elle s'entend", expect=["* Ada arrive", "Ada : il y a quelqu'un ?"]
)(chat.hearing_oneself)


@EXERCISE.case("Ada et Bob sont là, et Bob dit `salut`", expect=[*ARRIVALS, "Bob : salut"])
def two(stage: Stage, program: Program):
    return chat.chatting(stage, program, b"salut\n", last="Bob : salut")


@EXERCISE.case(
    "Bob dit deux lignes dans le même envoi", expect=[*ARRIVALS, "Bob : un", "Bob : deux"]
)
def two_lines(stage: Stage, program: Program):
    return chat.chatting(stage, program, b"un\ndeux\n", last="Bob : deux")


@EXERCISE.case("un `é` coupé en deux par le réseau", expect=[*ARRIVALS, "Bob : l'é"])
def cut_in_two(stage: Stage, program: Program):
    return chat.chatting(stage, program, b"l'\xc3", b"\xa9\n", last="Bob : l'é")


goodbye = EXERCISE.case("Bob raccroche ; Ada dit `Bob ?`", expect=DEPARTURE, limit=8)(
    chat.hanging_up
)
crash = EXERCISE.case("Bob part brutalement ; Ada dit `Bob ?`", expect=DEPARTURE, limit=8)(
    chat.crashing
)


@EXERCISE.case(
    "vingt personnes, et la première dit bonjour : combien l'entendent ?", expect=20, limit=12
)
def crowd(stage: Stage, program: Program):
    return chat.crowd(stage, program, 20)


EXERCISE.mistake(
    "L'auteur ne s'entend pas : la règle est simple, tout est dit à tout le monde, lui compris.",
    on=alone,
    gives=["* Ada arrive"],
)(
    variant(
        serve_chat,
        ("for writer in people:", "for writer, name in people.items():"),
        ("            writer.write", "            sentence.startswith(name) or writer.write"),
    )
)


@EXERCISE.mistake(
    "Bob attend qu'Ada s'en aille : votre serveur tient une conversation à la fois. Il "
    "faut un thread ou une coroutine par personne.",
    on=two,
    raises=TimeoutError,
)
def one_at_a_time(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
            name = stream.readline().strip()
            print(f"* {name} arrive", file=stream, flush=True)
            for line in stream:
                print(f"{name} : {line}", end="", file=stream, flush=True)


EXERCISE.mistake(
    "Deux lignes dans un envoi font deux messages : lisez ligne par ligne (`readline`), "
    "et non morceau par morceau.",
    on=two_lines,
    seen=lambda failure: "Bob : deux" not in failure.value,
)(variant(serve_chat, (":= await reader.readline()", ":= await reader.read(65536)")))

EXERCISE.mistake(
    "Bob est parti et personne ne le sait : annoncez son départ quand sa lecture finit, "
    "et rayez-le de la liste avant.",
    on=goodbye,
    seen=lambda failure: "* Bob part" not in failure.value,
)(variant(serve_chat, ('            say(f"* {name} part")\n', "")))

EXERCISE.mistake(
    "Un départ brutal lève une exception (`ConnectionResetError`), et votre annonce n'a "
    "pas lieu : mettez-la dans un `finally`.",
    on=crash,
    seen=lambda failure: "* Bob part" not in failure.value,
)(variant(serve_chat, ("finally:", "else:")))
