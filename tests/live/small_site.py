"""A small site of demos, quick to build: what a page does is tested without the whole book."""

import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree

from flask_live import TASKS

from sandbox.running.catalogue import DEMO_FOLDER
from tests.live.asked import every_demo
from tools import ROOT, live

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
#: The directives of each page: one for each demo of the book, and what else tests need.
PAGES = {each.demo: [each.demo] for each in every_demo()} | {
    "mixed": ["mixed"],
    "chat": ["demo6\n   :visitors: Alice Bob"],
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


def build(target: Path) -> None:
    """Build the site in `target`."""
    with tempfile.TemporaryDirectory() as source:
        write_sources(Path(source))
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", source, str(target)]
        subprocess.run(command, check=True)


def write_sources(source: Path) -> None:
    copytree(DEMO_FOLDER, source / "flask_demo")
    copytree(ROOT / TASKS, source / TASKS)
    (source / "flask_demo" / "mixed").mkdir()
    (source / "flask_demo" / "mixed" / "app.py").write_text(MIXED, encoding="utf-8")
    paths = [str(ROOT / "book" / "_ext"), str(ROOT)]
    configuration = CONFIGURATION.format(paths=paths, bundle=repr(str(live.ensure())))
    (source / "conf.py").write_text(configuration, encoding="utf-8")
    (source / "index.rst").write_text("Index\n=====\n", encoding="utf-8")
    (source / "leçons").mkdir()
    for name, directives in PAGES.items():
        demos = "".join(f"\n.. flask-live:: {each}\n" for each in directives)
        text = f":orphan:\n\n{name}\n{'=' * len(name)}\n{demos}"
        (source / "leçons" / f"{name}.rst").write_text(text, encoding="utf-8")
