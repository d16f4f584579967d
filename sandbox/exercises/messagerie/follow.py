"""News as they come, on a stream that ends, is cut, and is taken up where it was."""

# Solution
import json
import time
from collections.abc import Callable
from typing import Any

import requests

from sandbox.exercises.messagerie.parse_events import parse_events


def follow(url: str, token: str, deliver: Callable[[str, Any], bool]) -> None:
    """Give each event to `deliver`, its name and its data, until it returns False.

    When the stream ends or is cut, wait as long as it asked (2 s by default), and come back after
    the last number it gave.

    Raises:
        requests.HTTPError: the server refuses.
    """
    headers = {"Authorization": f"Bearer {token}"}
    pause = 2.0
    while True:
        try:
            with requests.get(f"{url}/api/events", headers=headers, stream=True, timeout=30) as got:
                got.raise_for_status()
                # Not decode_unicode=True, for which a U+2028 in a message would end the line.
                lines = (line.decode() for line in got.iter_lines())
                for block in parse_events(lines):
                    headers["Last-Event-ID"] = block.get("id", headers.get("Last-Event-ID"))
                    pause = int(block["retry"]) / 1000 if "retry" in block else pause
                    if "data" in block and not deliver(block["event"], json.loads(block["data"])):
                        return
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            pass  # cut: what comes next is the same as after an end
        time.sleep(pause)


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.event_streams import START, Streams, chunked, event, followed
from sandbox.checking.plays.http import UNAUTHORIZED

EXERCISE = Exercise(
    follow,
    hints=(
        "Deux boucles : celle du dehors ouvre un flux ; celle du dedans en lit les blocs, par "
        "l'étape précédente. Quand le dedans finit, quelle qu'en soit la raison, on recommence.",
        "Gardez l'`id` de *chaque* bloc dans l'en-tête `Last-Event-ID` de la requête suivante. "
        "Avec `requests.get(…, stream=True)`, les lignes sont dans `response.iter_lines()`, en "
        "octets : `line.decode()`.",
        "Attrapez `requests.ConnectionError` et `requests.exceptions.ChunkedEncodingError` autour "
        "de la lecture, pas l'`HTTPError` de `raise_for_status()` ; puis `time.sleep(pause)`, où "
        "`pause` vient de `retry`, en millisecondes.",
    ),
)


@EXERCISE.case(
    "trois événements, et `deliver` dit d'arrêter",
    expect=(["message a", "message b", "message c"], [None]),
)
def three_events(stage: Stage, program: Program):
    three = [event(number, text) for number, text in enumerate("abc", 5)]
    return followed(stage, program, 3, Streams(chunked(START, *three, end=False), hold=True))


@EXERCISE.case(
    "le flux finit après l'événement 7 ; un autre commence à 8",
    expect=(["message a", "message b", "message c"], [None, "7"]),
)
def ends(stage: Stage, program: Program):
    first = chunked(START, event(5, "a"), event(7, "b"))
    second = chunked(START.replace("4", "7"), event(8, "c"))
    return followed(stage, program, 3, Streams(first, second))


@EXERCISE.case(
    "la connexion est coupée au milieu de l'événement 6",
    expect=(["message a", "message b"], [None, "5"]),
)
def cut(stage: Stage, program: Program):
    first = chunked(START, event(5, "a"), event(6, "b")[:-9], end=False)
    return followed(stage, program, 2, Streams(first, chunked(event(6, "b"))))


@EXERCISE.case(
    "coupé avant tout événement : on ne connaît que le numéro de départ, 4",
    expect=(["message a"], [None, "4"]),
)
def cut_at_once(stage: Stage, program: Program):
    return followed(stage, program, 1, Streams(chunked(START, end=False), chunked(event(5, "a"))))


@EXERCISE.case(
    "le flux dit `retry: 600`, puis finit : combien de temps avant de revenir ?",
    expect=Expect("0,6 s au moins", bool),
)
def patient(stage: Stage, program: Program):
    streams = Streams(chunked("retry: 600\nid: 4\n\n"), chunked(event(5, "a")))
    followed(stage, program, 1, streams)
    return streams.times[1] - streams.times[0] >= 0.5


@EXERCISE.case(
    "le serveur répond 401",
    expect=Expect("une exception, après une seule requête", lambda got: got == (401, 1)),
)
def denied(stage: Stage, program: Program):
    streams = Streams(UNAUTHORIZED)
    try:
        return None, len(followed(stage, program, 1, streams)[1])
    except requests.HTTPError as error:
        return error.response.status_code, len(streams.resumed)


EXERCISE.mistake(
    "Un flux finit toujours un jour : revenez, au lieu de vous arrêter là.",
    on=ends,
    seen=lambda failure: failure.value[1] == [None],
)(variant(follow, ("time.sleep(pause)", "return")))

EXERCISE.mistake(
    "Vous revenez sans dire où vous en étiez : donnez le dernier identifiant reçu dans "
    "`Last-Event-ID`.",
    on=ends,
    seen=lambda failure: failure.value[1] == [None, None],
)(variant(follow, ('headers["Last-Event-ID"] =', "unused =")))

EXERCISE.mistake(
    "Le premier bloc n'a pas d'événement, mais il a un numéro : retenez-le, ce qui s'est "
    "passé pendant la coupure vient après lui.",
    on=cut_at_once,
    seen=lambda failure: failure.value[1] == [None, None],
)(variant(follow, ('headers["Last-Event-ID"] =', 'if "data" in block: headers["Last-Event-ID"] =')))

EXERCISE.mistake(
    "Vous revenez aussitôt : mille clients coupés ensemble reviendront ensemble. Attendez "
    "ce que dit `retry`, en millisecondes.",
    on=patient,
    gives=False,
)(variant(follow, ("time.sleep(pause)", "pass")))

EXERCISE.mistake(
    "Un jeton refusé le sera encore dans une seconde : laissez passer l'exception, n'insistez pas.",
    on=denied,
    seen=lambda failure: failure.verdict in ("bloqué", "faux"),
)(variant(follow, ("requests.exceptions.ChunkedEncodingError", "requests.HTTPError")))
