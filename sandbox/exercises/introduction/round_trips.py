"""What passed on the wire, counted in questions that got their answer."""

# Solution
from sandbox.wire import Exchange


def round_trips(exchanges: list[Exchange]) -> int:
    """Count the client's messages that an answer follows, on the same connection."""
    waiting = set()
    count = 0
    for exchange in exchanges:
        if exchange.direction == "client→server":
            waiting.add(exchange.connection)
        elif exchange.connection in waiting:
            waiting.remove(exchange.connection)
            count += 1
    return count


# Exercise
from itertools import pairwise

from sandbox.checking import Exercise, Program, Stage
from sandbox.wire.recording import TO_CLIENT, TO_SERVER

EXERCISE = Exercise(
    round_trips,
    hints=(
        "Un aller-retour, c'est une question puis une réponse, sur la même connexion. Retenez "
        "qui attend une réponse.",
        "Un ensemble des connexions qui attendent : on y entre par `client→server`, on en sort "
        "par `server→client`.",
        "À une réponse : si `exchange.connection in waiting`, on l'ôte de `waiting` et l'on "
        "compte 1. Sinon, personne n'avait rien demandé.",
    ),
)


def exchanged(talk: str) -> list[Exchange]:
    """Return exchanges from words such as ``1>`` (client of connection 1) or ``2<`` (server)."""
    return [
        Exchange(int(word[0]), TO_SERVER if word[1] == ">" else TO_CLIENT, b"...", float(time))
        for time, word in enumerate(talk.split())
    ]


@EXERCISE.case("une question, une réponse", expect=1)
def once(stage: Stage, program: Program):
    return program(exchanged("1> 1<"))


@EXERCISE.case("trois fois de suite", expect=3)
def three_times(stage: Stage, program: Program):
    return program(exchanged("1> 1< 1> 1< 1> 1<"))


@EXERCISE.case("rien du tout", expect=0)
def nothing(stage: Stage, program: Program):
    return program([])


@EXERCISE.case("une question, sa réponse, une question restée sans réponse", expect=1)
def unanswered(stage: Stage, program: Program):
    return program(exchanged("1> 1< 2>"))


@EXERCISE.case("le serveur salue d'abord, puis une question et sa réponse", expect=1)
def welcome(stage: Stage, program: Program):
    return program(exchanged("1< 1> 1< 2<"))


@EXERCISE.case("deux connexions : deux questions, puis les deux réponses", expect=2)
def mixed(stage: Stage, program: Program):
    return program(exchanged("1> 2> 1< 2<"))


@EXERCISE.mistake(
    "Diviser par deux suppose que tout va par paires : un serveur peut saluer sans "
    "qu'on lui demande rien.",
    on=welcome,
    gives=2,
)
def half(exchanges: list[Exchange]) -> int:
    return len(exchanges) // 2


@EXERCISE.mistake(
    "Vous comptez les questions, même celles qui restent sans réponse.",
    on=unanswered,
    gives=2,
)
def questions(exchanges: list[Exchange]) -> int:
    return sum(exchange.direction == "client→server" for exchange in exchanges)


@EXERCISE.mistake(
    "Vous comptez tout ce que dit le serveur, même ce qu'on ne lui a pas demandé.",
    on=welcome,
    gives=3,
)
def answers(exchanges: list[Exchange]) -> int:
    return sum(exchange.direction == "server→client" for exchange in exchanges)


@EXERCISE.mistake(
    "Vous mélangez les connexions : une réponse ne vaut que pour la sienne, que donne "
    "`exchange.connection`.",
    on=mixed,
    gives=1,
)
def connections_mixed(exchanges: list[Exchange]) -> int:
    ways = [exchange.direction for exchange in exchanges]
    return sum(pair == ("client→server", "server→client") for pair in pairwise(ways))
