"""What is asked of every Flask demo: it runs copied away, and its pages please in any browser."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import expect

from sandbox import Server, start
from sandbox.running import launcher
from sandbox.running.catalogue import DEMO_FOLDER, DEMOS, LOOPBACK
from sandbox.running.demos import load_demo
from tests.helpers import MEGABYTE, breakable, is_light
from tools import demos

WHEELS = ["demo2", "demo3", "demo4"]
PAGES = [
    *((name, "/") for name in DEMOS),
    *((name, "/wheel") for name in WHEELS),
    ("demo3", "/wheel?name=Ada"),
    ("demo3", "/forloop"),
    ("demo4", "/forloop/12"),
]
STYLED = [(name, path) for name, path in PAGES if name != "demo1"]  # it is one bare sentence
FILES_WITH_PORT = ("app.py", "README.md", ".flaskenv")
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def url_of() -> Iterator[Callable[[str], str]]:
    """Return a demo's address, having started it the first time it is asked for."""
    servers: dict[str, Server] = {}

    def url(name: str) -> str:
        if name not in servers:
            servers[name] = start(name, port=0)
        return servers[name].url

    yield url
    for server in servers.values():
        server.stop()


@pytest.mark.parametrize("name", DEMOS)
def test_answers_at_its_root(name):
    response = load_demo(name).app.test_client().get("/")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", DEMOS)
def test_says_its_port_the_same_everywhere(name):
    folder, port = DEMOS[name].path, DEMOS[name].port
    text = {path: (folder / path).read_text("utf-8") for path in FILES_WITH_PORT}
    assert re.findall(r"port=(\d+)", text["app.py"]) == [str(port)]
    assert f"http://127.0.0.1:{port}>" in text["README.md"]
    assert re.findall(r"FLASK_RUN_PORT=(\d+)", text[".flaskenv"]) == [str(port)]


@pytest.mark.parametrize("name", DEMOS)
def test_is_described_by_its_own_title(name):
    with (DEMOS[name].path / "README.md").open(encoding="utf-8") as readme:
        title = readme.readline().rstrip()
    description = DEMOS[name].description
    assert breakable(title) == f"# {name} : {description[0].lower()}{description[1:].rstrip('.')}"


@pytest.mark.slow
@pytest.mark.parametrize("name", DEMOS)
def test_runs_alone_copied_away(tmp_path, name):
    copy = tmp_path / "copie"
    shutil.copytree(DEMOS[name].path, copy, ignore=shutil.ignore_patterns("__pycache__"))
    program = copy / "app.py"
    code = program.read_text("utf-8")
    assert "sandbox" not in code
    program.write_text(code.replace(f"port={DEMOS[name].port}", "port=0"), "utf-8")
    with start(program) as server:
        assert requests.get(server.url, timeout=10).status_code == 200
        assert "Debug mode: off" in server.log()
        assert re.findall(r"Running on http://([\d.]+):", server.log()) == [LOOPBACK]


def test_command_line_runs_a_demo_with_its_options():
    command = [sys.executable, "-m", "sandbox", "demo2", "--port", "0"]
    with launcher._launch("demo2", command, announces=False, timeout=15) as server:
        assert requests.get(f"{server.url}/wheel", timeout=10).status_code == 200


@pytest.mark.parametrize("name", WHEELS)
def test_a_huge_address_is_refused_and_nobody_else_disturbed(launch, name):
    server = launch(name)
    answer = requests.get(server.url, {"name": "a" * MEGABYTE}, timeout=10)
    assert answer.status_code == 414
    assert requests.get(server.url, timeout=10).status_code == 200
    assert "Traceback" not in server.log()


def test_what_demos_share_is_written_from_its_source():
    files = dict(demos.shared_files())
    stale = [path for path, content in files.items() if path.read_bytes() != content]
    assert stale == [], "python -m tools demos"
    names = {path.name for path in files}
    copies = [path for path in DEMO_FOLDER.rglob("*") if path.name in names]
    assert sorted(copies) == sorted(files), "a demo holds a shared file that it does not use"


