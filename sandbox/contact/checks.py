"""What may be refused in a request, once it is known to be JSON, and how to say it."""

from __future__ import annotations

from collections.abc import Collection

MAX_TEXT = 254  # characters of a name or of a mail


class Refused(Exception):
    """Why a request is refused, in French: what was expected, what was got."""


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
