"""Keys and values that many clients share: commands, a line each, that go together or not."""

# Solution
import socket
import threading

MAX_LINE = 1000  # bytes, the newline included


def serve_keys(connection: socket.socket, store: dict[str, str], lock: threading.Lock) -> None:
    """Answer each command of a client, a line each, from a store that other threads share."""
    with connection.makefile("rwb") as stream:
        while line := stream.readline(MAX_LINE):
            if not line.endswith(b"\n"):
                stream.write(b"ERREUR\n")
                return
            with lock:
                answer = obey(line, store)
            stream.write(f"{answer}\n".encode())
            stream.flush()


def obey(line: bytes, store: dict[str, str]) -> str:
    """Run a command; return its answer."""
    try:
        words = line.decode().removesuffix("\n").split(" ", 2)
    except UnicodeDecodeError:
        return "ERREUR"
    match words:
        case ["SET", key, value]:
            store[key] = value
            return "OK"
        case ["GET", key]:
            return store.get(key, "ABSENT")
        case ["INCR", key]:
            try:
                store[key] = str(int(store.get(key, "0")) + 1)
            except ValueError:
                return "ERREUR"
            return store[key]
    return "ERREUR"


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.keys import all_count, ask, without_end
from sandbox.wire import BadNetwork

EXERCISE = Exercise(
    serve_keys,
    hints=(
        "Lisez ligne par ligne : `connection.makefile('rwb')` recolle les morceaux. Décodez la "
        "ligne entière, jamais un morceau.",
        "`line.split(' ', 2)` coupe en trois au plus, donc laisse ses espaces à la valeur. "
        "`readline(1000)` ne rend jamais plus de 1000 octets : si la ligne rendue ne finit pas par "
        "`b'\\n'`, elle est trop longue.",
        "Lire la valeur, ajouter 1, l'écrire : ces trois gestes d'`INCR` vont ensemble dans un "
        "`with lock:`. Et tout ce qui échoue (`UnicodeDecodeError`, `ValueError`, commande "
        "inconnue) donne la ligne `ERREUR`.",
    ),
)
CUTS = BadNetwork(fragment=3, seed=9)


@EXERCISE.case("`SET a 1`, `GET a`, `GET b`, dans le même segment", expect=["OK", "1", "ABSENT"])
def same_segment(stage: Stage, program: Program):
    return ask(stage, program, b"SET a 1\nGET a\nGET b\n")


@EXERCISE.case(
    "une valeur qui contient des espaces : `SET a un  deux trois`, puis `GET a`",
    expect=["OK", "un  deux trois"],
)
def spaces(stage: Stage, program: Program):
    return ask(stage, program, b"SET a un  deux trois\n", b"GET a\n")


@EXERCISE.case(
    "un réseau qui coupe en petits morceaux : `SET été beau temps`, puis `GET été`",
    expect=["OK", "beau temps"],
)
def in_pieces(stage: Stage, program: Program):
    return ask(stage, program, "SET été beau temps\nGET été\n".encode(), network=CUTS)


@EXERCISE.case("`INCR n` deux fois, puis `GET n`", expect=["1", "2", "2"])
def count(stage: Stage, program: Program):
    return ask(stage, program, b"INCR n\n", b"INCR n\nGET n\n")


@EXERCISE.case(
    "une commande inconnue, une ligne vide, `INCR` d'un mot : et l'on continue",
    expect=["ERREUR", "ERREUR", "OK", "ERREUR", "b"],
)
def nonsense(stage: Stage, program: Program):
    return ask(stage, program, b"BONJOUR\n\nSET a b\nINCR a\nGET a\n")


@EXERCISE.case("des octets qui ne sont pas de l'UTF-8, puis `GET a`", expect=["ERREUR", "ABSENT"])
def no_text(stage: Stage, program: Program):
    return ask(stage, program, b"SET a \xff\n", b"GET a\n")


@EXERCISE.case("5000 octets sans retour à la ligne", expect=["ERREUR"], limit=8)
def too_long(stage: Stage, program: Program):
    return without_end(stage, program, 5000)


@EXERCISE.case(
    "dix clients envoient `INCR visites` en même temps : que vaut `visites` ?", expect="10"
)
def at_once(stage: Stage, program: Program):
    return all_count(stage, program, 10)


EXERCISE.mistake(
    "Vous prenez chaque morceau reçu pour une commande : lisez jusqu'au retour à la "
    "ligne, par `makefile` et `readline`.",
    on=same_segment,
    gives=["OK"],
)(variant(serve_keys, ("stream.readline", "connection.recv")))

EXERCISE.mistake(
    "Les espaces de la valeur se sont perdus : coupez la ligne en trois au plus, par "
    "`split(' ', 2)`.",
    on=spaces,
    seen=lambda failure: failure.value[0] == "OK",
)(variant(serve_keys, ('removesuffix("\\n").split(" ", 2)', "split()[:3]"), beside=(obey,)))

EXERCISE.mistake(
    "Des octets qui ne sont pas du texte ont tué la conversation : lisez des octets, "
    "décodez dans un `try`, et répondez `ERREUR`.",
    on=no_text,
    seen=lambda failure: failure.error is not None or failure.value[:1] != ["ERREUR"],
)(variant(serve_keys, ("UnicodeDecodeError", "IndexError"), beside=(obey,)))

EXERCISE.mistake(
    "Ce client pourrait remplir votre mémoire sans jamais aller à la ligne : refusez "
    "au-delà de 1000 octets, par `readline(1000)`, puis raccrochez.",
    on=too_long,
    gives=[],
)(variant(serve_keys, ("MAX_LINE", "")))

EXERCISE.mistake(
    "Des visites se sont perdues : deux threads ont lu la même valeur avant que l'un "
    "l'écrive. Faites tout `INCR` dans un `with lock:`.",
    on=at_once,
    seen=lambda failure: 0 < int(failure.value) < 10,
)(variant(serve_keys, ("with lock", "if lock")))
