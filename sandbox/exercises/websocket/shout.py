"""A server that answers in capitals."""

# Solution
from websockets.asyncio.server import ServerConnection


async def shout(connection: ServerConnection) -> None:
    """Answer each text in capitals, and bytes as they are, until the client leaves."""
    async for message in connection:
        if isinstance(message, str):
            message = message.upper()
        await connection.send(message)


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.websocket import CLOSED, NOTHING, answers, people_at

EXERCISE = Exercise(
    shout,
    hints=(
        "C'est l'écho de la leçon, à une ligne près. Où passe le message, entre son arrivée et "
        "son départ ?",
        "`async for message in connection:` donne les messages un par un ; `isinstance(message, "
        "str)` distingue le texte des octets.",
        "Dans la boucle : si c'est un texte, `message = message.upper()` ; puis, dans tous les "
        "cas, `await connection.send(message)`.",
    ),
)


@EXERCISE.case("un message, `'bonjour'`", expect=["BONJOUR"])
def one_word(stage: Stage, program: Program):
    return answers(stage, program, "bonjour")


@EXERCISE.case("trois messages, `'un'`, `'deux'`, `'trois'`", expect=["UN", "DEUX", "TROIS"])
def three_words(stage: Stage, program: Program):
    return answers(stage, program, "un", "deux", "trois")


@EXERCISE.case("des accents, et rien : `'été'`, `''`", expect=["ÉTÉ", ""])
def accents(stage: Stage, program: Program):
    return answers(stage, program, "été", "")


@EXERCISE.case("des octets, `b'abc'`", expect=[b"abc"])
def some_bytes(stage: Stage, program: Program):
    return answers(stage, program, b"abc")


@EXERCISE.case(
    "60 000 signes",
    expect=Expect("les mêmes en majuscules", lambda value: value == ["A" * 60_000]),
)
def long_text(stage: Stage, program: Program):
    return answers(stage, program, "a" * 60_000)


@EXERCISE.case("Ada se tait ; Bob parle, puis Ada", expect=["BOB", "ADA"])
def two_at_once(stage: Stage, program: Program):
    """Ada connects first and says nothing: Bob does not have to wait for her."""
    with people_at(stage, program, 2) as [ada, bob]:
        bob.says("bob")
        heard = bob.hears(1)
        ada.says("ada")
        return heard + ada.hears(1)


EXERCISE.mistake(
    "`connection.send(…)` tout seul ne fait que préparer l'envoi : c'est `await "
    "connection.send(…)` qui envoie.",
    on=one_word,
    gives=[NOTHING],
)(variant(shout, ("await ", "")))

EXERCISE.mistake(
    "Votre coroutine s'est terminée sans répondre, et le serveur a raccroché : on ne rend "
    "pas la réponse par `return`, on l'envoie par `await connection.send(…)`.",
    on=one_word,
    gives=[CLOSED],
)(variant(shout, ("await connection.send(message)", "return message")))

EXERCISE.mistake(
    "Vous avez répondu une fois, puis raccroché : la connexion vit tant que dure la "
    "coroutine. Faites une boucle, `async for message in connection`.",
    on=three_words,
    gives=["UN", CLOSED],
)(variant(shout, ("async for message in connection:", "if message := await connection.recv():")))

EXERCISE.mistake(
    "Vous répondez par des octets : donnez une chaîne à `send`, sans `encode`, et elle "
    "partira comme un texte.",
    on=one_word,
    gives=[b"BONJOUR"],
)(variant(shout, ("message.upper()", "message.upper().encode()")))

EXERCISE.mistake(
    "Les octets doivent revenir tels quels : ce n'est pas du texte, `upper` les abîme.",
    on=some_bytes,
    gives=[b"ABC"],
)(variant(shout, ("if isinstance(message, str):", "if message:")))
