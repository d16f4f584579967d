"""Exercises of lesson 01: name the roles, hold a conversation, count the exchanges."""

import socket
from itertools import pairwise

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage
from sandbox.wire import BadNetwork, Exchange
from sandbox.wire.recording import TO_CLIENT, TO_SERVER

# Solutions


def roles() -> dict[str, str]:
    """Return the role played in each of the five situations."""
    return {"A": "client", "B": "serveur", "C": "les deux", "D": "pair", "E": "courtier"}


def converse(host: str, port: int, sentence: str) -> str:
    """Send a sentence as a line, and return all that the server answers until it hangs up."""
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(f"{sentence}\n".encode())
        answer = b""
        while chunk := client.recv(1024):
            answer += chunk
    return answer.decode()


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


# What they are tried on


def quote(connection: socket.socket) -> None:
    """Answer a line by a sentence that quotes it."""
    with connection.makefile("rwb") as stream:
        line = stream.readline()
        if line.endswith(b"\n"):
            stream.write(f"J'ai bien lu « {line.decode().rstrip()} ».".encode())


def say_nothing(connection: socket.socket) -> None:
    connection.makefile("rb").readline()


def answered(stage: Stage, function, sentence: str, play=quote, **network) -> object:
    tap = stage.scripted(play, BadNetwork(direction=TO_CLIENT, **network))
    return function(tap.host, tap.port, sentence)


def seen(talk: str) -> list[Exchange]:
    """Return exchanges from words such as ``1>`` (client of connection 1) or ``2<`` (server)."""
    return [
        Exchange(int(word[0]), TO_SERVER if word[1] == ">" else TO_CLIENT, b"...", float(time))
        for time, word in enumerate(talk.split())
    ]


# Mistakes foreseen


def browser_serves() -> dict[str, str]:
    return {**roles(), "A": "serveur"}


def only_a_server() -> dict[str, str]:
    return {**roles(), "C": "serveur"}


def both_for_a_peer() -> dict[str, str]:
    return {**roles(), "D": "les deux"}


def capitals() -> dict[str, str]:
    return {letter: role.capitalize() for letter, role in roles().items()}


def not_encoded(host: str, port: int, sentence: str) -> str:
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(sentence + "\n")
        return client.recv(1024).decode()


def no_newline(host: str, port: int, sentence: str) -> str:
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(sentence.encode())
        return client.recv(1024).decode()


def still_bytes(host: str, port: int, sentence: str) -> bytes:
    return converse(host, port, sentence).encode()


def one_recv(host: str, port: int, sentence: str) -> str:
    with socket.create_connection((host, port), timeout=5) as client:
        client.sendall(f"{sentence}\n".encode())
        return client.recv(1024).decode(errors="replace")


def half(exchanges: list[Exchange]) -> int:
    return len(exchanges) // 2


def questions(exchanges: list[Exchange]) -> int:
    return sum(exchange.direction == "client→server" for exchange in exchanges)


def answers(exchanges: list[Exchange]) -> int:
    return sum(exchange.direction == "server→client" for exchange in exchanges)


def connections_mixed(exchanges: list[Exchange]) -> int:
    ways = [exchange.direction for exchange in exchanges]
    return sum(pair == ("client→server", "server→client") for pair in pairwise(ways))


# Exercises


def role_case(letter: str, situation: str) -> Case:
    return Case(
        f"{letter} : {situation}",
        lambda stage, f: f()[letter],
        Expect("le bon rôle", lambda value: value == roles()[letter]),
    )


ROLES = Exercise(
    roles,
    label="ex-introduction-roles",
    hints=(
        "Posez toujours la même question : qui appelle, et qui attend d'être appelé ?",
        "Un programme peut attendre d'un côté et appeler de l'autre. Et si tous font les deux, "
        "à égalité, le mot existe aussi.",
        "Il y a un `client`, un `serveur`, un `les deux`, un `pair` et un `courtier`.",
    ),
    cases=[
        role_case("A", "le navigateur"),
        role_case("B", "le programme qui attend"),
        role_case("C", "la billetterie"),
        role_case("D", "le partage de fichiers"),
        role_case("E", "le distributeur de mesures"),
    ],
    mistakes=[
        Mistake(
            "Vos rôles s'écrivent en minuscules, comme dans l'énoncé.",
            capitals,
            lambda failure: failure.value != failure.value.lower(),
        ),
        Mistake(
            "Le navigateur n'attend l'appel de personne : c'est lui qui se connecte.",
            browser_serves,
            lambda failure: failure.case.startswith("A") and failure.value == "serveur",
        ),
        Mistake(
            "Regardez la billetterie des deux côtés : elle attend les acheteurs, et elle "
            "appelle la banque.",
            only_a_server,
            lambda failure: failure.case.startswith("C") and failure.value in ("client", "serveur"),
        ),
        Mistake(
            "Quand tous les programmes sont à égalité, chacun demandant aux autres, le "
            "mot juste est « pair ».",
            both_for_a_peer,
            lambda failure: failure.case.startswith("D") and failure.value == "les deux",
        ),
    ],
)

