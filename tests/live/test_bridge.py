"""The Python side of live pages, in an ordinary Python: runs demos, serves them, checks tasks."""

import hashlib
import socket
import sys
import threading
from collections.abc import Callable

import engineio.server
import flask
import flask_socketio
import pytest
import werkzeug.serving
from bridge import calls, errors, hashes, project, tasks

from sandbox.running.catalogue import DEMO_FOLDER, DEMOS
from tests.helpers import breakable
from tools import ROOT

TASKS = ROOT / "book" / "live" / "tasks"
HELLO = """
from flask import Flask
app = Flask(__name__)

@app.route("/")
def index():
    return "bonjour"

app.run(port=5002)
"""


@pytest.fixture(autouse=True)
def page(tmp_path, monkeypatch) -> list[tuple[str, str]]:
    """Play the page around: what is patched is put back; return the packets pushed to sockets."""
    for owner, name in ((flask.Flask, "run"), (werkzeug.serving, "run_simple")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setenv("FLASK_SECRET_KEY", "tests")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)
    for name in ("_projects", "_visitors"):
        monkeypatch.setattr(calls, name, {})
    monkeypatch.setattr(project, "_current", None)
    pushed = []
    calls.prepare(str(tmp_path), None, None, lambda *packet: pushed.append(packet))
    yield pushed
    if project._current:
        project._current.leave()


def demo_files(name: str) -> dict[str, str]:
    folder = DEMO_FOLDER / name
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(source: str | dict[str, str], instance: str = "one") -> dict:
    files = {"app.py": source} if isinstance(source, str) else source
    return calls.run(instance, "demo", files)


def get(target: str, instance: str = "one", visitor: str = "alice") -> dict | None:
    origin = calls._projects[instance].origin
    return calls.request(instance, visitor, origin, "GET", target, [], b"")


def text(answer: dict) -> str:
    return answer["body"].decode()


@pytest.mark.parametrize("name", [name for name in DEMOS if name not in ("demo6", "edo")])
def test_a_demo_runs_unchanged(name):
    result = run(demo_files(name))
    assert result == {"origin": f"http://127.0.0.1:{DEMOS[name].port}", "failure": None}
    assert get("/")["status"] == 200


def test_nothing_listens_and_no_thread_starts():
    before = threading.active_count()
    run(HELLO)
    assert threading.active_count() == before
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", 5002)) != 0


def test_what_follows_app_run_is_not_executed():
    run(HELLO + "raise SystemError")
    assert text(get("/")) == "bonjour"


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [
        ("def index()\n    pass\n", "SyntaxError: expected ':'", 1),
        ("a = 1\n  b = 2\n", "IndentationError: unexpected indent", 2),
        ("import math\n\nmath.nothing\n", "AttributeError", 3),
        ("import sys\nsys.exit(1)\n", "SystemExit: 1", 2),
        ("x = 1\n", project.NO_SERVER, 0),
    ],
    ids=["syntax", "indent", "runtime", "exit", "no server"],
)
def test_a_program_that_fails_says_where(source, text, line):
    failure = run(source)["failure"]
    assert failure["text"].startswith(text)
    assert (failure["file"], failure["line"]) == ("app.py", line)
    assert calls.request("one", "alice", "http://127.0.0.1:5002", "GET", "/", [], b"") is None


def test_a_view_that_fails_says_where(caplog):
    answer = (run(HELLO.replace('"bonjour"', "str(1 / 0)")), get("/"))[1]
    assert answer["status"] == 500
    assert answer["failure"] == {
        "text": "ZeroDivisionError: division by zero", "file": "app.py", "line": 7
    }  # fmt: skip
    assert "Traceback" in caplog.text  # in a page, the log goes to the standard error


def test_a_template_that_fails_says_where():
    files = demo_files("demo2")
    files["templates/wheel.html"] = "<p>\n{{ nothing.at.all }}\n"
    run(files)
    assert get("/wheel")["failure"]["file"] == "templates/wheel.html"
    assert get("/wheel")["failure"]["line"] == 2
    assert get("/")["failure"] is None


def test_debug_mode_shows_the_trace_and_no_console():
    run(HELLO.replace('"bonjour"', "str(1 / 0)").replace("port=", "debug=True, port="))
    page = text(get("/"))
    assert "ZeroDivisionError" in page
    assert "EVALEX = false" in page


