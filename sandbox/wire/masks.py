"""What varies from run to run is masked in the drawings, here and nowhere else."""

import re
from collections.abc import Mapping

#: What is replaced, and by what. The data that programs read is never masked.
MASKS = [
    (re.compile(r"\b[A-Z][a-z]{2}, \d\d[ -][A-Z][a-z]{2}[ -]\d{4} \d\d:\d\d:\d\d GMT"), "⟨date⟩"),
    (re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3A)\d{2,5}"), r"\1\2⟨port⟩"),
    (re.compile(r"(Python(?:-urllib)?/3)\.[\d.]+\w*"), r"\1.⟨…⟩"),
    (re.compile(r"(Bearer )[\w.~+/=-]+"), r"\1⟨jeton⟩"),
    (re.compile(r"(name=.csrf_?token.[^>]*?value=.)[^\"']+", re.IGNORECASE), r"\1⟨jeton⟩"),
    (re.compile(r"(\bcsrf_token=)[\w.-]+"), r"\1⟨jeton⟩"),  # in a form that is sent
    (re.compile(r"(\"sid\": ?\")[^\"]+"), r"\1⟨sid⟩"),
    (re.compile(r"([?&]sid=)[\w-]+"), r"\1⟨sid⟩"),
    (re.compile(r"\b\d{10}\.\d+-\d+-\d+\b"), "⟨version⟩"),  # Werkzeug's ETag holds a file's date
    (re.compile(r"(\bEIO=\d\S*[?&]t=)[\w.-]+"), r"\1⟨heure⟩"),
]
#: Headers whose value is a key, or holds one.
KEYS = {"sec-websocket-key", "sec-websocket-accept", "x-csrftoken", "x-csrf-token"}
COOKIE = re.compile(r"([^=;\s]+)=([^;]*)")


def mask(text: str) -> str:
    """Mask what varies in a text."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def mask_members(text: str, members: Mapping[str, str]) -> str:
    """Mask the numbers that members of JSON objects hold, each one by its word."""
    for name, word in members.items():
        text = re.sub(rf'("{re.escape(name)}": ?)[\d.e-]+', rf"\1⟨{word}⟩", text)
    return text


def mask_field(name: str, value: str) -> str:
    """Mask what varies in the value of a header."""
    if name.lower() in KEYS:
        return "⟨clé⟩"
    if name.lower() == "cookie":
        return COOKIE.sub(r"\1=⟨valeur⟩", value)
    if name.lower() == "set-cookie":
        return mask(COOKIE.sub(r"\1=⟨valeur⟩", value, count=1))
    return mask(value)
