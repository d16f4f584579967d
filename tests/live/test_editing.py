"""A reader changes a demo's files: errors, endless loops, tasks, what is kept."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.running.catalogue import DEMO_FOLDER
from tests.live.reader import BOOT_MS


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
    expect(error).to_contain_text(message, timeout=BOOT_MS)
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
    expect(demo.part(".live-status")).to_contain_text("En marche", timeout=BOOT_MS)


#: Say again and again, while a page is being made, that its demo stopped: so many ms ago.
STOPPED = """
([frame, ago]) => {
  const instance = /app\\/([^/]+)/.exec(frame.contentWindow.location.href)[1];
  const channel = new BroadcastChannel("flask-live");
  setInterval(() => channel.postMessage({ kind: "stopped", instance, at: Date.now() - ago }), 50);
}
"""


@pytest.mark.parametrize(("ago", "seen"), [(60_000, "en sept lignes"), (0, "refusée")])
def test_a_stop_told_late_is_of_the_program_before(open_live, ago, seen):
    demo = open_live("demo1")
    demo.run()
    slow = "    import time; time.sleep(2)\n    return"
    slower = demo.source("app.py").replace("    return", slow).replace("en six", "en sept")
    demo.replace("app.py", slower)
    demo.page.keyboard.press("Control+Enter")
    demo.page.evaluate(STOPPED, [demo.part("iframe").element_handle(), ago])
    demo.sees(seen)


def test_a_stopped_demo_refuses_connections(open_live):
    demo = open_live("demo2")
    demo.run()
    demo.sees("Bonjour", "h1")
    demo.part(".live-actions").get_by_text("Arrêter").click()
    expect(demo.part(".live-status")).to_have_text("Arrêté.")
    demo.frame.get_by_text("La roue", exact=True).click()
    demo.sees("Connexion refusée", "h1")


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
    expect(task.locator("[role=status]")).to_contain_text("encore 12", timeout=BOOT_MS)
    demo.replace_in("static/css/wheel.css", "12s", "6s")
    task.get_by_text("Vérifier").click()
    expect(task.locator("[role=status]")).to_have_text("Réussi\N{NO-BREAK SPACE}!")
