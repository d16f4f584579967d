"""Live demos in a real browser: served by the service worker, and written where there is none."""

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from sandbox.running.catalogue import DEMO_FOLDER
from tests.helpers import Watched, violations
from tools import HTML, ROOT, live, serve

BOOT = 60_000  # ms: Python starts, on a machine that may be busy

#: A demo of what the course's own do not do.
MIXED = '''
from flask import Flask, redirect, request, send_file

app = Flask(__name__)
SCRIPT = """
<!doctype html><title>mixte</title><h1>mixte</h1><img src="/dot.svg" alt="point">
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file"><button>Envoyer</button></form>
<a href="http://127.0.0.1:5020/json">lien entier</a> <a href="/to">redirigé</a>
<a href="http://127.0.0.1:9/">port fermé</a> <a href="#bas">bas</a> <p id="bas">pied</p>
<output></output><script>
fetch("/json", {method: "POST", body: "é"}).then(r => r.json())
  .then(data => { document.querySelector("output").textContent = JSON.stringify(data); });
</script>
"""

@app.route("/")
def index():
    return SCRIPT

@app.route("/dot.svg")
def dot():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    return drawing, {"Content-Type": "image/svg+xml"}

@app.post("/upload")
def upload():
    file = request.files["file"]
    return f"<h1>{file.filename} : {len(file.read())} octets</h1>"

@app.route("/json", methods=["GET", "POST"])
def data():
    return {"method": request.method, "body": request.get_data(as_text=True)}

@app.route("/to")
def to():
    return redirect("/json?arrivé")

app.run(port=5020)
'''
PAGES = {
    "demo1": ["demo1"],
    "demo2": ["demo2"],
    "demo3": ["demo3"],
    "demo5": ["demo5"],
    "demo6": ["demo6\n   :visitors: Alice Bob"],
    "api": ["api"],
    "mixed": ["mixed"],
    "two": ["demo1", "demo2\n   :start: /wheel"],
    "tasks": ["demo2\n   :tasks: evening_route evening_link wheel_speed"],
    "plain": [],
}
CONFIGURATION = """
import sys
sys.path[:0] = {paths}
extensions = ["flask_live"]
flask_live_bundle = {bundle}
html_theme = "basic"
language = "fr"
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[str]:
    """Build a small site that holds every demo, and serve it from a sub-path."""
    folder = tmp_path_factory.mktemp("live")
    source, built = folder / "source", folder / "served" / "cours"
    copytree(DEMO_FOLDER, source / "flask_demo")
    copytree(ROOT / "book" / "live" / "tasks", source / "book" / "live" / "tasks")
    (source / "flask_demo" / "mixed").mkdir()
    (source / "flask_demo" / "mixed" / "app.py").write_text(MIXED, encoding="utf-8")
    paths = [str(ROOT / "book" / "_ext"), str(ROOT)]
    configuration = CONFIGURATION.format(paths=paths, bundle=repr(str(live.ensure())))
    (source / "conf.py").write_text(configuration, encoding="utf-8")
    (source / "index.rst").write_text("Index\n=====\n", encoding="utf-8")
    for name, demos in PAGES.items():
        text = f":orphan:\n\n{name}\n======\n" + "".join(f"\n.. flask-live:: {d}\n" for d in demos)
        (source / "leçons").mkdir(exist_ok=True)
        (source / "leçons" / f"{name}.rst").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(source), str(built)]
    subprocess.run(command, check=True)
    httpd = serve.server(built.parent)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}/cours/"
    httpd.shutdown()
    httpd.server_close()


class Live:
    """A live demo of a page, with what a reader does."""

    def __init__(self, watched: Watched, rank: int = 0) -> None:
        self.watched = watched
        self.page: Page = watched.page
        self.element = self.page.locator("flask-live").nth(rank)

    def part(self, selector: str) -> Locator:
        return self.element.locator(selector)

    @property
    def frame(self) -> FrameLocator:
        return self.element.frame_locator("iframe").first

    def run(self) -> None:
        self.part(".live-run").click()
        expect(self.part(".live-status")).to_contain_text("En marche", timeout=BOOT)

    def sees(self, text: str, selector: str = "body") -> None:
        expect(self.frame.locator(selector)).to_contain_text(text, timeout=20_000)

    def at(self, address: str) -> None:
        expect(self.part(".live-bar input").first).to_have_value(address, timeout=20_000)

    def go(self, typed: str) -> None:
        self.part(".live-bar input").first.fill(typed)
        self.part(".live-bar input").first.press("Enter")

    def open(self, file: str) -> Locator:
        """Open a file in the editor and return the editor."""
        self.part(".live-tabs").get_by_text(file, exact=True).click()
        self.part(".live-panel").click()
        editor = self.part(".cm-content")
        expect(editor).to_be_focused(timeout=20_000)
        return editor

    def replace(self, file: str, text: str) -> None:
        self.open(file)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def replace_in(self, file: str, old: str, new: str) -> None:
        self.replace(file, self.source(file).replace(old, new))

    def source(self, file: str) -> str:
        data = self.part("script[type='application/json']").text_content()
        return json.loads(data)["texts"][file]

    def log(self) -> str:
        return self.part(".live-log").text_content()


@pytest.fixture(params=["served", "written"])
def mode(request) -> str:
    """With a service worker, and without."""
    return request.param


@pytest.fixture
def open_live(open_url, site, request) -> Iterator[Callable[..., Live]]:
    """Open a page of live demos; at the end, it must have had no error and asked no one else."""
    allowed = "mode" not in request.fixturenames or request.getfixturevalue("mode") == "served"
    opened = []

    def opener(name: str, rank: int = 0, **settings: object) -> Live:
        workers = "allow" if allowed else "block"
        opened.append(open_url(f"{site}leçons/{name}.html", service_workers=workers, **settings))
        return Live(opened[-1], rank)

    yield opener
    for watched in opened:
        assert watched.errors == []
        # The demo's own /static/… are of this origin too: the service worker answers them.
        assert watched.outside(site.removesuffix("cours/")) == []


def test_demo1_answers(open_live, mode):
    demo = open_live("demo1")
    demo.run()
    demo.sees("je tiens en six lignes")
    demo.at("http://127.0.0.1:5001/")
    assert '"GET / HTTP/1.1" 200 -' in demo.log()
    assert ("sans service worker" in demo.part(".live-status").text_content()) == (
        mode == "written"
    )


def test_demo2_has_style_script_links_back_and_forward(open_live, mode):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    assert demo.frame.locator("body").evaluate("e => getComputedStyle(e).margin") == "0px"
    demo.frame.get_by_text("La roue", exact=True).click()
    expect(demo.frame.locator("#wheel circle")).to_have_count(12)
    demo.at("http://127.0.0.1:5002/wheel")
    demo.part("[title='Page précédente']").click()
    demo.sees("Bonjour", "h1")
    demo.at("http://127.0.0.1:5002/")
    demo.part("[title='Page suivante']").click()
    demo.sees("La roue", "h1")
    demo.at("http://127.0.0.1:5002/wheel")
    expect(demo.part("[title='Page suivante']")).to_be_disabled()


def test_demo3_reads_parameters_and_refuses(open_live, mode):
    demo = open_live("demo3")
    demo.run()
    demo.sees("Des paramètres", "h1")
    demo.go("/forloop?size=7")
    expect(demo.frame.locator("main li")).to_have_count(7)
    demo.go("127.0.0.1:5003/forloop?size=abc")
    demo.sees("Demande incorrecte", "h1")
    demo.go("/nulle-part")
    demo.sees("Page introuvable", "h1")
    demo.at("http://127.0.0.1:5003/nulle-part")
    demo.go("/wheel")
    demo.frame.locator("input[name=name]").fill("Zoé & co")
    demo.frame.locator("input[name=name]").press("Enter")
    demo.sees("Zoé & co", "main")


def test_demo5_signs_in_and_out(open_live, mode):
    demo = open_live("demo5")
    demo.run()
    demo.go("/home")
    demo.sees("Connectez-vous pour voir cette page")
    demo.at("http://127.0.0.1:5005/")
    demo.frame.locator("[name=username]").fill("ada")
    demo.frame.locator("[name=password]").fill("faux")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Nom ou mot de passe incorrect")
    demo.frame.locator("[name=password]").fill("machine analytique")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Chez vous, ada", "h1")
    demo.at("http://127.0.0.1:5005/home")
    demo.run()  # the application restarts: its secret key and the cookie stay
    expect(demo.frame.locator("body")).not_to_contain_text("vous êtes connecté")
    demo.sees("Chez vous, ada", "h1")
    demo.frame.get_by_text("Se déconnecter").click()
    demo.sees("Vous êtes déconnecté")


def test_demo6_two_windows_chat(open_live, mode):
    demo = open_live("demo6")
    demo.run()
    windows = [demo.element.frame_locator("iframe").nth(rank) for rank in (0, 1)]
    for window, name in zip(windows, ("Alice", "Bob"), strict=True):
        expect(window.locator("#state")).to_have_text("En direct", timeout=20_000)
        window.locator("input.username").fill(name)
    expect(windows[0].locator("#count")).to_contain_text("2 participants")
    windows[0].locator("input.message").fill("Salut <b>Bob</b>")
    windows[0].locator("button").click()
    for window in windows:
        expect(window.locator(".message-line")).to_have_text("Alice : Salut <b>Bob</b>")
    windows[1].locator("input.message").fill("Salut")
    windows[1].locator("button").click()
    expect(windows[0].locator(".message-line").last).to_have_text("Bob : Salut")
    demo.part(".live-actions").get_by_text("Arrêter").click()
    expect(windows[0].locator("#state")).not_to_have_text("En direct", timeout=20_000)


def test_api_is_used_by_its_page(open_live, mode):
    demo = open_live("api")
    demo.run()
    demo.go("/api/books?per_page=1")
    demo.sees("Germinal")
    demo.at("http://127.0.0.1:5009/api/books?per_page=1")


def test_what_is_being_typed_is_not_written_over(open_live, mode):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    address = demo.part(".live-bar input")
    address.fill("/whe")
    demo.frame.get_by_text("La roue", exact=True).evaluate("link => link.click()")
    demo.sees("La roue", "h1")
    expect(address).to_have_value("/whe")
    demo.go("/")
    demo.sees("Bonjour", "h1")
    demo.at("http://127.0.0.1:5002/")


def test_upload_image_fetch_whole_links_and_redirects(open_live, mode):
    demo = open_live("mixed")
    demo.run()
    expect(demo.frame.locator("output")).to_have_text('{"body":"é","method":"POST"}')
    assert demo.frame.locator("img").evaluate("image => image.naturalWidth") == 9
    file = {"name": "été.bin", "mimeType": "application/octet-stream", "buffer": bytes(range(256))}
    demo.frame.locator("[type=file]").set_input_files([file])
    demo.frame.get_by_text("Envoyer").click()
    demo.sees("été.bin : 256 octets", "h1")
    demo.go("/")
    demo.frame.get_by_text("lien entier").click()
    demo.sees('"GET"')
    demo.at("http://127.0.0.1:5020/json")
    demo.go("/")
    demo.frame.get_by_text("redirigé").click()
    demo.at("http://127.0.0.1:5020/json?arriv%C3%A9")
    demo.go("/")
    demo.frame.get_by_text("port fermé").click()
    demo.sees("Connexion refusée", "h1")


def test_exchanges_are_drawn(open_live, mode):
    demo = open_live("demo5")
    demo.run()
    demo.frame.locator("[name=username]").fill("ada")
    demo.frame.locator("[type=submit]").click()
    demo.sees("Donnez votre mot de passe")
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").filter(has_text="POST /").click()
    expect(demo.part(".live-exchange .wire-content")).to_have_count(2)
    asked, answered = demo.part(".live-exchange .wire-content").all_text_contents()
    assert "Host: 127.0.0.1:5005" in asked
    assert "Cookie: demo5=" in asked
    assert "username=ada" in asked
    assert "Content-Type: text/html" in answered
    captions = demo.part(".live-exchange .wire-caption").all_text_contents()
    assert captions == [
        "navigateur → serveur : POST / HTTP/1.1",
        "serveur → navigateur : HTTP/1.1 400 BAD REQUEST",
    ]


# Editing


def test_an_edit_is_run_kept_and_taken_back(open_live, mode):
    demo = open_live("demo1")
    demo.replace_in("app.py", "Bonjour", "Bonsoir")
    demo.page.keyboard.press("Control+Enter")
    demo.sees("Bonsoir")
    demo.page.reload()
    expect(demo.part(".live-status")).to_contain_text("Vos modifications sont là")
    expect(demo.part(".live-panel")).to_contain_text("Bonsoir")
    demo.run()
    demo.sees("Bonsoir")
    demo.part(".live-actions").get_by_text("Revenir à l’original").click()
    demo.sees("Bonjour")
    demo.page.reload()
    expect(demo.part(".live-panel")).to_contain_text("Bonjour")


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("def index():", "def index()", "SyntaxError: expected ':'", 6),
        ("return", "return 1 /", "TypeError", 7),
        ("port=5001", "port=undefined", "NameError", 9),
    ],
)
def test_an_error_is_shown_and_its_line_marked(open_live, old, new, message, line):
    demo = open_live("demo1")
    demo.replace_in("app.py", old, new)
    demo.page.keyboard.press("Control+Enter")
    error = demo.part(".live-error")
    expect(error).to_contain_text(message, timeout=BOOT)
    expect(error).to_contain_text(f"app.py, ligne {line}")
    marked = demo.part(".cm-line").nth(line - 1)
    expect(marked).to_contain_class("live-error-line")
    assert demo.part(".live-error-line").count() == 1
    assert message.split(":")[0] in demo.log()
    demo.replace("app.py", demo.source("app.py"))
    demo.page.keyboard.press("Control+Enter")
    demo.sees("Bonjour")
    expect(error).to_be_hidden()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("while True:\n    pass\n", id="at start"),
        pytest.param(
            "from flask import Flask\napp = Flask(__name__)\n\n"
            '@app.route("/")\ndef index():\n    while True: pass\n\napp.run(port=5001)\n',
            id="in a view",
        ),
    ],
)
def test_an_endless_loop_is_stopped(open_live, mode, source):
    demo = open_live("demo1")
    demo.run()
    demo.replace("app.py", source)
    demo.page.keyboard.press("Control+Enter")
    demo.page.wait_for_timeout(1000)
    demo.part(".live-actions").get_by_text("Arrêter").click()
    expect(demo.part(".live-status")).to_have_text("Arrêté.")
    demo.part(".live-actions").get_by_text("Revenir à l’original").click()
    demo.run()
    demo.sees("je tiens en six lignes")


@pytest.mark.parametrize("button", ["Lancer", "Revenir à l’original"])
def test_nobody_needs_to_stop_an_endless_loop(open_live, button):
    demo = open_live("demo1")
    demo.run()
    original = demo.source("app.py")
    demo.replace("app.py", original.replace("    return", "    while True: pass\n    return"))
    demo.page.keyboard.press("Control+Enter")
    demo.page.wait_for_timeout(1000)
    if button == "Lancer":
        demo.replace("app.py", original)
    demo.part(".live-actions").get_by_text(button).click()
    demo.sees("je tiens en six lignes")
    expect(demo.part(".live-status")).to_contain_text("En marche", timeout=BOOT)


def test_a_stopped_demo_refuses_connections(open_live):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    demo.part(".live-actions").get_by_text("Arrêter").click()
    expect(demo.part(".live-status")).to_have_text("Arrêté.")
    demo.frame.get_by_text("La roue", exact=True).click()
    demo.sees("Connexion refusée", "h1")


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


def test_the_folder_is_downloaded_with_its_edits(open_live, tmp_path):
    demo = open_live("demo6")
    demo.replace_in("templates/index.html", "Conversation", "Discussion")
    with demo.page.expect_download() as download:
        demo.part(".live-actions").get_by_text("Télécharger").click()
    archive = tmp_path / download.value.suggested_filename
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(tmp_path)
    original = DEMO_FOLDER / "demo6"
    names = {path.relative_to(original) for path in original.rglob("*") if path.is_file()}
    for name in {name for name in names if "__pycache__" not in name.parts}:
        expected = (original / name).read_bytes()
        if name == Path("templates/index.html"):
            expected = expected.replace(b"Conversation", b"Discussion")
        assert (tmp_path / "demo6" / name).read_bytes() == expected


def test_a_task_is_checked(open_live):
    demo = open_live("tasks")
    task = demo.part("[data-task=wheel_speed]")
    task.get_by_text("Vérifier").click()
    expect(task.locator("[role=status]")).to_contain_text("encore 12", timeout=BOOT)
    demo.replace_in("static/css/wheel.css", "12s", "6s")
    task.get_by_text("Vérifier").click()
    expect(task.locator("[role=status]")).to_have_text("Réussi\N{NO-BREAK SPACE}!")


# What is loaded, and when


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


def test_the_book_holds_it_where_it_must():
    pages = [path for path in HTML.rglob("*.html") if "_static" not in path.parts]
    holding = {path.stem for path in pages if "element.js" in path.read_text(encoding="utf-8")}
    asking = {
        path.stem
        for path in ROOT.glob("notebooks/*.md")
        if "{flask-live}" in path.read_text(encoding="utf-8")
    }
    assert holding == asking


@pytest.mark.parametrize(
    ("lesson", "rank", "seen"),
    [
        ("12_flask_premiers_pas", 0, "six lignes"),
        ("12_flask_premiers_pas", 1, "La roue"),
        ("13_flask_parametres_et_gabarits", 0, "Un nombre dans le chemin"),
        ("13_flask_parametres_et_gabarits", 1, "Ada"),
        ("14_flask_formulaires", 0, "Connexion"),
        ("15_flask_api", 0, "Livres"),
        ("17_flask_temps_reel", 0, "2 participants"),
    ],
)
def test_the_demos_of_the_lessons_run(open_url, lesson, rank, seen):
    httpd = serve.server(HTML)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    book = f"http://127.0.0.1:{httpd.server_port}/"
    demo = Live(open_url(f"{book}notebooks/{lesson}.html"), rank)
    demo.run()
    demo.sees(seen)
    assert demo.watched.errors == []
    assert demo.watched.outside(book) == []
    httpd.shutdown()
    httpd.server_close()


def test_without_scripts_the_files_are_listed(open_url, site):
    page = open_url(f"{site}leçons/demo2.html", java_script_enabled=False).page
    names = page.locator("flask-live summary").all_text_contents()
    assert names[0] == "app.py"
    assert "templates/wheel.html" in names
    assert "render_template" in page.locator("flask-live .highlight").first.text_content()


# What a demo cannot do

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


def test_a_written_page_has_no_origin(open_url, site):
    demo = Live(open_url(f"{site}leçons/demo2.html", service_workers="block"))
    demo.run()
    demo.sees("Bonjour", "h1")
    assert demo.frame.locator("body").evaluate("() => window.origin") == "null"


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


def test_python_starts_from_nothing_where_it_must(open_url, site):
    """A browser that cannot restore the snapshot, or a site that has lost it."""
    watched = open_url(f"{site}leçons/demo1.html")
    watched.page.route("**/flask.snapshot", lambda route: route.fulfill(status=404))
    with watched.page.expect_console_message(lambda said: "from nothing" in said.text):
        Live(watched).run()
    Live(watched).sees("Bonjour")


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


# For everyone


def test_axe_finds_nothing_wrong(open_live, scheme):
    demo = open_live("tasks", scheme=scheme)
    demo.run()
    demo.open("app.py")
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").first.click()
    assert violations(demo.page, scheme, within="flask-live") == []


def test_it_fits_a_phone(open_live):
    demo = open_live("tasks", width=390)
    demo.run()
    demo.part(".live-exchanges > summary").click()
    demo.part(".live-exchange summary").first.click()
    for part in demo.part("button, input, pre, iframe, summary").all():
        if part.is_visible():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390


def test_the_keyboard_is_enough(open_live):
    demo = open_live("demo2")
    demo.part("[role=tab]").first.focus()
    demo.page.keyboard.press("ArrowRight")
    expect(demo.part("[role=tab][aria-selected=true]")).to_have_text("static/css/style.css")
    demo.page.keyboard.press("ArrowLeft")
    demo.page.keyboard.press("Tab")
    expect(demo.part(".cm-content")).to_be_focused()
    demo.page.keyboard.press("Escape")
    demo.page.keyboard.press("Tab")
    expect(demo.part(".live-run")).to_be_focused()
    demo.page.keyboard.press("Enter")
    demo.sees("Bonjour", "h1")
