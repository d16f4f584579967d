"""The demos of the lessons, in the built book: there where lessons ask for them, and alive."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Locator

from tests.helpers import eventually
from tests.live.asked import every_demo
from tests.live.reader import Live
from tools import HTML


def test_the_book_holds_demos_where_pages_ask_for_them():
    held = {path: path.read_text(encoding="utf-8") for path in HTML.glob("*/*.html")}
    counted = {
        path.relative_to(HTML).with_suffix("").as_posix(): text.count("<flask-live")
        for path, text in held.items()
    }
    assert +Counter(counted) == Counter(each.page for each in every_demo())
    assert all(("element.js" in text) == ("<flask-live" in text) for text in held.values())


@pytest.mark.parametrize("asked", every_demo(), ids=str)
def test_a_demo_shows_in_the_page_what_it_shows_on_a_machine(open_url, launch, site, asked):
    address = launch(asked.demo).url + asked.start
    visitors = [open_url(address).page for _ in range(asked.visitors)]
    demo = Live(open_url(f"{site}{asked.page}.html"), asked.rank)
    demo.run()
    for rank, page in enumerate(visitors):
        window = demo.element.frame_locator("iframe").nth(rank)
        assert say_the_same(window.locator("body"), page.locator("body"))
    assert demo.watched.errors == []
    assert demo.watched.outside(site) == []


def say_the_same(window: Locator, page: Locator) -> bool:
    """Tell whether two pages come to say the same, but for numbers: times, ports, draws."""
    return eventually(lambda: words(window) == words(page) != "", seconds=20)


def words(body: Locator) -> str:
    return re.sub(r"\d+", "0", body.inner_text())