LONG = "une phrase de 3000 lettres"
IN_PIECES = "la réponse arrive en petits morceaux"

CONVERSE = Exercise(
    converse,
    label="ex-introduction-converse",
    hints=(
        "Les trois gestes de la leçon : se connecter, envoyer, recevoir. La phrase part avec un "
        "retour à la ligne, encodée.",
        "Un seul `recv` ne suffit pas toujours : recommencez jusqu'à ce qu'il rende `b''`, le "
        "signe que le serveur a raccroché.",
        "`while chunk := client.recv(1024): answer += chunk`, puis `answer.decode()`.",
    ),
    cases=[
        Case(
            "`'Bonjour'`",
            lambda stage, f: answered(stage, f, "Bonjour"),
            "J'ai bien lu « Bonjour ».",
        ),
        Case(
            "`'Ça va, Zoé ?'`",
            lambda stage, f: answered(stage, f, "Ça va, Zoé ?"),
            "J'ai bien lu « Ça va, Zoé ? ».",
        ),
        Case(
            LONG,
            lambda stage, f: answered(stage, f, "a" * 3000),
            Expect("la phrase entière", lambda value: value == f"J'ai bien lu « {'a' * 3000} »."),
        ),
        Case(
            IN_PIECES,
            lambda stage, f: answered(stage, f, "été", fragment=5),
            "J'ai bien lu « été ».",
        ),
        Case(
            "le serveur raccroche sans un mot",
            lambda stage, f: answered(stage, f, "Bonjour", play=say_nothing),
            "",
        ),
    ],
    mistakes=[
        Mistake(
            "Le réseau transporte des octets : encodez la phrase par `.encode()`.",
            not_encoded,
            lambda failure: isinstance(failure.error, TypeError),
        ),
        Mistake(
            "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `'\\n'` à la "
            "phrase.",
            no_newline,
            lambda failure: failure.sent and not failure.sent.endswith(b"\n"),
        ),
        Mistake(
            "Vous rendez des octets : un dernier `.decode()` en fait du texte.",
            still_bytes,
            lambda failure: isinstance(failure.value, bytes),
        ),
        Mistake(
            "Vous n'avez lu que le début : recommencez `recv` jusqu'à `b''`.",
            one_recv,
            lambda failure: failure.case in (LONG, IN_PIECES) and failure.verdict == "faux",
        ),
    ],
)

UNANSWERED = "une question, sa réponse, une question restée sans réponse"
WELCOME = "le serveur salue d'abord, puis une question et sa réponse"
MIXED = "deux connexions : deux questions, puis les deux réponses"

ROUND_TRIPS = Exercise(
    round_trips,
    label="ex-introduction-round-trips",
    hints=(
        "Un aller-retour, c'est une question puis une réponse, sur la même connexion. Retenez "
        "qui attend une réponse.",
        "Un ensemble des connexions qui attendent : on y entre par `client→server`, on en sort "
        "par `server→client`.",
        "À une réponse : si `exchange.connection in waiting`, on l'ôte de `waiting` et l'on "
        "compte 1. Sinon, personne n'avait rien demandé.",
    ),
    cases=[
        Case("une question, une réponse", lambda stage, f: f(seen("1> 1<")), 1),
        Case("trois fois de suite", lambda stage, f: f(seen("1> 1< 1> 1< 1> 1<")), 3),
        Case("rien du tout", lambda stage, f: f([]), 0),
        Case(UNANSWERED, lambda stage, f: f(seen("1> 1< 2>")), 1),
        Case(WELCOME, lambda stage, f: f(seen("1< 1> 1< 2<")), 1),
        Case(MIXED, lambda stage, f: f(seen("1> 2> 1< 2<")), 2),
    ],
    mistakes=[
        Mistake(
            "Diviser par deux suppose que tout va par paires : un serveur peut saluer sans "
            "qu'on lui demande rien.",
            half,
            lambda failure: failure.case == WELCOME and failure.value == 2,
        ),
        Mistake(
            "Vous comptez les questions, même celles qui restent sans réponse.",
            questions,
            lambda failure: failure.case == UNANSWERED and failure.value == 2,
        ),
        Mistake(
            "Vous comptez tout ce que dit le serveur, même ce qu'on ne lui a pas demandé.",
            answers,
            lambda failure: failure.case == WELCOME and failure.value == 3,
        ),
        Mistake(
            "Vous mélangez les connexions : une réponse ne vaut que pour la sienne, que donne "
            "`exchange.connection`.",
            connections_mixed,
            lambda failure: failure.case == MIXED and failure.value == 1,
        ),
    ],
)