def test_the_traceback_begins_with_the_program(capsys):
    run("def f():\n    1 / 0\n\nf()\n")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('app.py", line 4, in <module>')


@pytest.mark.parametrize(
    ("origin", "served"),
    [
        ("http://127.0.0.1:5002", True),
        ("http://localhost:5002", True),
        ("http://127.0.0.1:5003", False),
        ("http://example.org:5002", False),
    ],
)
def test_only_its_own_address_is_served(origin, served):
    run(HELLO)
    assert (calls.request("one", "alice", origin, "GET", "/", [], b"") is not None) == served


COUNT = HELLO.replace("import Flask", "import Flask, session").replace(
    'return "bonjour"', 'session["n"] = session.get("n", 0) + 1\n    return str(session["n"])'
).replace("app.run", 'app.secret_key = "x"\napp.run')  # fmt: skip


def test_each_visitor_has_cookies_that_outlive_a_restart():
    run(COUNT)
    assert [text(get("/", visitor=name)) for name in ("alice", "alice", "bob")] == ["1", "2", "1"]
    run(COUNT)
    answer = get("/", visitor="alice")
    assert text(answer) == "3"
    assert dict(answer["sent"])["Cookie"].startswith("session=")


def test_erasing_forgets_cookies_and_files(tmp_path):
    run(COUNT)
    get("/")
    calls.erase("one")
    assert not (tmp_path / "one" / "demo").exists()
    run(COUNT)
    assert text(get("/")) == "1"


#: What a page's headers may not decide.
STOLEN = [("cookie", "stolen=1"), ("host", "elsewhere"), ("content-length", "2")]


def test_a_form_arrives_whole():
    program = HELLO.replace("import Flask", "import Flask, request")
    run(program.replace('"/")', '"/", methods=["POST"])').replace('"bonjour"', 'request.form["é"]'))
    headers = [("content-type", "application/x-www-form-urlencoded"), *STOLEN]
    origin = "http://127.0.0.1:5002"
    answer = calls.request("one", "alice", origin, "POST", "/?a=%20", headers, b"%C3%A9=%26ok")
    assert text(answer) == "&ok"
    assert dict(answer["sent"]) == {
        "Host": "127.0.0.1:5002",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": "12",
    }


def test_the_path_keeps_its_encoding():
    program = HELLO.replace('"/")', '"/<path:name>")').replace("index()", "index(name)")
    run(program.replace('"bonjour"', "name"))
    assert text(get("/a%20b/%C3%A9%3F?c")) == "a b/é?"


def test_files_that_the_application_writes_stay_until_they_are_edited(tmp_path):
    files = {"app.py": HELLO, "data.txt": "ancien"}
    run(files)
    data = tmp_path / "one" / "demo" / "data.txt"
    data.write_text("écrit par l'application")
    run(files)
    assert data.read_text() == "écrit par l'application"
    run(files | {"data.txt": "nouveau"})
    assert data.read_text() == "nouveau"


def test_two_demos_have_modules_of_one_name():
    source = "import part\n" + HELLO.replace('"bonjour"', "__import__('part').NAME")
    for name in ("one", "two"):
        run({"app.py": source, "part.py": f"NAME = {name!r}"}, name)
    assert [text(get("/", name)) for name in ("one", "two", "one")] == ["one", "two", "one"]


def test_an_edited_module_is_imported_again():
    source = "import part\n" + HELLO.replace('"bonjour"', "part.NAME")
    run({"app.py": source, "part.py": "NAME = 'avant'"})
    run({"app.py": source, "part.py": "NAME = 'après, plus long'"})
    assert text(get("/")) == "après, plus long"


def test_a_stopped_demo_refuses():
    run(HELLO)
    calls.stop("one")
    assert calls.request("one", "alice", "http://127.0.0.1:5002", "GET", "/", [], b"") is None


def test_the_log_is_that_of_the_development_server(capsys):
    run(HELLO)
    get("/?x=1")
    assert '"GET /?x=1 HTTP/1.1" 200 -' in capsys.readouterr().err


# Hashes


