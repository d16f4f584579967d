"""The station's server: what is valid is counted, what is not is refused with its reason."""

# Solution
import contextlib
import json
import socket

from sandbox import close_gently
from sandbox.exercises.client_tcp.read_exactly import read_exactly
from sandbox.exercises.serialisation.read_wind import read_wind

MAX_SIZE = 65_536  # bytes that a client may announce


def serve_wind(connection: socket.socket) -> None:
    """Answer each length-prefixed message until the client leaves.

    Answers are framed too: JSON, with ``status``, ``msg`` and ``data``. A
    client that announces more than `MAX_SIZE` bytes is told so, then left.
    """
    count = 0
    with contextlib.suppress(ConnectionError):  # it hangs up when it likes
        while True:
            size = int.from_bytes(read_exactly(connection, 4), "big")
            if size > MAX_SIZE:
                why = f"{size} octets annoncés, {MAX_SIZE} au plus"
                send_json(connection, refusal(why))
                return close_gently(connection)
            try:
                read_wind(read_exactly(connection, size))
            except ValueError as error:
                answer = refusal(str(error))
            else:
                count += 1
                answer = {"status": True, "msg": "noté", "data": {"count": count}}
            send_json(connection, answer)


def refusal(why: str) -> dict:
    """Return the answer that says no."""
    return {"status": False, "msg": why, "data": {}}


def send_json(connection: socket.socket, answer: dict) -> None:
    """Send `answer`, preceded by its length on four bytes."""
    payload = json.dumps(answer).encode()
    connection.sendall(len(payload).to_bytes(4, "big") + payload)


# Exercise
from sandbox.checking import Exercise, Expect, variant
from sandbox.checking.plays import frames

EXERCISE = Exercise(
    serve_wind,
    hints=(
        "Une boucle sans fin : lire une longueur, lire autant d'octets, répondre. Qu'est-ce qui "
        "l'arrête ?",
        "`read_exactly` (leçon précédente) lit la longueur puis le message, et lève "
        "`ConnectionError` quand le client est parti : c'est la fin normale.",
        "Contrôlez la longueur avant de lire ; puis `try: read_wind(…)`, `except ValueError as "
        "error` pour répondre le refus, et continuez la boucle. Encadrez aussi vos réponses.",
    ),
)
GOOD, NO_WIND = b'{"sensor": "toit", "wind": 12}', b'{"sensor": "toit"}'
FULL = GOOD.replace(b"toit", b"t" * (MAX_SIZE - len(GOOD) + 4))


def says_why(value: list) -> bool:
    refusal = value[0]
    return refusal["status"] is False and "wind" in refusal["msg"] and refusal["data"] == {}


EXERCISE.case("un message valable", expect=[{"status": True, "msg": "noté", "data": {"count": 1}}])(
    frames.answers(GOOD)
)
three = EXERCISE.case("valable, refusé, valable, sur une même connexion", expect=[1, "refusé", 2])(
    frames.counts(GOOD, NO_WIND, GOOD)
)
EXERCISE.case(
    "un refus dit pourquoi",
    expect=Expect("status false, le champ dans msg, data vide", says_why),
)(frames.answers(NO_WIND))
in_pieces = EXERCISE.case("les mêmes, sur un réseau qui coupe", expect=[1, "refusé", 2])(
    frames.counts(GOOD, NO_WIND, GOOD, fragment=9)
)
EXERCISE.case("deux messages d'un coup, dans le même envoi", expect=[{"count": 1}, {"count": 2}])(
    frames.twice_at_once(GOOD)
)
EXERCISE.case("un message de 65 536 octets juste", expect=[1])(frames.counts(FULL))
too_big = EXERCISE.case("le client annonce 65 537 octets, et attend", expect=(False, frames.GONE))(
    frames.announce(MAX_SIZE + 1)
)
two_clients = EXERCISE.case("deux clients, un message chacun", expect=[1, 1])(
    frames.counts_of_two_clients(GOOD)
)
leaves = EXERCISE.case(
    "le client raccroche au milieu d'un message",
    expect=Expect("la fonction se termine, sans exception", lambda value: True),
)(frames.leave_in_the_middle(GOOD))

EXERCISE.mistake(
    "Votre réponse part sans sa longueur : le client prend ses quatre premiers octets pour "
    "une longueur.",
    seen=lambda failure: failure.received.startswith(b"{"),
)(variant(serve_wind, ("send_json(connection, answer)", 'connection.sendall(b"{}")')))

EXERCISE.mistake(
    "Vous raccrochez après un message : recommencez, jusqu'à ce que le client parte.",
    on=three,
    gives=[1, frames.GONE],
)(variant(serve_wind, ("while", "if")))

EXERCISE.mistake(
    "Un seul message refusé, et votre serveur s'arrête : répondez le refus, puis passez au "
    "message suivant.",
    seen=lambda it: isinstance(it.error, ValueError) or it.value == [1, "refusé", frames.GONE],
)(variant(serve_wind, ("else:", "    return send_json(connection, answer)\n            else:")))

EXERCISE.mistake(
    "Vous comptez aussi les messages refusés : seuls les valables comptent.",
    on=three,
    seen=lambda failure: failure.value[2] == 3,
)(variant(serve_wind, ("answer = refusal", "count += 1\n                answer = refusal")))

EXERCISE.mistake(
    "Vous n'avez lu qu'un morceau : `recv` rend au plus n octets. `read_exactly` insiste.",
    on=in_pieces,
)(variant(serve_wind, ("read_exactly(connection, size)", "connection.recv(size)")))

EXERCISE.mistake(
    "Le client a annoncé trop, et vous attendez quand même ses octets : un malotru vous "
    "ferait lire quatre gigaoctets. Refusez avant de lire.",
    on=too_big,
    gives=(frames.SILENCE,),
)(variant(serve_wind, ("size > MAX_SIZE", "size > 2**32")))

EXERCISE.mistake(
    "Le compte d'un client continue chez le suivant : c'est une variable de la connexion, "
    "pas du programme.",
    on=two_clients,
    seen=lambda failure: failure.value[1] != 1,
)(variant(serve_wind, ("def ", "count = 0\ndef "), ("    count = 0", "    global count")))

EXERCISE.mistake(
    "Le client est parti, ce qui est son droit : attrapez `ConnectionError` et terminez sans "
    "bruit.",
    on=leaves,
    raises=ConnectionError,
)(variant(serve_wind, ("suppress(ConnectionError)", "nullcontext()")))
