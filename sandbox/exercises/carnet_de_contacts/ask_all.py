"""Requests sent all together on one connection, and answers put back in order."""

# Solution
import json
import socket
from collections.abc import Sequence


def ask_all(host: str, port: int, requests: Sequence[dict]) -> list[dict]:
    """Send all the requests on one connection; return their answers in order.

    Version 2: a JSON object a line, answered in any order. All is sent before
    anything is read: good for hundreds of requests, not for millions.

    Raises:
        ConnectionError: the server closed before the last answer.
        TimeoutError: it kept silent for five seconds.
    """
    expected = range(len(requests))
    answers: dict[int, dict] = {}
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        for number, request in enumerate(requests):
            message = {**request, "version": 2, "id": number}
            stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()
        while len(answers) < len(requests):
            line = stream.readline()
            if not line.endswith(b"\n"):
                raise ConnectionError(f"seulement {len(answers)} réponses")
            answer = json.loads(line)
            if answer["id"] in expected:
                answers[answer["id"]] = answer
    return [answers[number] for number in expected]


# Exercise
from sandbox.checking import Exercise, Failure, Raises, variant
from sandbox.checking.plays.contacts import ANSWERS, asking, in_order, prompt
from sandbox.wire import BadNetwork

EXERCISE = Exercise(
    ask_all,
    hints=(
        "Deux boucles l'une après l'autre : la première écrit toutes les demandes, la seconde lit "
        "jusqu'à ce qu'il ne manque plus rien.",
        "Donnez pour `id` le rang de la demande, `for number, request in enumerate(requests)`, et "
        "rangez chaque réponse dans un dictionnaire : `answers[answer['id']] = answer`.",
        "Après la première boucle, `stream.flush()`. La seconde tourne tant que "
        "`len(answers) < len(requests)` : si la ligne lue ne finit pas par `b'\\n'`, levez "
        "`ConnectionError` ; si son `id` n'est pas un de vos rangs, passez à la suivante.",
    ),
)


def lines_sent(failure: Failure) -> list[dict]:
    return [json.loads(line) for line in failure.sent.splitlines()]


as_they_come = EXERCISE.case(
    "le serveur répond à chaque ligne aussitôt (et l'on compte les connexions)",
    expect=(ANSWERS, 1),
)(asking(prompt))
shuffled = EXERCISE.case(
    "le serveur attend les trois lignes, et répond dans le désordre", expect=(ANSWERS, 1)
)(asking(in_order(1, 2, 0)))
strangers = EXERCISE.case(
    "des lignes qui ne répondent à rien se glissent entre les réponses", expect=(ANSWERS, 1)
)(asking(in_order(0, 1, 2, strangers=True)))
in_pieces = EXERCISE.case("la réponse arrive en petits morceaux", expect=(ANSWERS, 1))(
    asking(in_order(2, 1, 0), network=BadNetwork(fragment=20, direction="server→client"))
)
EXERCISE.case("aucune demande", expect=[])(
    lambda stage, program: asking(prompt, requests=())(stage, program)[0]
)
early = EXERCISE.case(
    "le serveur raccroche après deux réponses sur trois", expect=Raises(ConnectionError)
)(asking(in_order(0, 1)))
half_a_line = EXERCISE.case(
    "le serveur raccroche au milieu de la troisième réponse", expect=Raises(ConnectionError)
)(asking(in_order(0, 1, 2, cut=True)))

EXERCISE.mistake(
    "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `b'\\n'` après "
    "chaque objet.",
    seen=lambda failure: failure.sent and b"\n" not in failure.sent,
)(variant(ask_all, (' + b"\\n"', "")))

EXERCISE.mistake(
    "Rien n'est parti à temps : `write` remplit un tampon, `flush` l'envoie. Sans lui, "
    "chacun attend l'autre.",
    seen=lambda failure: not failure.received and len(lines_sent(failure)) in (0, 3),
)(variant(ask_all, ("        stream.flush()\n", "")))


@EXERCISE.mistake(
    "Vous ouvrez plusieurs connexions : une seule doit porter toutes les demandes.",
    on=as_they_come,
    seen=lambda failure: failure.value[1] > 1,
)
def a_connection_each(host: str, port: int, requests: list[dict]) -> list[dict]:
    return [ask_all(host, port, [request])[0] for request in requests]


EXERCISE.mistake(
    "Vous attendez une réponse avant d'envoyer la demande suivante : écrivez-les toutes, "
    "puis lisez.",
    seen=lambda it: it.case is not as_they_come and len(lines_sent(it)) == 1,
)(
    variant(
        ask_all,
        (
            "        stream.flush()\n        while len(answers) < len(requests):\n",
            "            stream.flush()\n",
        ),
    )
)

EXERCISE.mistake(
    "Chaque demande doit porter un `id` à elle : sinon, comment savoir à laquelle le "
    "serveur répond ?",
    seen=lambda it: len({line.get("id") for line in lines_sent(it)}) < len(lines_sent(it)),
)(variant(ask_all, ('"id": number', '"id": 1')))

EXERCISE.mistake(
    "Vous rendez les réponses dans l'ordre où elles arrivent : leur `id` dit à quelle "
    "demande elles répondent.",
    on=(shuffled, in_pieces),
    seen=lambda failure: sorted(failure.value[0]) == sorted(ANSWERS),
)(variant(ask_all, ('answers[answer["id"]]', "answers[len(answers)]")))

EXERCISE.mistake(
    "Une ligne dont l'`id` n'est pas à vous ne compte pas : ignorez-la, et lisez la suivante.",
    on=strangers,
)(variant(ask_all, ('answer["id"] in expected', "True")))

EXERCISE.mistake(
    "Il manque une réponse et personne ne le sait : levez `ConnectionError`, pour une "
    "ligne coupée comme pour une ligne absente.",
    on=(early, half_a_line),
)(
    variant(
        ask_all,
        ('raise ConnectionError(f"seulement {len(answers)} réponses")', "break"),
        ("for number in expected]", "for number in sorted(answers)]"),
    )
)