def test_missing_hashes_are_supplied(monkeypatch):
    real = {name: getattr(hashlib, name) for name in ("scrypt", "pbkdf2_hmac")}
    for name in real:
        monkeypatch.delattr(hashlib, name)

    def scrypt(password, salt, n, r, p, length):
        return real["scrypt"](password, salt=salt, n=n, r=r, p=p, dklen=length, maxmem=2**26)

    def pbkdf2(name, password, salt, iterations, length):
        return real["pbkdf2_hmac"](name, password, salt, iterations, length)

    hashes.supply(scrypt, pbkdf2)
    arguments = {"salt": b"sel", "n": 16, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
    assert hashlib.scrypt(b"mot", **arguments) == real["scrypt"](b"mot", **arguments)
    values = ("sha256", b"mot", b"sel", 5)
    assert hashlib.pbkdf2_hmac(*values) == real["pbkdf2_hmac"](*values)


def test_hashes_that_are_there_are_kept():
    before = hashlib.scrypt
    hashes.supply(None, None)
    assert hashlib.scrypt is before


# Socket.IO


@pytest.fixture
def sockets(monkeypatch):
    """Put back what Socket.IO's bridge patches."""
    for owner, name in (
        (flask_socketio.SocketIO, "run"),
        (engineio.server.Server, "start_background_task"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))


@pytest.fixture
def chat(sockets, page):
    """Run demo6; return a function that sends a visitor's event."""
    assert run(demo_files("demo6"))["failure"] is None
    for name in ("alice", "bob"):
        assert calls.socket_open("one", name, name, "/socket.io/?EIO=4&transport=websocket") == ""
        calls.socket_receive(name, "40")
    return lambda name, packet: calls.socket_receive(name, packet)


def said(page, name: str) -> list[str]:
    return [packet for socket, packet in page if socket == name and packet.startswith("42")]


def test_two_visitors_chat(chat, page):
    chat("alice", '42["receive_msg",{"user_name":"Alice","message":"salut"}]')
    for name in ("alice", "bob"):
        assert any("salut" in packet for packet in said(page, name))


def test_a_room_is_private(chat, page):
    chat("alice", '42["receive_msg",{"user_name":"Alice","message":"secret","room":"cuisine"}]')
    assert any("secret" in packet for packet in said(page, "alice"))
    assert not any("secret" in packet for packet in said(page, "bob"))


def test_leaving_is_told_to_the_others(chat, page):
    chat("alice", '42["enter",{"user_name":"Alice"}]')
    page.clear()
    calls.socket_close("alice")
    assert any("departure" in packet for packet in said(page, "bob"))


def test_an_application_without_socket_io_says_so():
    run(HELLO)
    assert calls.socket_open("one", "alice", "s", "/socket.io/") != ""


# Tasks

Change = Callable[[dict[str, str]], None]
WHEEL = "static/css/wheel.css"
ROUTE = '@app.route("/bonsoir")\ndef evening():\n    return "{}"\n\n\nif __name__'


def edit(files: dict[str, str], name: str, old: str, new: str) -> None:
    assert old in files[name]
    files[name] = files[name].replace(old, new)


def changed(name: str, *edits: tuple[str, str]) -> Change:
    """Return what makes these edits in one file."""

    def change(files: dict[str, str]) -> None:
        for old, new in edits:
            edit(files, name, old, new)

    return change


def unchanged(files: dict[str, str]) -> None:
    """Leave the demo as it is published."""


def add_route(answer: str = "Bonsoir !") -> Change:
    return changed("app.py", ("if __name__", ROUTE.format(answer)))


def add_link(address: str) -> Change:
    def change(files: dict[str, str]) -> None:
        add_route()(files)
        link = f'<a href="{address}">Bonsoir</a></nav>'
        edit(files, "templates/index.html", "</nav>", link)

    return change


def add_age(default: str) -> Change:
    def change(files: dict[str, str]) -> None:
        age = f'age = request.args.get("age", "{default}")\n    return render_template('
        edit(
            files,
            "app.py",
            'return render_template("wheel.html", ',
            f'{age}"wheel.html", age=age, ',
        )
        line = "{% if age %}<p>{{ age }} ans</p>{% endif %}\n<form>"
        edit(files, "templates/wheel.html", "<form>", line)

    return change


def greet(name: str) -> Change:
    return changed("templates/wheel.html", ("Bonjour {{ name }}", f"Bonjour {{{{ {name} }}}}"))


def number_tiles(text: str) -> Change:
    return changed("templates/forloop.html", ("{{ loop.index }}", f"{{{{ {text} }}}}"))


def count_visits(where: str) -> Change:
    count = f'visits = {where}["visits"] = {where}.get("visits", 0) + 1'
    page = '    return render_template("home.html")'
    return changed(
        "app.py",
        (page, f'    {count}\n    flash(f"Visite {{visits}}")\n{page}'),
        ("ACCOUNTS = ", "everyone = {}\nACCOUNTS = "),
    )


def secret(decorator: str) -> Change:
    route = (
        f'@app.route("/secret")\n{decorator}def secret():\n    return "Entre nous"\n\n\nif __name__'
    )
    return changed("app.py", ("if __name__", route))


def require(length: int) -> Change:
    rule = f'Length(min={length}, max=200, message="8 signes au moins")'
    return changed("app.py", ('Length(max=200, message="200 signes au plus.")', rule))


def welcome(options: str) -> Change:
    line = f'emit("welcome", {{"text": f"Bienvenue {{name}}"}}{options})'
    return changed(
        "app.py", ("    introduce(client, name)\n    move(client, room)\n", f"    {line}\n")
    )


def typing(options: str) -> Change:
    handler = (
        f'@socketio.on("typing")\ndef on_typing(data):\n    emit("typing", data{options})\n\n\n'
    )
    return changed("app.py", ("def introduce", f"{handler}def introduce"))


def limit(length: int) -> Change:
    return changed("app.py", ("MESSAGE_LENGTH = 30, 2000", f"MESSAGE_LENGTH = 30, {length}"))


def select(condition: str, total: str) -> Change:
    chosen = f"[b for b in books.values() if {condition}]"
    return changed(
        "app.py",
        (
            "sorted(books.values(), ",
            f'author = request.args.get("author")\n    everything = sorted({chosen}, ',
        ),
        ("everything = author", "author"),
        ("len(everything)", total),
    )


def count_books(answer: str) -> Change:
    route = f'@app.get("/api/books/count")\ndef count_books():\n    return {answer}\n\n\n'
    return changed("app.py", ('@app.get("/ssr")', route + '@app.get("/ssr")'))


def draw(function: str) -> Change:
    return changed(
        "app.py",
        ('"float": random.Random.random', f'"float": random.Random.random, "bool": {function}'),
        ("any(int, float)", "any(int, float, bool)"),
    )


BY_AUTHOR = 'author is None or b["author"] == author'
FILTER_IN_PYTHON = changed("app.py", ('("name", "").strip()', '("name", "").strip().upper()'))
FORLOOP, MOVED = '@app.route("/forloop/<int:size>")', '@app.route("/boucle/<int:size>")'
#: For each demo and task: what is done to the demo, and what the check says of it.
ATTEMPTS = {
    ("demo1", "home_sentence"): [
        (unchanged, "la même phrase"),
        (changed("app.py", ("return ", "assert ")), "répond 500"),
        (changed("app.py", ('"Bonjour', '"" and "Bonjour')), "vide"),
        (changed("app.py", ("six lignes", "peu de mots")), tasks.PASSED),
    ],
    ("demo4", "loop_moved"): [
        (unchanged, "répond 404"),
        (changed("app.py", (FORLOOP, f"{FORLOOP}\n{MOVED}")), "répond encore"),
        (changed("app.py", (FORLOOP, MOVED), ("return render", "return '' and render")), "url_for"),
        (changed("app.py", (FORLOOP, MOVED)), tasks.PASSED),
    ],
    ("demo2", "evening_route"): [
        (unchanged, "404"),
        (add_route("Salut"), "ne dit pas"),
        (changed("app.py", ("/wheel", "/bonsoir")), "ne dit pas"),
        (add_route(), tasks.PASSED),
    ],
    ("demo2", "evening_link"): [
        (unchanged, "d’abord"),
        (add_route(), "pas de lien"),
        (add_link("/bonsoir"), "à la main"),
        (add_link("{{ url_for('evening') }}"), tasks.PASSED),
    ],
    ("demo2", "wheel_speed"): [
        (unchanged, "encore 12"),
        (changed(WHEEL, ("12s", "24s")), "moins vite"),
        (changed(WHEEL, ("12s", "3s")), "c’est 6 s"),
        (changed(WHEEL, ("animation", "transition")), "plus la durée"),
        (changed(WHEEL, ("12s", "6000ms")), tasks.PASSED),
    ],
    ("demo3", "wheel_age"): [
        (unchanged, "ne dit pas"),
        (add_age("7"), "en donne un quand même"),
        (changed("templates/wheel.html", ("<form>", "<p>36 ans</p><form>")), "toujours"),
        (add_age(""), tasks.PASSED),
    ],
    ("demo3", "wheel_capitals"): [
        (unchanged, "ne salue pas ADA"),
        (FILTER_IN_PYTHON, "c’est app.py"),
        (greet("name|upper|safe"), "tel quel"),
        (greet("name|upper"), tasks.PASSED),
    ],
    ("demo3", "forloop_squares"): [
        (unchanged, "Les tuiles disent [1, 2, 3, 4]"),
        (number_tiles("loop.index0 ** 2"), "trop tôt"),
        (number_tiles("'?'"), "je compte 0"),
        (number_tiles("loop.index ** 2"), tasks.PASSED),
    ],
    ("api", "books_author"): [
        (unchanged, "Je demande Voltaire"),
        (select(BY_AUTHOR, "len(books)"), "total dit 12"),
        (select('b["author"] == author', "len(everything)"), "il manque des livres"),
        (select(BY_AUTHOR, "len(everything)"), tasks.PASSED),
    ],
    ("api", "books_count"): [
        (unchanged, "404"),
        (count_books("str(len(books))"), "pas du JSON"),
        (count_books('{"count": 12}'), "ne change pas"),
        (count_books('{"count": len(books)}'), tasks.PASSED),
    ],
    ("api", "random_bool"): [
        (unchanged, "404"),
        (draw("lambda generator: generator.randrange(2)"), "Un tirage est"),
        (draw("lambda generator: True"), "toujours True"),
        (draw("lambda generator: random.random() < 0.5"), "d’autres tirages"),
        (draw("lambda generator: generator.random() < 0.5"), tasks.PASSED),
    ],
    ("demo5", "home_visits"): [
        (unchanged, "Visite 1"),
        (count_visits("everyone"), "le compte du premier"),
        (count_visits("session"), tasks.PASSED),
    ],
    ("demo5", "private_page"): [
        (unchanged, "404"),
        (secret(""), "login_required"),
        (secret("@login_required\n"), tasks.PASSED),
    ],
    ("demo5", "password_length"): [
        (unchanged, "rien ne dit"),
        (require(9), "Huit signes"),
        (require(8), tasks.PASSED),
    ],
    ("demo6", "chat_limit"): [
        (unchanged, "passe encore"),
        (limit(100), "c’est permis"),
        (limit(200), tasks.PASSED),
    ],
    ("demo6", "chat_welcome"): [
        (unchanged, "n’a pas reçu"),
        (welcome(", broadcast=True"), "Bob a reçu"),
        (welcome(""), tasks.PASSED),
    ],
    ("demo6", "chat_typing"): [
        (unchanged, "n’en sait rien"),
        (typing(", broadcast=True"), "sa propre annonce"),
        (typing(", broadcast=True, include_self=False"), tasks.PASSED),
    ],
}


@pytest.mark.parametrize(
    ("demo", "task", "change", "message"),
    [
        pytest.param(demo, task, change, message, id=f"{task}: {message}")
        for (demo, task), attempts in ATTEMPTS.items()
        for change, message in attempts
    ],
)
@pytest.mark.usefixtures("sockets")
def test_a_task_knows_right_from_wrong(demo, task, change, message):
    files = demo_files(demo)
    change(files)
    assert run(files)["failure"] is None
    result = calls.check("one", (TASKS / f"{task}.py").read_text(encoding="utf-8"))
    assert breakable(message) in breakable(result["message"])
    assert result["passed"] == (message == tasks.PASSED)


@pytest.mark.usefixtures("sockets")
def test_a_check_leaves_no_connection():
    files = demo_files("demo6")
    run(files)
    calls.check("one", (TASKS / "chat_typing.py").read_text(encoding="utf-8"))
    assert sys.modules["__main__"].clients == {}


def test_a_task_needs_an_application_that_runs():
    run("1 / 0")
    assert calls.check("one", "") == {"passed": False, "message": tasks.NOT_RUNNING}


def test_every_task_is_tested():
    assert {path.stem for path in TASKS.glob("*.py")} == {task for _, task in ATTEMPTS}


def test_an_error_elsewhere_has_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert errors.describe(caught.value, tmp_path)["file"] == ""
