"""A bot, which waits for messages and answers them."""

# Solution
import contextlib
from collections.abc import Callable
from typing import Any


def run_bot(ask: Callable[..., Any], reply: Callable[[str], str | None], number: int) -> int:
    """Answer messages as they come, until `number` of them have been read; return the last id.

    Args:
        reply: given a text, returns what to answer, or None.
    """
    me = ask("GET", "/api/users/me")["id"]
    since = 0
    while number > 0:
        for message in ask("GET", f"/api/messages?since={since}&wait=20")[:number]:
            since = message["id"]
            number -= 1
            text = None if message["from"] == me else reply(message["text"])
            if text is not None:
                with contextlib.suppress(ValueError):  # refused: the others need not suffer
                    ask("POST", "/api/messages", {"to": message["from"], "text": text})
    return since


# Exercise
import threading

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.messages import classroom

EXERCISE = Exercise(
    run_bot,
    hints=(
        "Une boucle qui attend des messages, et pour chacun une réponse. De quoi faut-il se "
        "souvenir d'un tour à l'autre ?",
        "`ask('GET', f'/api/messages?since={since}&wait=20')` attend pour vous. `since` est l'`id` "
        "du dernier message lu ; la réponse va à `message['from']`.",
        "Trois gardes : rien si le message est de vous (`GET /api/users/me` dit qui vous êtes), "
        "rien si `reply` rend `None`, et `try … except ValueError` autour de l'envoi.",
    ),
)


def shout(text: str) -> str | None:
    return text.upper() if text.endswith("?") else None


def answered(program: Program, number: int, *messages: tuple[int, str]) -> object:
    """Have Bob's bot read messages, ``(sender, text)``; return what Alice, Bob, Chloé received."""
    with classroom() as room:
        for sender, text in messages:
            room.write(sender, 2, text)
        program(room.as_user("Bob"), shout, number)
        mine = len(room.received("Bob"))
        return room.received("Alice"), mine, room.received("Chloé")


@EXERCISE.case("Alice demande « Ça va ? »", expect=([(2, "ÇA VA ?")], 1, []))
def one_question(stage: Stage, program: Program):
    return answered(program, 1, (1, "Ça va ?"))


@EXERCISE.case(
    "Alice et Chloé posent chacune une question", expect=([(2, "ICI ?")], 2, [(2, "LÀ ?")])
)
def from_two(stage: Stage, program: Program):
    return answered(program, 2, (1, "Ici ?"), (3, "Là ?"))


@EXERCISE.case("`reply` rend None : il n'y a rien à répondre", expect=([(2, "ÇA VA ?")], 2, []))
def no_reply(stage: Stage, program: Program):
    return answered(program, 2, (1, "Bonjour."), (1, "Ça va ?"))


@EXERCISE.case("Bob s'est écrit à lui-même : « Et demain ? »", expect=([], 2, [(2, "LÀ ?")]))
def from_itself(stage: Stage, program: Program):
    return answered(program, 2, (2, "Et demain ?"), (3, "Là ?"))


@EXERCISE.case("le message n'arrive qu'au bout de 0,7 s", expect=([(2, "DÉJÀ ?")], True))
def later(stage: Stage, program: Program):
    """Return what Alice received, and whether the bot asked few times while nothing came."""
    with classroom() as room:
        timer = threading.Timer(0.7, room.write, (1, 2, "Déjà ?"))
        timer.start()
        program(room.as_user("Bob"), shout, 1)
        asked = sum(each.startswith("GET /api/messages") for each in room.requests)
        timer.join()
        return room.received("Alice"), asked <= 3


@EXERCISE.case("la première réponse est refusée (elle est vide)", expect=[(2, "Voilà.")])
def refused(stage: Stage, program: Program):
    with classroom() as room:
        room.write(1, 2, "vide", "plein")
        program(room.as_user("Bob"), {"vide": "", "plein": "Voilà."}.get, 2)
        return room.received("Alice")


EXERCISE.mistake(
    "La réponse va à qui a écrit, `message['from']` ; `message['to']`, c'est vous.",
    on=one_question,
    seen=lambda failure: failure.value[1] == 2,
)(variant(run_bot, ('{"to": message["from"]', '{"to": message["to"]')))


@EXERCISE.mistake(
    "Vous répondez toujours au même message : faites avancer `since`.",
    on=from_two,
    seen=lambda failure: len(failure.value[0]) == 2,
)
def repeats(ask, reply, number):
    for _ in range(number):
        message = ask("GET", "/api/messages?since=0&wait=20")[0]
        if (text := reply(message["text"])) is not None:
            ask("POST", "/api/messages", {"to": message["from"], "text": text})
    return message["id"]


EXERCISE.mistake(
    "`reply` a rendu `None` : il n'y a rien à envoyer.",
    on=no_reply,
    seen=lambda failure: isinstance(failure.error, ValueError) or "'None'" in str(failure.value),
)(variant(run_bot, ('reply(message["text"])', 'str(reply(message["text"]))')))

EXERCISE.mistake(
    "Votre bot se répond à lui-même ; avec une réponse qui appelle une réponse, il ne "
    "s'arrêterait jamais. Passez les messages qui sont de vous.",
    on=from_itself,
    seen=lambda failure: failure.value[1] == 3,
)(variant(run_bot, ('None if message["from"] == me else ', "")))

EXERCISE.mistake(
    "Vous demandez sans cesse s'il y a du nouveau : `wait=20`, et c'est le serveur qui attend.",
    on=later,
    seen=lambda failure: "faites une pause" in str(failure.error) or failure.value[1] is False,
)(variant(run_bot, ("&wait=20", "")))

EXERCISE.mistake(
    "Une réponse refusée, et plus personne n'en reçoit : attrapez `ValueError`, et passez "
    "au message suivant.",
    on=refused,
    raises=ValueError,
)(variant(run_bot, ("contextlib.suppress(ValueError)", "contextlib.nullcontext()")))
