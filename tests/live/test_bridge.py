"""The Python side of live pages, in an ordinary Python: runs demos and serves them."""

import hashlib
import socket
import threading

import pytest
from bridge import calls, errors, hashes, project

from sandbox.running.catalogue import DEMOS
from tests.live.bridging import HELLO, demo_files, get, program, run, text

pytestmark = pytest.mark.usefixtures("packets")


@pytest.mark.parametrize("name", [name for name in DEMOS if name not in ("demo6", "edo")])
def test_a_demo_runs_unchanged(name):
    result = run(demo_files(name))
    assert result == {"origin": f"http://127.0.0.1:{DEMOS[name].port}", "failure": None}
    assert get("/")["status"] == 200


def test_nothing_listens_and_no_thread_starts():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    before = threading.active_count()
    assert run(program(run=f"port={port}"))["origin"] == f"http://127.0.0.1:{port}"
    assert threading.active_count() == before
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0


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
    answer = (run(program("str(1 / 0)")), get("/"))[1]
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
    run(program("str(1 / 0)", run="debug=True, port=5002"))
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


def test_an_error_elsewhere_has_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert errors.describe(caught.value, tmp_path)["file"] == ""


COUNT = """
from flask import Flask, session
app = Flask(__name__)
app.secret_key = "x"

@app.route("/")
def index():
    session["n"] = session.get("n", 0) + 1
    return str(session["n"])

app.run(port=5002)
"""


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
    run(program('request.form["é"]', route='"/", methods=["POST"]'))
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
    run(program("name", route='"/<path:name>"', argument="name"))
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
    source = "import part\n" + program("__import__('part').NAME")
    for name in ("one", "two"):
        run({"app.py": source, "part.py": f"NAME = {name!r}"}, name)
    assert [text(get("/", name)) for name in ("one", "two", "one")] == ["one", "two", "one"]


def test_an_edited_module_is_imported_again():
    source = "import part\n" + program("part.NAME")
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
