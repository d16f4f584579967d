"""Many contacts added by a team of threads that never rushes at the server."""

# Solution
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from sandbox.exercises.carnet_de_contacts.ask_patiently import ask_patiently


def add_together(
    host: str, port: int, contacts: Mapping[str, str], workers: int = 8
) -> dict[str, str]:
    """Add the contacts (name to mail), at most `workers` at once.

    Returns:
        The server's reason for each name refused.

    Raises:
        OSError: the server does not answer; some contacts may be in.
    """

    def add(contact: tuple[str, str]) -> dict:
        name, mail = contact
        request = {"cmd": "add", "args": {"name": name, "mail": mail}}
        return ask_patiently(host, port, request)

    with ThreadPoolExecutor(workers) as pool:
        answers = dict(zip(contacts, pool.map(add, contacts.items()), strict=True))
    return {name: a["msg"] for name, a in answers.items() if not a["status"]}


# Exercise
import socket

from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays.contacts import NO_MAIL, added

EXERCISE = Exercise(
    add_together,
    hints=(
        "Écrivez d'abord une fonction qui ajoute un seul contact et rend la réponse. Ensuite, qui "
        "l'appelle, et à combien ?",
        "`with ThreadPoolExecutor(workers) as pool:` tient une équipe de `workers` threads, et "
        "attend les derniers en sortant. `pool.map(add, contacts.items())` leur distribue les "
        "contacts.",
        "`answers = list(pool.map(add, contacts.items()))` rend les réponses dans l'ordre des "
        "contacts, et lève ce qu'un thread a levé. `zip(contacts, answers)` remet les noms en "
        "face ; gardez ceux dont `status` est faux.",
    ),
)


def crowd(size: int) -> dict[str, str]:
    return {f"Élève {number:02}": f"e{number:02}@example.org" for number in range(size)}


@EXERCISE.case("trois contacts", expect={})
def three(stage: Stage, program: Program):
    return added(stage, program, crowd(3))[0]


@EXERCISE.case("quatre contacts, dont un sans adresse", expect={"Sans adresse": NO_MAIL})
def a_refusal(stage: Stage, program: Program):
    return added(stage, program, {**crowd(3), "Sans adresse": ""})[0]


@EXERCISE.case(
    "vingt contacts, un serveur lent, workers = 4 : combien de connexions à la fois ?",
    expect=Expect("de 2 à 4", lambda most: 2 <= most <= 4),
)
def at_once(stage: Stage, program: Program):
    return added(stage, program, crowd(20), pause=0.08, workers=4)[1].most


@EXERCISE.case(
    "trente contacts, un serveur lent : combien sont inscrits quand vous rendez la main ?",
    expect=30,
)
def all_in(stage: Stage, program: Program):
    return len(added(stage, program, crowd(30), pause=0.08)[1].contacts)


@EXERCISE.case("aucun contact", expect={})
def none(stage: Stage, program: Program):
    return added(stage, program, {})[0]


@EXERCISE.case("personne n'écoute sur ce port", expect=Raises(OSError))
def nobody(stage: Stage, program: Program):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        return program(*deaf.getsockname(), crowd(3), 3)


READ = "answers = dict(zip(contacts, pool.map(add, contacts.items()), strict=True))"
UNREAD = (  # threads keep the answers, and nobody looks at what `map` gives
    (READ, "pool.map(add, contacts.items())"),
    ("    with", "    answers = {}\n    with"),
    ("return ask", "answers[name] = ask"),
)

EXERCISE.mistake(
    "Vos ajouts se suivent au lieu d'aller ensemble : le serveur n'a jamais vu qu'un "
    "client à la fois. Confiez-les à plusieurs threads.",
    on=at_once,
    gives=1,
)(variant(add_together, ("pool.map(add, contacts.items())", "map(add, contacts.items())")))

EXERCISE.mistake(
    "Vous ouvrez plus de `workers` connexions à la fois, et un serveur n'est pas fait pour "
    "la ruée : `ThreadPoolExecutor(workers)` tient la limite.",
    on=at_once,
    seen=lambda failure: failure.value > 4,
)(variant(add_together, ("ThreadPoolExecutor(workers)", "ThreadPoolExecutor(len(contacts) or 1)")))

EXERCISE.mistake(
    "Vous rendez la main avant la fin : attendez chaque thread, par `join` ou en sortant "
    "d'un `with ThreadPoolExecutor(…)`.",
    on=all_in,
    seen=lambda failure: failure.value < 30,
)(variant(add_together, *UNREAD, ("with Thread", "pool = Thread"), (" as pool:\n    ", "\n")))

EXERCISE.mistake(
    "Le serveur est injoignable et votre fonction dit que tout va bien : l'exception est "
    "restée dans son thread. Demandez à chacun son résultat, ce que `map` fait pour vous.",
    on=nobody,
    seen=lambda failure: failure.value is not None,
)(variant(add_together, *UNREAD))

EXERCISE.mistake(
    "Rendez les refus, et eux seuls : ceux dont la réponse a un `status` faux.",
    seen=lambda failure: len(failure.value) in (3, 4),
)(variant(add_together, (' if not a["status"]', "")))

EXERCISE.mistake(
    "Un refus n'est pas une panne : il se range dans le dictionnaire, et n'arrête personne.",
    on=a_refusal,
    verdict="exception",
)(
    variant(
        add_together,
        ("return ask", "answer = ask"),
        ("request)\n", "request)\n        assert answer['status']\n        return answer\n"),
    )
)
