"""French sentences shown in notebooks: typography and code, written simply in our sources."""

import re
from html import escape

NO_BREAK = re.compile(r" (?=[:;?!»%])|(?<=«) ")


def typeset(text: str) -> str:
    """Return a sentence with its apostrophes and no-break spaces; code is left as it is."""
    pieces = text.split("`")
    pieces[::2] = [NO_BREAK.sub("\u00a0", piece).replace("'", "’") for piece in pieces[::2]]
    return "`".join(pieces)


def to_html(text: str) -> str:
    """Return a sentence in HTML, typeset, with code between backquotes."""
    pieces = escape(typeset(text), quote=False).split("`")
    pieces[1::2] = [f"<code>{piece}</code>" for piece in pieces[1::2]]
    return "".join(pieces)