@pytest.mark.parametrize("name", WHEELS)
def test_wheel_has_its_page_its_style_and_its_script(name):
    client = load_demo(name).app.test_client()
    page = client.get("/wheel").text
    for path in ("/static/css/wheel.css", "/static/js/wheel.js"):
        assert path in page
        with client.get(path) as response:
            assert response.status_code == 200


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_page_needs_nothing_from_outside_and_has_no_error(open_url, url_of, scheme, name, path):
    site = url_of(name)
    watched = open_url(site + path, scheme=scheme)
    assert watched.outside(site) == []
    assert watched.errors == []
    watched.statuses.pop(f"{site}/favicon.ico", None)  # what a page without an icon is asked for
    assert set(watched.statuses.values()) == {200}


@pytest.mark.parametrize(("name", "path"), STYLED)
def test_page_follows_the_scheme_and_fits_a_phone(open_url, url_of, scheme, name, path):
    page = open_url(url_of(name) + path, scheme=scheme, width=390).page
    assert is_light(page) == (scheme == "light")
    assert page.evaluate(WIDTH) <= 390


@pytest.mark.parametrize(("name", "path"), STYLED)
def test_page_can_be_read_and_used_without_seeing_it(open_url, url_of, name, path):
    page = open_url(url_of(name) + path).page
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.title().endswith(f" – {name}")
    assert page.locator("h1").count() == page.locator("main").count() == 1
    for field in page.locator("input:visible:not([type=submit])").all():
        assert field.evaluate("field => field.labels.length") == 1


def test_focus_is_seen(open_url, url_of):
    page = open_url(url_of("demo2")).page
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate("document.activeElement.tagName") == "A"
    assert page.evaluate(outline) == "solid"


def turns(page) -> bool:
    """Tell whether the wheel moves from one frame to the tenth."""
    return page.evaluate(
        """async () => {
            const wheel = document.getElementById("wheel");
            const transform = () => getComputedStyle(wheel).transform;
            // A pause or a start is only asked for, until the next frame.
            await Promise.all(document.getAnimations().map((animation) => animation.ready));
            const before = transform();
            for (let frame = 0; frame < 10; frame++) {
                await new Promise(requestAnimationFrame);
            }
            return transform() !== before;
        }"""
    )


ACTIONS = {
    "a click": lambda page: page.locator("#wheel-button").click(),
    "the space bar": lambda page: page.keyboard.press("Space"),
    "the space bar on the button": lambda page: page.locator("#wheel-button").press("Space"),
    "Enter on the button": lambda page: page.locator("#wheel-button").press("Enter"),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS.keys())
@pytest.mark.parametrize("name", WHEELS)
def test_wheel_pauses_then_resumes(open_url, url_of, name, action):
    page = open_url(f"{url_of(name)}/wheel").page
    button = page.locator("#wheel-button")
    assert page.locator("#wheel circle").count() == 12
    assert turns(page)
    action(page)
    expect(button).to_have_text("Reprendre")
    assert not turns(page)
    action(page)
    expect(button).to_have_text("Pause")
    assert turns(page)


@pytest.mark.parametrize("name", WHEELS)
def test_a_turned_wheel_fits_a_phone(open_url, url_of, name):
    page = open_url(f"{url_of(name)}/wheel", width=390).page
    turn = "animation => { animation.pause(); animation.currentTime = 1500; }"  # an eighth
    page.evaluate(f"document.getAnimations().forEach({turn})")
    turned = page.locator("#wheel").evaluate("wheel => getComputedStyle(wheel).transform")
    assert "0.707" in turned
    assert page.evaluate(WIDTH) <= 390


def test_a_space_bar_held_down_pauses_once(open_url, url_of):
    page = open_url(f"{url_of('demo2')}/wheel").page
    for _ in range(4):
        page.keyboard.down("Space")
    expect(page.locator("#wheel-button")).to_have_text("Reprendre")


def test_a_space_in_a_field_is_a_space(open_url, url_of):
    page = open_url(f"{url_of('demo3')}/wheel").page
    page.get_by_label("Votre nom").press_sequentially("Ada Lovelace")
    expect(page.get_by_label("Votre nom")).to_have_value("Ada Lovelace")
    expect(page.locator("#wheel-button")).to_have_text("Pause")


def test_wheel_waits_for_who_wants_less_motion(open_url, url_of):
    page = open_url(f"{url_of('demo2')}/wheel", reduced_motion="reduce").page
    assert not turns(page)
    page.locator("#wheel-button").click()
    assert turns(page)
