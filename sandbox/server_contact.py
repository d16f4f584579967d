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
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sandbox.serving.tcp import log, main

MAX_REQUEST = 64 * 1024  # bytes
MAX_DEPTH = 20  # brackets within brackets: a request needs two
MAX_TEXT = 254  # characters of a name or of a mail
MAX_CONTACTS = 5000
PATIENCE = 60.0  # seconds given to begin a request: a student may be typing, cell after cell
SILENCE = 2.0  # seconds without a byte that end a request once begun
DEADLINE = 30.0  # seconds for a whole request, however slowly it drips; as much for its answer

Result = tuple[str, dict[str, str]]  # a sentence for people, data for programs


class Refused(Exception):
    """Why a request is refused, in French: what was expected, what was got."""


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
        deadline = time.monotonic() + PATIENCE
        self.request.settimeout(PATIENCE)
        while not follower.complete:
            if size == MAX_REQUEST:
                raise Refused(f"Requête trop longue : je n'accepte que {MAX_REQUEST} octets.")
            try:
                chunk = self.request.recv(min(4096, MAX_REQUEST - size))
            except TimeoutError:
                raise Refused(
                    f"{follower.missing()} Je n'attends que {SILENCE:g} s en silence, "
                    f"et {DEADLINE:g} s en tout."
                ) from None
            if not chunk:
                raise Refused(follower.missing())
            if not size:
                deadline = time.monotonic() + DEADLINE
            size += len(chunk)
            piece = decoder.decode(chunk)
            text += piece
            follower.read(piece)
            self.request.settimeout(max(0.001, min(SILENCE, deadline - time.monotonic())))
        return text[: follower.position]

    def send(self, answer: dict[str, object]) -> None:
        """Send an answer piece by piece: a long list is never whole in memory."""
        deadline = time.monotonic() + DEADLINE
        tokens = json.JSONEncoder(ensure_ascii=False).iterencode(answer)
        while piece := "".join(itertools.islice(tokens, 200)):
            self.request.settimeout(max(0.001, deadline - time.monotonic()))
            self.request.sendall(piece.encode())


SPACES = " \t\r\n"
WORD = "0123456789+-.eE" + "truefalsenull"  # what numbers, true, false and null are made of
VALUE = '"{[' + "-0123456789" + "tfn"  # what may begin a value
KEY = '"'
ESCAPED = '"\\/bfnrtu'  # what may follow a backslash


