"""A request in somebody's name, and what the server answers."""

# Solution
from typing import Any

import requests


def ask(
    url: str, token: str, method: str, path: str, body: Any = None, timeout: float = 5.0
) -> Any:
    """Return the JSON that the server answers to the user whose `token` it is.

    Raises:
        ValueError: the server refuses; the message is the ``detail`` of its problem.
        requests.RequestException: no answer came, or it is not the application's.
    """
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.request(method, url + path, headers=headers, json=body, timeout=timeout)
    if response.headers.get("Content-Type") == "application/problem+json":
        raise ValueError(response.json()["detail"])
    response.raise_for_status()
    return response.json()


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays import http
from sandbox.checking.plays.messages import classroom

EXERCISE = Exercise(
    ask,
    hints=(
        "`requests.request(method, url + path, …)` sait faire toutes les méthodes. Que faut-il lui "
        "donner pour le jeton ? pour le corps ?",
        "`headers={'Authorization': f'Bearer {token}'}`, et `json=body` : `requests` écrit le JSON "
        "et l'annonce. Avec `body=None`, il n'envoie pas de corps.",
        "Un refus de l'application se reconnaît à son `Content-Type`, `application/problem+json` : "
        "levez `ValueError(response.json()['detail'])`. Pour les autres, `raise_for_status()`.",
    ),
)


def asked(stage: Stage, program: Program, *request: Any, token: str = "jeton-bob") -> Any:
    with classroom() as room:
        return program(stage.scripted(room.play).url, token, *request)


def reason(stage: Stage, program: Program, *request: Any, **options: str) -> object:
    """Return the message with which a request is refused."""
    try:
        return asked(stage, program, *request, **options)
    except ValueError as error:
        return str(error)


def because(word: str) -> Expect:
    return Expect(
        "une ValueError qui dit pourquoi", lambda got: isinstance(got, str) and word in got
    )


@EXERCISE.case(
    "`GET /api/users/me`, avec le jeton de Bob",
    expect={"id": 2, "name": "Bob", "status": "disponible"},
)
def who_i_am(stage: Stage, program: Program):
    return asked(stage, program, "GET", "/api/users/me")


@EXERCISE.case(
    "`PATCH /api/users/me` : un nouveau statut",
    expect={"id": 2, "name": "Bob", "status": "à la plage"},
)
def new_status(stage: Stage, program: Program):
    return asked(stage, program, "PATCH", "/api/users/me", {"status": "à la plage"})


@EXERCISE.case(
    "`POST /api/messages` : Bob écrit à Alice",
    expect=Expect(
        "le message gardé", lambda got: (got["from"], got["to"], got["text"]) == (2, 1, "Été ?")
    ),
)
def new_message(stage: Stage, program: Program):
    return asked(stage, program, "POST", "/api/messages", {"to": 1, "text": "Été ?"})


@EXERCISE.case(
    "un message pour l'utilisateur 99, que personne n'est", expect=because("l'identifiant 99")
)
def to_nobody(stage: Stage, program: Program):
    return reason(stage, program, "POST", "/api/messages", {"to": 99, "text": "a"})


@EXERCISE.case("un jeton inconnu", expect=because("votre jeton"))
def unknown_token(stage: Stage, program: Program):
    return reason(stage, program, "GET", "/api/users", token="sesame")


@EXERCISE.case("un intermédiaire répond 502, une page HTML", expect=Raises(requests.HTTPError))
def gateway(stage: Stage, program: Program):
    return program(stage.scripted(http.bad_gateway).url, "jeton-bob", "GET", "/api/users")


@EXERCISE.case("le serveur se tait ; timeout=0.3", expect=Raises(requests.Timeout))
def silent_server(stage: Stage, program: Program):
    return program(stage.scripted(http.silence).url, "a", "GET", "/", timeout=0.3)


EXERCISE.mistake(
    "Votre jeton n'est pas dans un en-tête `Authorization` ; s'il est dans l'URL, il ira "
    "dans tous les journaux.",
    seen=lambda failure: b"authorization:" not in failure.sent.lower(),
)(variant(ask, ("url + path, headers=headers", 'f"{url}{path}?token={token}"')))

EXERCISE.mistake(
    "L'en-tête dit comment vous prouvez qui vous êtes avant de le prouver : « Bearer », "
    "une espace, puis le jeton.",
    seen=lambda failure: b"authorization: bearer " not in failure.sent.lower(),
)(variant(ask, ('f"Bearer {token}"', "token")))

EXERCISE.mistake(
    "Vous envoyez un formulaire, et le serveur attend du JSON : `json=body`.",
    seen=lambda failure: b"x-www-form-urlencoded" in failure.sent,
)(variant(ask, ("json=body", "data=body")))

EXERCISE.mistake(
    "Le serveur refuse, et vous rendez son refus comme si c'était une réponse : levez "
    "`ValueError`.",
    seen=lambda failure: isinstance(failure.value, dict) and "detail" in failure.value,
)(variant(ask, ('raise ValueError(response.json()["detail"])', "return response.json()")))

EXERCISE.mistake(
    "Le serveur dit pourquoi il refuse : donnez à votre exception le `detail` du problème.",
    on=to_nobody,
    seen=lambda failure: isinstance(failure.value, str),
)(variant(ask, ('response.json()["detail"]', '"refusé"')))

EXERCISE.mistake(
    "Cette réponse-là n'est pas de l'application : ne cherchez pas de JSON dans la page "
    "d'un intermédiaire. `raise_for_status()` suffit.",
    on=gateway,
    raises=requests.JSONDecodeError,
)(
    variant(
        ask,
        ('response.headers.get("Content-Type") == "application/problem+json"', "not response.ok"),
    )
)
