"""Questions and answers, a line each, on one connection."""

# Solution
import socket


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


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.wire import BadNetwork
from sandbox.wire.recording import TO_CLIENT

EXERCISE = Exercise(
    ask_lines,
    hints=(
        "Ouvrez la connexion une fois, avant la boucle. À chaque tour : une ligne part, une ligne "
        "revient.",
        "`connection.makefile('rw', encoding='utf-8', newline='\\n')` donne un objet qui se lit "
        "et s'écrit comme un fichier : `write`, `readline`.",
        "Après `stream.write(question + '\\n')`, appelez `stream.flush()`, puis "
        "`stream.readline()`, dont vous ôtez le retour à la ligne par `removesuffix('\\n')`.",
    ),
)


def shout(connection: socket.socket) -> None:
    """Answer each line in capitals."""
    with connection.makefile("rwb") as stream:
        for line in stream:
            stream.write(line.decode("utf-8").upper().encode("utf-8"))
            stream.flush()


def lines(stage: Stage, program: Program, questions: list[str], **network) -> tuple[object, int]:
    """Return the answers, and how many connections it took."""
    tap = stage.scripted(shout, BadNetwork(direction=TO_CLIENT, **network))
    answers = program(tap.host, tap.port, questions)
    return answers, len(tap.connections)


@EXERCISE.case(
    "trois questions, et l'on compte les connexions", expect=(["UN", "DEUX", "TROIS"], 1)
)
def one_connection(stage: Stage, program: Program):
    return lines(stage, program, ["un", "deux", "trois"])


@EXERCISE.case(
    "des accents, et une ligne vide : `['été', '', 'hiver']`", expect=["ÉTÉ", "", "HIVER"]
)
def accents(stage: Stage, program: Program):
    return lines(stage, program, ["été", "", "hiver"])[0]


@EXERCISE.case("des espaces au bord : `'  au bord  '`", expect=["  AU BORD  "])
def spaces(stage: Stage, program: Program):
    return lines(stage, program, ["  au bord  "])[0]


@EXERCISE.case(
    "les réponses arrivent en petits morceaux", expect=["L'ÉTÉ SERA CHAUD", "L'HIVER AUSSI"]
)
def in_pieces(stage: Stage, program: Program):
    return lines(stage, program, ["l'été sera chaud", "l'hiver aussi"], fragment=6)[0]


@EXERCISE.case(
    "une ligne de 100 000 caractères",
    expect=Expect("la même en majuscules", lambda value: value == ["A" * 100_000]),
)
def long_line(stage: Stage, program: Program):
    return lines(stage, program, ["a" * 100_000])[0]


@EXERCISE.case("aucune question", expect=[])
def no_question(stage: Stage, program: Program):
    return lines(stage, program, [])[0]


@EXERCISE.mistake(
    "Vous ouvrez une connexion par question. Une seule suffit : ouvrez-la avant la boucle.",
    on=one_connection,
    seen=lambda failure: failure.value[1] > 1,
)
def one_connection_each(host: str, port: int, questions: list[str]) -> list[str]:
    return [answer for question in questions for answer in ask_lines(host, port, [question])]


EXERCISE.mistake(
    "Rien n'est parti : `write` remplit un tampon, `flush` l'envoie. Sans lui, chacun attend "
    "l'autre.",
    seen=lambda failure: b"\n" in failure.sent and not failure.received,
)(
    variant(
        ask_lines,
        ("            stream.flush()\n", ""),
        ('stream.readline().removesuffix("\\n")', "stream.buffer.readline().decode()"),
    )
)


@EXERCISE.mistake(
    "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `'\\n'` à la question.",
    seen=lambda failure: failure.sent and b"\n" not in failure.sent,
)
def no_newline(host: str, port: int, questions: list[str]) -> list[str]:
    with socket.create_connection((host, port), timeout=5) as connection:
        answers = []
        for question in questions:
            connection.sendall(question.encode())
            answers.append(connection.recv(1000).decode().removesuffix("\n"))
        return answers


EXERCISE.mistake(
    "Votre réponse garde son retour à la ligne : ôtez-le par `removesuffix('\\n')`.",
    seen=lambda failure: "\n" in failure.value[0][0],
)(variant(ask_lines, ('.removesuffix("\\n")', "")))

EXERCISE.mistake(
    "`strip` emporte aussi les espaces, qui font partie de la réponse : `removesuffix('\\n')` "
    "n'ôte que le retour à la ligne.",
    on=spaces,
    gives=["AU BORD"],
)(variant(ask_lines, ('removesuffix("\\n")', "strip()")))

EXERCISE.mistake(
    "Vous n'avez lu qu'un morceau de la ligne : lisez jusqu'au retour à la ligne, ce que "
    "`readline` fait pour vous.",
    on=in_pieces,
    verdict="faux",
)(
    variant(
        ask_lines,
        ("stream.readline()", 'connection.recv(4096).decode("utf-8", "replace")'),
    )
)
