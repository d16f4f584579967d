"""What a demo cannot do."""

import json

from tests.live.reader import Live

NETWORK = """
import js
from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return f"<h1>{js.fetch} {js.XMLHttpRequest} {js.WebSocket}</h1>"


app.run(port=5001)
"""


def test_a_page_of_a_demo_calls_no_other_site(open_live, mode):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    call = "fetch('http://example.org/').catch(error => error.name)"
    assert demo.frame.locator("body").evaluate(call) == "TypeError"
    image = "body => { body.append(new Image()); body.lastChild.src = 'http://example.org/x.png'; }"
    with demo.page.expect_event("requestfailed") as failed:
        demo.frame.locator("body").evaluate(image)
    assert failed.value.failure == "csp"  # stopped in the browser
    demo.watched.requests.remove("http://example.org/x.png")


def test_a_written_page_has_no_origin(open_url, demos_site):
    demo = Live(open_url(f"{demos_site}leçons/demo2.html", service_workers="block"))
    demo.run()
    demo.sees("Bonjour", "h1")
    assert demo.frame.locator("body").evaluate("() => window.origin") == "null"


def test_a_program_has_no_network(open_live):
    demo = open_live("demo1")
    demo.replace("app.py", NETWORK)
    demo.page.keyboard.press("Control+Enter")
    demo.sees("None None None", "h1")


def test_nothing_is_kept_but_the_edits(open_live):
    demo = open_live("demo5")
    demo.run()
    demo.sees("Connexion", "h1")
    demo.replace_in("app.py", "Bonjour", "Bonsoir")
    kept = demo.page.evaluate("Object.entries({...localStorage})")
    ((key, value),) = [entry for entry in kept if entry[0].startswith("flask-live:")]
    assert key == "flask-live:/cours/le%C3%A7ons/demo5.html:demo5"
    assert list(json.loads(value)) == ["app.py"]
    assert demo.page.evaluate("document.cookie") == ""
    assert demo.page.evaluate("caches.keys()") == []