class ObjectFollower:
    """Follows a JSON object character by character, without ever looking back.

    It knows at each step which characters may come next (https://www.json.org has the drawings),
    hence whether the object is complete, or not yet, or will never be. A number or a word may
    still be misspelt: `parse` will see it.

    Attributes:
        position: how many characters were followed.
        complete: the last of them closed the object.
    """

    def __init__(self) -> None:
        self.position = 0
        self.complete = False
        self.expected = "{"
        self.closers: list[str] = []  # the brackets that have to come, the innermost last
        self.in_string = False
        self.after_backslash = False

    def read(self, text: str) -> None:
        """Follow `text`, no further than the end of the object.

        Raises:
            Refused: this will never be a JSON object.
        """
        for character in text:
            if self.complete:
                return
            self.position += 1
            if "\udc80" <= character <= "\udcff":  # how "surrogateescape" marks a wrong byte
                raise Refused(f"L'octet 0x{ord(character) - 0xDC00:02x} n'est pas de l'UTF-8 ici.")
            if self.in_string:
                self.read_in_string(character)
            elif character in SPACES:
                self.expected = self.expected.removeprefix(WORD)  # a space ends a word
            elif character in self.expected:
                self.read_in_structure(character)
            else:
                raise self.surprise(character, self.wanted())

    def read_in_string(self, character: str) -> None:
        if self.after_backslash:
            if character not in ESCAPED:
                raise self.surprise(character, f"l'un de {ESCAPED} après une barre oblique inverse")
            self.after_backslash = False
        elif character == "\\":
            self.after_backslash = True
        elif character == '"':
            self.in_string = False
        elif character < " ":
            raise self.surprise(character, "un caractère visible (à la ligne s'écrit \\n)")

    def read_in_structure(self, character: str) -> None:
        if character in "{[":
            if len(self.closers) == MAX_DEPTH:
                raise Refused(f"Requête trop imbriquée : {MAX_DEPTH} niveaux suffisent.")
            self.closers.append("}" if character == "{" else "]")
            self.expected = KEY + "}" if character == "{" else VALUE + "]"
        elif character in "}]":
            self.closers.pop()
            self.complete = not self.closers
            self.expected = self.after_value()
        elif character == '"':
            self.in_string = True
            is_key = self.expected in (KEY, KEY + "}")
            self.expected = ":" if is_key else self.after_value()
        elif character == ":":
            self.expected = VALUE
        elif character == ",":
            self.expected = KEY if self.closers[-1] == "}" else VALUE
        else:
            self.expected = WORD + self.after_value()

    def after_value(self) -> str:
        return "," + "".join(self.closers[-1:])

    def wanted(self) -> str:
        if self.expected.startswith(VALUE):
            return "une valeur"
        return " ou ".join(quoted(choice) for choice in self.expected.removeprefix(WORD))

    def surprise(self, character: str, wanted: str) -> Refused:
        return Refused(
            f"Ce n'est pas un objet JSON : au caractère {self.position}, "
            f"j'attendais {wanted}, pas {quoted(character)}."
        )

    def missing(self) -> str:
        """Say what an object that stops here lacks."""
        if not self.closers:
            return "Je n'ai reçu aucune requête."
        end = '"' * self.in_string + "".join(reversed(self.closers))
        return f"Requête incomplète : il y manque au moins {quoted(end)}."


# The request


def parse(text: str) -> dict[str, object]:
    try:
        return json.loads(text, object_pairs_hook=without_duplicates)
    except ValueError:  # what the follower lets through: 01, nulle, \uzzzz, 5000 digits…
        raise Refused(
            "La requête n'est pas du JSON : un nombre, un mot ou une séquence \\u y est mal écrit."
        ) from None


def without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object; the standard library would silently keep the last of two equal keys."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"La clé {quoted(key)} est donnée deux fois.")
        found[key] = value
    return found


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


def check_keys(
    where: str, given: dict[str, object], allowed: Collection[str], required: Collection[str]
) -> None:
    expected = f"Clés attendues : {', '.join(allowed) or 'aucune'}."
    for key in required:
        if key not in given:
            raise Refused(f"Il manque {quoted(key)} dans {where}. {expected}")
    for key in given:
        if key not in allowed:
            raise Refused(f"{quoted(key)} est de trop dans {where}. {expected}")


def check_text(argument: str, value: object) -> None:
    if not isinstance(value, str):
        raise Refused(f"{argument} doit être un texte, pas {kind(value)}.")
    if not 1 <= len(value) <= MAX_TEXT:
        raise Refused(f"{argument} doit avoir de 1 à {MAX_TEXT} caractères, pas {len(value)}.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        # JSON lets one write "\ud800", half of a UTF-16 pair; it is no text, UTF-8 cannot say it.
        raise Refused(f"{argument} contient une moitié de caractère : {quoted(value)}.")


KINDS = {
    type(None): "null",
    bool: "un booléen",
    int: "un nombre",
    float: "un nombre",
    str: "un texte",
    list: "une liste",
    dict: "un objet",
}


def kind(value: object) -> str:
    return KINDS[type(value)]


def quoted(text: str) -> str:
    """Return what a client sent in a form fit for a sentence: short, on one line, visible."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:60])
    return f"« {shown}{'…' if len(text) > 60 else ''} »"


if __name__ == "__main__":
    main(
        "server_contact",
        ContactHandler,
    )
