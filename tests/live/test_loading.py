"""What a page of demos loads, and when."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import requests

from tests.live.reader import Live


def test_nothing_but_the_element_is_loaded_before_running(open_live):
    demo = open_live("demo2")
    loaded = [Path(url).name for url in demo.watched.requests if "/live/" in url]
    assert sorted(name for name in loaded if not name.startswith("chunk-")) == [
        "element.js",
        "live.css",
    ]
    assert not demo.page.workers


def test_a_page_without_demo_loads_nothing_of_it(open_live):
    page = open_live("plain")
    assert not any("/live/" in url for url in page.watched.requests)


def test_a_page_does_not_hold_the_answers_to_its_tasks(demos_site):
    page = requests.get(f"{demos_site}leçons/tasks.html", timeout=10).content.decode()
    assert "c’est 6 s" in page
    assert "6000ms" not in page
    assert "ATTEMPTS" not in page


def test_two_demos_of_a_page_share_one_python(open_live):
    first = open_live("two")
    second = Live(first.watched, 1)
    first.run()
    second.run()
    second.sees("La roue", "h1")
    first.part("[title='Recharger']").click()
    first.sees("six lignes")
    assert sum(url.endswith(".wasm") for url in first.watched.requests) == 1
    assert len(first.page.workers) == 1


def test_python_starts_from_nothing_where_it_must(open_url, demos_site):
    """A browser that cannot restore the snapshot, or a site that has lost it."""
    watched = open_url(f"{demos_site}leçons/demo1.html")
    watched.page.route("**/flask.snapshot", lambda route: route.fulfill(status=404))
    with watched.page.expect_console_message(lambda said: "from nothing" in said.text):
        Live(watched).run()
    Live(watched).sees("Bonjour")


CHANCE_AND_TIME = """
import random
from datetime import datetime

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return f"<h1>{random.random()} {datetime.now():%H:%M}</h1>"


app.run(port=5001)
"""


def test_each_reader_has_their_own_chance_and_time(open_live):
    """Every Python starts from one memory, made when the book was."""
    drawn = set()
    for timezone in ("Europe/Paris", "Asia/Kathmandu"):
        demo = open_live("demo1", timezone_id=timezone)
        demo.replace("app.py", CHANCE_AND_TIME)
        demo.page.keyboard.press("Control+Enter")
        demo.sees(":", "h1")
        number, time = demo.frame.locator("h1").text_content().split()
        drawn.add(number)
        now = datetime.now(ZoneInfo(timezone))
        assert time in {f"{now - timedelta(minutes=late):%H:%M}" for late in range(3)}
    assert len(drawn) == 2
