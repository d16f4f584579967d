"""JSON read as it comes, and refused as soon as it can no longer be an object."""

from __future__ import annotations

import json

from sandbox.contact.checks import Refused, quoted

MAX_DEPTH = 20  # brackets within brackets: a request needs two

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
