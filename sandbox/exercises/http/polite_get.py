"""A client that comes back when the server says when, and only then."""

# Solution
import time

import requests


def polite_get(url: str, tries: int = 5, timeout: float = 2.0) -> requests.Response:
    """GET `url`, waiting and trying again when the server asks for it (429, 503).

    It waits as many seconds as Retry-After says, or else (no such header, or a date) 0.1, 0.2,
    0.4… Other answers are returned at once; the last one as well, whatever it is.

    Raises:
        requests.RequestException: no answer came within `timeout` seconds.
    """
    for attempt in range(tries):
        response = requests.get(url, timeout=timeout)
        if response.status_code not in (429, 503) or attempt == tries - 1:
            break
        asked = response.headers.get("Retry-After", "")
        time.sleep(int(asked) if asked.isdecimal() else 0.1 * 2**attempt)
    return response


# Exercise
from sandbox.checking import Exercise, Program, Raises, Stage, variant
from sandbox.checking.plays.http import answer, in_turn, silence
from sandbox.wire.recording import TO_SERVER

EXERCISE = Exercise(
    polite_get,
    hints=(
        "Seuls deux codes demandent de revenir. Tout le reste se rend aussitôt, même une erreur.",
        "Une boucle `for attempt in range(tries)`, un `requests.get(url, timeout=timeout)`, et un "
        "`time.sleep` si le code est 429 ou 503.",
        "`asked = response.headers.get('Retry-After', '')` : si `asked.isdecimal()`, c'est la "
        "durée à attendre ; sinon, `0.1 * 2**attempt`. N'attendez pas après le dernier essai.",
    ),
)
OK = answer("200 OK", b"ok")
LATER = answer("503 Service Unavailable", b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT")
COFFEE = answer("503 Service Unavailable", b"", "Retry-After: 0")
SLOW_DOWN = answer("429 Too Many Requests", b"", "Retry-After: 1")
NOT_FOUND = answer("404 Not Found")


def polite(
    stage: Stage, program: Program, *answers: bytes, tries: int = 5
) -> tuple[object, int, bool]:
    """Return the status given back, how many requests it took, whether a second has passed."""
    tap = stage.scripted(in_turn(*answers))
    started = time.monotonic()
    response = program(f"{tap.url}/", tries=tries)
    waited = time.monotonic() - started > 0.9
    stage.carried(TO_SERVER)  # all of it has been recorded
    return getattr(response, "status_code", response), len(tap.connections), waited


@EXERCISE.case("le serveur répond 200", expect=(200, 1))
def at_once(stage: Stage, program: Program):
    return polite(stage, program, OK)[:2]


@EXERCISE.case("deux 503 avec `Retry-After: 0`, puis 200", expect=(200, 3))
def after_coffee(stage: Stage, program: Program):
    return polite(stage, program, COFFEE, COFFEE, OK)[:2]


@EXERCISE.case("un 429 avec `Retry-After: 1`, puis 200 ; a-t-on attendu ?", expect=(200, 2, True))
def one_second(stage: Stage, program: Program):
    return polite(stage, program, SLOW_DOWN, OK)


@EXERCISE.case("un 503 dont `Retry-After` est une date, puis 200", expect=(200, 2))
def a_date(stage: Stage, program: Program):
    return polite(stage, program, LATER, OK)[:2]


@EXERCISE.case("le serveur répond 404", expect=(404, 1))
def missing(stage: Stage, program: Program):
    return polite(stage, program, NOT_FOUND)[:2]


@EXERCISE.case("toujours 503 ; tries = 3", expect=(503, 3))
def never_open(stage: Stage, program: Program):
    return polite(stage, program, COFFEE, tries=3)[:2]


@EXERCISE.case("le serveur se tait ; timeout = 0.3", expect=Raises(requests.RequestException))
def silent(stage: Stage, program: Program):
    return program(f"{stage.scripted(silence).url}/", tries=1, timeout=0.3)


EXERCISE.mistake(
    "503 et 429 veulent dire « revenez » : attendez, puis recommencez.",
    on=after_coffee,
    gives=(503, 1),
)(variant(polite_get, ("not in (429, 503)", "not in ()")))

EXERCISE.mistake(
    "404 ne s'arrangera pas en insistant : ne recommencez que pour 429 et 503.",
    on=missing,
    seen=lambda failure: failure.value[1] > 1,
)(variant(polite_get, ("response.status_code not in (429, 503)", "response.ok")))

EXERCISE.mistake(
    "Vous êtes revenu trop tôt : l'en-tête `Retry-After` dit combien de secondes attendre.",
    on=one_second,
    seen=lambda failure: not failure.value[2],
)(variant(polite_get, ("int(asked) if asked.isdecimal() else 0.1 * 2**attempt", "0.1")))

EXERCISE.mistake(
    "`Retry-After` est tantôt un nombre de secondes, tantôt une date : regardez avant de "
    "convertir (`isdecimal`).",
    on=a_date,
    raises=ValueError,
)(variant(polite_get, (" if asked.isdecimal() else 0.1 * 2**attempt", "")))

EXERCISE.mistake(
    "Après le dernier essai, rendez la réponse, même si c'est un refus : c'est à "
    "l'appelant de juger.",
    on=(never_open, missing),
    raises=requests.HTTPError,
)(variant(polite_get, ("    return", "    response.raise_for_status()\n    return")))
