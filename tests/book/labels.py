"""What is still in English in a page's interface: buttons, labels, titles, what scripts add."""

import re

from bs4 import BeautifulSoup

#: Words that no French label holds; "Index", "Page" and "Menu" are French too.
ENGLISH = re.compile(
    r"\b(?:by|click|close|collapse|contents|copied|copy|dark|download|edit|error|expand|for|"
    r"fullscreen|hidden|hide|home|issue|launch|light|link|loading|next|of|open|"
    r"previous|primary|print|repository|results|search|secondary|settings|show|sidebar|skip|"
    r"source code|the|this|to|toggle|warning|with|your)\b|^main$",
    re.IGNORECASE,
)
#: French, or a file's name, all the same.
ACCEPTED = re.compile(r"https?://\S+|[\w/.-]+\.\w+|/\S+")
LABELS = ("aria-label", "title", "placeholder", "data-tooltip", "data-toggle-hint")
#: What the course writes itself, where code is quoted: the tests of spelling read it.
HEAVY = re.compile(r"<(script|style|pre|svg|code)\b.*?</\1>", re.DOTALL)
PROSE = (
    ".flask-live, #search-results li, "
    ".bd-article :is(p:not(.admonition-title), li, table, dl, form)"
)


def english(page: str) -> list[str]:
    """Return the English labels and texts of a page's interface."""
    document = BeautifulSoup(HEAVY.sub("", page), "html.parser")
    for prose in document.select(PROSE):
        prose.extract()
    labels = [
        f"{name}={element[name]!r}"
        for element in document.find_all(True)
        for name in LABELS
        if is_english(element.get(name, ""))
    ]
    return labels + [text.strip() for text in document.body.stripped_strings if is_english(text)]


def is_english(text: str) -> bool:
    return bool(ENGLISH.search(ACCEPTED.sub("", text)))
