"""Search in French that finds « réseau » for "reseau" and the other way round.

Sphinx stems French words but keeps their accents. Both sides fold them before stemming: here
when the index is made, and in the page when a query is split into words.
"""

import unicodedata

from sphinx.application import Sphinx
from sphinx.search.fr import SearchFrench

SPLITTER = """
function splitQuery(query) {
  return query
    .normalize("NFD").replace(/\\p{M}/gu, "")
    .replace(/œ/gu, "oe").replace(/æ/gu, "ae").replace(/[’']/gu, " ")
    .split(/[^\\p{L}\\p{N}_]+/gu)
    .filter(term => term);
}
"""


def fold(text: str) -> str:
    """Return `text` without accents or ligatures."""
    for ligature, letters in (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("’", " ")):
        text = text.replace(ligature, letters)
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class SearchFoldedFrench(SearchFrench):
    """French whose words are split and stemmed without their accents."""

    js_splitter_code = SPLITTER
    stopwords = frozenset(fold(word) for word in SearchFrench.stopwords)

    def split(self, input: str) -> list[str]:
        return super().split(fold(input))


def setup(app: Sphinx) -> dict:
    app.add_search_language(SearchFoldedFrench)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
