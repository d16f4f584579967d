"""TCP 3001: an address book, and a protocol of one's own to talk to it.

A connection carries one request and its answer, two JSON objects::

    {"cmd": "find", "args": {"name": "Zoé Lefèvre"}}
    {"status": true, "msg": "…", "data": {"Zoé Lefèvre": "zoe.lefevre@example.org"}}

Nothing frames the request but the JSON itself: its last brace ends it. So the server follows the
object as it comes, answers as soon as it is complete, or as soon as it can no longer become one.
"""

from __future__ import annotations

import codecs
import itertools
import json
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.contact.checks import MAX_TEXT, Refused, check_keys, check_text, kind, quoted
from sandbox.contact.strict_json import ObjectFollower, parse
from sandbox.serving.tcp import log, main

MAX_REQUEST = 64 * 1024  # bytes
MAX_CONTACTS = 5000
BEGIN_SECONDS = 60.0  # given to begin a request: a student may be typing, cell after cell
SILENCE_SECONDS = 2.0  # without a byte: a request once begun is over
DEADLINE_SECONDS = 30.0  # for a whole request, however slowly it drips; as much for its answer

Result = tuple[str, dict[str, str]]  # a sentence for people, data for programs


# The contacts


class ContactBook:
    """Names and mails. Each client has its thread: one lock keeps them from losing a contact."""

    def __init__(self, contacts: dict[str, str]) -> None:
        self._mails = dict(contacts)
        self._lock = threading.Lock()

    def all(self) -> dict[str, str]:
        """Return a copy: the caller may take its time while others add and remove."""
        with self._lock:
            return dict(self._mails)

    def put(self, name: str, mail: str) -> str | None:
        """Write a contact down; return the mail that it replaces, if any."""
        with self._lock:
            previous = self._mails.get(name)
            if previous is None and len(self._mails) >= MAX_CONTACTS:
                raise Refused(
                    f"Carnet plein : il tient {MAX_CONTACTS} contacts. "
                    "Retirez-en un avec la commande remove."
                )
            self._mails[name] = mail
            return previous

    def find(self, name: str) -> str:
        with self._lock:
            if name not in self._mails:
                raise Refused(f"{quoted(name)} n'est pas dans le carnet.")
            return self._mails[name]

    def remove(self, name: str) -> None:
        with self._lock:
            if name not in self._mails:
                raise Refused(f"{quoted(name)} n'est pas dans le carnet.")
            del self._mails[name]


BOOK = ContactBook(
    {
        "Zoé Lefèvre": "zoe.lefevre@example.org",
        "Karim Benali": "karim.benali@example.org",
    }
)


# The commands


def show_help() -> Result:
    return "Voici les commandes.", {name: command.help for name, command in COMMANDS.items()}


def list_contacts() -> Result:
    contacts = BOOK.all()
    return f"Contacts dans le carnet : {len(contacts)}.", contacts


def add_contact(name: str, mail: str) -> Result:
    previous = BOOK.put(name, mail)
    if previous is None:
        return f"{quoted(name)} est ajouté au carnet.", {}
    return f"{quoted(name)} était déjà dans le carnet : son adresse est remplacée.", {}


def find_contact(name: str) -> Result:
    return f"{quoted(name)} est dans le carnet.", {name: BOOK.find(name)}


def remove_contact(name: str) -> Result:
    BOOK.remove(name)
    return f"{quoted(name)} est retiré du carnet.", {}


@dataclass(frozen=True)
class Command:
    """What a command runs, the arguments it wants, what to say of it."""

    run: Callable[..., Result]
    arguments: tuple[str, ...]
    help: str


COMMANDS = {
    "help": Command(show_help, (), "Explique les commandes. Sans argument."),
    "list": Command(list_contacts, (), "Donne tous les contacts. Sans argument."),
    "add": Command(
        add_contact,
        ("name", "mail"),
        "Ajoute un contact, ou remplace l'adresse d'un contact déjà là. "
        f"Arguments : name et mail, des textes de 1 à {MAX_TEXT} caractères.",
    ),
    "find": Command(find_contact, ("name",), "Cherche un contact. Argument : name, son nom exact."),
    "remove": Command(
        remove_contact, ("name",), "Retire un contact. Argument : name, son nom exact."
    ),
}


# The conversation


class ContactHandler(socketserver.BaseRequestHandler):
    """One connection: read a request, do what it says, answer."""

    def handle(self) -> None:
        try:
            msg, data = execute(parse(self.read_request()))
            status = True
        except Refused as reason:
            msg, data = str(reason), {}
            status = False
        log(self.client_address[0], f"{'accepté' if status else 'refusé'} : {msg}")
        self.send({"status": status, "msg": msg, "data": data})

    def read_request(self) -> str:
        """Return the text of one JSON object, without what may come after its last brace.

        Raises:
            Refused: it is not an object, or is too long, or too slow to come.
        """
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        follower = ObjectFollower()
        text, size = "", 0
        deadline = time.monotonic() + BEGIN_SECONDS
        self.request.settimeout(BEGIN_SECONDS)
        while not follower.complete:
            if size == MAX_REQUEST:
                raise Refused(f"Requête trop longue : je n'accepte que {MAX_REQUEST} octets.")
            try:
                chunk = self.request.recv(min(4096, MAX_REQUEST - size))
            except TimeoutError:
                raise Refused(
                    f"{follower.missing()} Je n'attends que {SILENCE_SECONDS:g} s en silence, "
                    f"et {DEADLINE_SECONDS:g} s en tout."
                ) from None
            if not chunk:
                raise Refused(follower.missing())
            if not size:
                deadline = time.monotonic() + DEADLINE_SECONDS
            size += len(chunk)
            piece = decoder.decode(chunk)
            text += piece
            follower.read(piece)
            self.request.settimeout(max(0.001, min(SILENCE_SECONDS, deadline - time.monotonic())))
        return text[: follower.position]

    def send(self, answer: dict[str, object]) -> None:
        """Send an answer piece by piece: a long list is never whole in memory."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        tokens = json.JSONEncoder(ensure_ascii=False).iterencode(answer)
        while piece := "".join(itertools.islice(tokens, 200)):
            self.request.settimeout(max(0.001, deadline - time.monotonic()))
            self.request.sendall(piece.encode())


# The request


def execute(request: dict[str, object]) -> Result:
    """Check a request and run its command."""
    check_keys("la requête", request, allowed=("cmd", "args"), required=("cmd",))
    name, arguments = request["cmd"], request.get("args", {})
    if not isinstance(name, str):
        raise Refused(f"cmd doit être un texte, pas {kind(name)}.")
    if name not in COMMANDS:
        raise Refused(f"Commande inconnue : {quoted(name)}. Les commandes : {', '.join(COMMANDS)}.")
    if not isinstance(arguments, dict):
        raise Refused(f"args doit être un objet, pas {kind(arguments)}.")
    command = COMMANDS[name]
    check_keys(f"args de {name}", arguments, command.arguments, command.arguments)
    for argument, value in arguments.items():
        check_text(argument, value)
    return command.run(**arguments)


if __name__ == "__main__":
    main("server_contact", ContactHandler)
