"""The interface of the built site is in French: buttons, labels, titles, what scripts add."""

import pytest

from tests.book.labels import english
from tests.helpers import PAGES
from tools import HTML


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_english_label(path):
    page = (HTML / path).read_text(encoding="utf-8")
    if "<main" in page:  # not the page that only leads to another
        assert '<html lang="fr"' in page
        assert english(page) == []


@pytest.mark.parametrize(
    "label",
    ['<button title="Toggle primary sidebar">', '<p class="admonition-title">Show code</p>'],
)
def test_an_english_label_is_seen(label):
    page = f"<html><body><main><article class='bd-article'>{label}</article></main></body></html>"
    assert len(english(page)) == 1
