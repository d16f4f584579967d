"""Words of the glossary lead to it from their first use in each lesson, and enter the index.

The glossary alone decides: a word added there is linked everywhere at the next build. Its plural is
known; a word whose ordinary meaning would mislead is linked only where the lesson has it in bold.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = "book/glossaire"
#: Ordinary words too: "on l’a vue", "la réponse est non".
ONLY_IN_BOLD = frozenset(
    [
        "contexte",
        "corps",
        "filtre",
        "héritage",
        "interface",
        "masque",
        "passerelle",
        "ressource",
        "route",
        "schéma",
        "session",
        "trace",
        "vue",
    ]
)
#: Where a link would be noise, or is one already.
UNTOUCHED = (
    addnodes.pending_xref,
    nodes.entry,
    nodes.literal,
    nodes.reference,
    nodes.title,
)


def terms(source: str) -> list[tuple[str, ...]]:
    """Return the glossary's words, the synonyms of an entry together.

    >>> terms("```{glossary}\\nthread\\nfil\\n  Une suite.\\n```")
    [('thread', 'fil')]
    """
    body = source.split("```{glossary}\n", 1)[1].rsplit("```", 1)[0]
    heads = (re.split(r"\n\s", entry, maxsplit=1)[0] for entry in body.strip().split("\n\n"))
    return [tuple(head.splitlines()) for head in heads]


@functools.cache
def pattern(words: tuple[str, ...]) -> re.Pattern:
    """Return what matches any of `words`, in the singular or the plural."""
    several = (r"s?\s".join(map(re.escape, word.split())) for word in words)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(several)})[sx]?(?![\w-])", re.IGNORECASE)


class LinkFirstUses(SphinxTransform):
    """Link the first use of each word of the glossary."""

    default_priority = 500  # before Sphinx resolves references and gathers the index

    def apply(self, **kwargs: object) -> None:
        if not self.env.docname.startswith("notebooks/"):
            return
        glossary = Path(self.env.doc2path(GLOSSARY))
        self.env.note_dependency(str(glossary))
        texts = list(self.prose())
        for words in terms(glossary.read_text(encoding="utf-8")):
            self.link_first(words, texts)

    def link_first(self, words: tuple[str, ...], texts: list[nodes.Text]) -> None:
        """Link the first use of a word; `texts` are those that may hold it, and stay so."""
        looked_for = pattern(words)
        for place, text in enumerate(texts):
            bold = isinstance(text.parent, nodes.strong)
            if (words[0] not in ONLY_IN_BOLD or bold) and (found := looked_for.search(text)):
                parts = list(linked(text, found, words[0]))
                text.parent.replace(text, parts)
                texts[place : place + 1] = [part for part in parts if isinstance(part, nodes.Text)]
                self.enter_index(words[0])
                return

    def prose(self) -> Iterator[nodes.Text]:
        """Yield the texts of paragraphs that may hold a link."""
        for paragraph in self.document.findall(nodes.paragraph):
            if not any(is_apart(node) for node in lineage(paragraph)):
                for text in paragraph.findall(nodes.Text):
                    if not any(isinstance(node, UNTOUCHED) for node in lineage(text)):
                        yield text

    def enter_index(self, word: str) -> None:
        """Let the index say that this lesson uses `word`."""
        lesson = next(self.document.findall(nodes.title)).astext()
        entry = ("single", f"{word}; {lesson}", anchor(word), "", None)
        self.document.insert(0, addnodes.index(entries=[entry]))


def lineage(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield all that holds `node`, from the nearest."""
    while node := node.parent:
        yield node


def is_apart(node: nodes.Node) -> bool:
    """Tell what is not the lesson's own text.

    Its card announces words before they are taught; cells have outputs; Sphinx, remarks.
    """
    return isinstance(node, nodes.system_message) or (
        isinstance(node, nodes.Element)
        and not {"lesson-card", "cell"}.isdisjoint(node.get("classes", ()))
    )


def linked(text: nodes.Text, found: re.Match, word: str) -> Iterator[nodes.Node]:
    """Yield `text` with what was `found` in it as a link to `word`, when there is text to yield."""
    before, after = text[: found.start()], text[found.end() :]
    link = addnodes.pending_xref(
        "", nodes.inline("", found[0]), refdomain="std", reftype="term", reftarget=word
    )
    link["refexplicit"] = True
    if before:
        yield nodes.Text(before)
    yield nodes.inline("", "", link, ids=[anchor(word)], classes=["glossary-word"])
    if after:
        yield nodes.Text(after)


def anchor(word: str) -> str:
    """Return the identifier of the first use of `word` in its page.

    >>> anchor("échéance")
    'mot-echeance'
    """
    plain = unicodedata.normalize("NFD", word.lower()).encode("ascii", "ignore").decode()
    return "mot-" + re.sub(r"\W+", "-", plain)


def setup(app: Sphinx) -> dict:
    app.add_transform(LinkFirstUses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
