"""A client of the chat, which hears the others as well as itself."""

# Solution
import json

from websockets.sync.client import connect


def converse(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    """Say each text in the chat, once the one before was heard; return who was heard saying what.

    Raises:
        ValueError: the chat refuses a text; the message is its reason.
    """
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(json.dumps({"name": name, "text": text}))
            while (name, text) not in heard[-1:]:
                content = json.loads(chat.recv(timeout=5))
                if content["type"] == "refused":
                    raise ValueError(content["reason"])
                if content["type"] == "message":
                    heard.append((content["name"], content["text"]))
    return heard


# Exercise
from sandbox import server_ws_chat
from sandbox.checking import Exercise, Program, Raises, Stage, variant
from sandbox.checking.plays.websocket import chat_with_bob, url_of
from sandbox.serving.ws import Handler

EXERCISE = Exercise(
    converse,
    hints=(
        "Ce que l'on reçoit n'est pas forcément la réponse à ce que l'on vient d'envoyer : c'est "
        "ce qui se passe dans le salon. Triez par `type`.",
        "Pour chaque texte : envoyez, puis lisez *en boucle*. `message` : retenez-le ; `refused` : "
        "levez `ValueError` ; le reste ne vous concerne pas.",
        "On sort de la boucle de lecture quand le dernier message retenu est `(name, text)`. "
        "Écrivez avec `json.dumps`, lisez avec `json.loads(chat.recv(timeout=5))`.",
    ),
)


def heard(
    stage: Stage, program: Program, name: str, *texts: str, chat: Handler = server_ws_chat.chat
) -> object:
    """Have texts said in a chat; return what was heard, where lists are as good as pairs."""
    pairs = program(url_of(stage.serve_websocket(chat)), name, list(texts))
    return [tuple(each) for each in pairs] if isinstance(pairs, list) else pairs


@EXERCISE.case("Ada, seule, dit « Bonjour ! »", expect=[("Ada", "Bonjour !")])
def alone(stage: Stage, program: Program):
    return heard(stage, program, "Ada", "Bonjour !")


@EXERCISE.case("Ada dit trois choses", expect=[("Ada", "un"), ("Ada", "deux"), ("Ada", "trois")])
def three(stage: Stage, program: Program):
    return heard(stage, program, "Ada", "un", "deux", "trois")


@EXERCISE.case(
    "Ada parle deux fois, et chaque fois Bob parle avant que son message ne lui revienne",
    expect=[("Bob", "Ohé"), ("Ada", "un"), ("Bob", "Ohé"), ("Ada", "deux")],
)
def bob_first(stage: Stage, program: Program):
    return heard(stage, program, "Ada", "un", "deux", chat=chat_with_bob("Ohé"))


@EXERCISE.case(
    "Bob dit « Oui » juste avant Ada, qui dit « Oui » aussi",
    expect=[("Bob", "Oui"), ("Ada", "Oui")],
)
def same_text(stage: Stage, program: Program):
    return heard(stage, program, "Ada", "Oui", chat=chat_with_bob("Oui"))


@EXERCISE.case(
    'un texte avec des guillemets et une barre : `l\'"été" \\ ici`',
    expect=[("Zoé", 'l\'"été" \\ ici')],
)
def quotes(stage: Stage, program: Program):
    return heard(stage, program, "Zoé", 'l\'"été" \\ ici')


@EXERCISE.case("rien à dire", expect=[])
def nothing(stage: Stage, program: Program):
    return heard(stage, program, "Ada")


@EXERCISE.case("un texte de 2001 signes, que le chat refuse", expect=Raises(ValueError))
def refused(stage: Stage, program: Program):
    return heard(stage, program, "Ada", "x" * 2001)


EXERCISE.mistake(
    "Le premier message reçu n'est pas toujours le vôtre : le chat dit aussi qui est là. "
    "Regardez `type`, et lisez en boucle.",
    on=alone,
    raises=KeyError,
)(variant(converse, ('if content["type"] == "message":', "if content:")))

EXERCISE.mistake(
    "Un texte peut contenir des guillemets : fabriquez le JSON avec `json.dumps`, jamais à "
    "la main.",
    on=quotes,
    raises=ValueError,
)(
    variant(
        converse,
        (
            'json.dumps({"name": name, "text": text})',
            """f'{{"name": "{name}", "text": "{text}"}}'""",
        ),
    )
)


@EXERCISE.mistake(
    "Il manque ce que dit Bob : retenez tous les messages, pas seulement les vôtres.",
    on=bob_first,
    gives=[("Ada", "un"), ("Ada", "deux")],
)
def deaf(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(who, text) for who, text in converse(url, name, texts) if who == name]


EXERCISE.mistake(
    "Vous avez pris le message de Bob pour le vôtre : comparez le nom *et* le texte.",
    on=same_text,
    gives=[("Bob", "Oui")],
)(variant(converse, ("(name, text) not in heard[-1:]", "not heard or heard[-1][1] != text")))

EXERCISE.mistake(
    "Le chat a refusé, et vous attendez toujours : votre message ne reviendra pas. Quand "
    "`type` vaut `refused`, levez `ValueError(reason)`.",
    on=refused,
)(
    variant(
        converse,
        ('raise ValueError(content["reason"])', "continue"),
        ("recv(timeout=5)", "recv()"),
    )
)
