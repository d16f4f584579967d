"""« Pannes fréquentes » quotes messages exactly: each is provoked here and looked for there."""

import asyncio
import json
import re
import socket
import struct
import subprocess
import sys

import flask
import pytest
from flask_wtf.csrf import CSRFProtect

from sandbox import start
from sandbox.running.catalogue import LOOPBACK
from tests.helpers import run_apart
from tools import ROOT, environment

PAGE = (ROOT / "book" / "pannes.md").read_text(encoding="utf-8")
LINUX = sys.platform.startswith("linux")


def application_in_trouble() -> flask.Flask:
    application = flask.Flask("pannes")
    application.testing = True
    application.add_url_rule("/rien", "home", lambda: None)
    application.add_url_rule("/adresse", "adresse", lambda: flask.url_for("accueil"))
    application.add_url_rule("/page", "page", lambda: flask.render_template("index.html"))
    application.add_url_rule("/session", "session", lambda: flask.session.update(a=1) or "")
    return application


#: Made once, when nothing else runs: werkzeug compiles each route from its tree, and CPython 3.11
#: may lose count of its depth when a finalizer or a thread interrupts it (gh-106905).
APPLICATION = application_in_trouble()


def listener() -> socket.socket:
    return socket.create_server((LOOPBACK, 0))


def address_in_use() -> None:
    with listener() as first, socket.socket() as second:
        second.bind(first.getsockname())


def refused() -> None:
    with listener() as closed:
        address = closed.getsockname()
    socket.create_connection(address, timeout=5)


def silent() -> None:
    with listener() as server, socket.create_connection(server.getsockname()) as client:
        client.settimeout(0.01)
        client.recv(1)


def reset() -> None:
    with listener() as server, socket.create_connection(server.getsockname(), timeout=5) as client:
        accepted, _ = server.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.close()
        client.recv(1)


def broken_pipe() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        ours.send(b"a")


async def nested_loop() -> None:
    unfinished = asyncio.sleep(0)
    try:
        asyncio.run(unfinished)
    finally:
        unfinished.close()


def loop_in_a_loop() -> None:
    run_apart(nested_loop())


def text_sent() -> None:
    with socket.socket() as client:
        client.send("texte")


def no_such_name() -> None:
    socket.getaddrinfo("personne.invalid", 80)


def visit(path: str) -> None:
    APPLICATION.test_client().get(path)


PROVOKED = {
    "address in use": address_in_use,
    "refused": refused,
    "time out": silent,
    "reset": reset,
    "broken pipe": broken_pipe,
    "no such name": no_such_name,
    "text sent": text_sent,
    "loop in a loop": loop_in_a_loop,
    "not JSON": lambda: json.loads("<html>"),
    "no name": lambda: exec("server"),
    "no template": lambda: visit("/page"),
    "no endpoint": lambda: visit("/adresse"),
    "no return": lambda: visit("/rien"),
    "no secret key": lambda: visit("/session"),
    "no request": lambda: flask.request.args,
}
#: Their text is the system's: the page quotes Linux's.
OF_LINUX = {"address in use", "refused", "reset", "broken pipe", "no such name"}


@pytest.mark.parametrize("trouble", PROVOKED)
def test_message_is_quoted_as_it_is(trouble):
    if trouble in OF_LINUX and not LINUX:
        pytest.skip("the system's own words")
    with pytest.raises(Exception) as raised:  # noqa: PT011 (what it says is compared below)
        PROVOKED[trouble]()
    error = raised.value
    module = type(error).__module__
    name = type(error).__name__ if module == "builtins" else f"{module}.{type(error).__name__}"
    sentence = re.split(r"\. |\n| \(while", str(error))[0].rstrip(".")
    assert f"`{name}: {sentence}" in PAGE


@pytest.mark.parametrize("module", ["sandbox", "flask"])
def test_missing_module_is_quoted_as_it_is(module, tmp_path):
    command = [sys.executable, "-I", "-S", "-c", f"import {module}"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert f"`{result.stderr.splitlines()[-1]}`" in PAGE


def test_port_that_is_held_is_told_as_on_the_page(capsys):
    with listener() as held:
        port = held.getsockname()[1]
        with start("server_socket_tcp", port=port):
            told = capsys.readouterr().out.replace(str(port), "3000").rstrip()
    assert "`" + told.rsplit(" ", 1)[0] + "`" in PAGE


def test_installation_messages_are_the_ones_of_the_tools(capsys, monkeypatch):
    monkeypatch.setattr(environment, "MINIMUM", (9, 9))
    with pytest.raises(SystemExit) as stopped:
        environment.run_inside(environment.BOOK, [])
    wanted = str(stopped.value).split(",")[0].replace("9.9", "3.11")
    assert f"`{wanted}`" in PAGE
    with pytest.raises(SystemExit) as stopped:
        environment.run([sys.executable, "-c", "raise SystemExit(1)"])
    assert f"`{str(stopped.value).split(' :')[0]}`" in PAGE


def test_csrf_refusal_is_the_one_of_the_page():
    application = application_in_trouble()
    application.config.update(SECRET_KEY="essai", TESTING=False)
    CSRFProtect(application)
    application.add_url_rule("/envoi", "envoi", lambda: "", methods=["POST"])
    answer = application.test_client().post("/envoi")
    assert answer.status_code == 400
    assert "The CSRF token is missing." in answer.text
    assert "The CSRF token is missing." in PAGE


def test_flask_says_that_its_port_is_held(tmp_path):
    (tmp_path / "app.py").write_text("import flask\napp = flask.Flask('app')\n", encoding="utf-8")
    with listener() as held:
        port = str(held.getsockname()[1])
        command = [sys.executable, "-m", "flask", "run", "--port", port]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    told = result.stderr.replace(port, "5001").splitlines()
    quoted = ["Address already in use", "Port 5001 is in use by another program."]
    assert all(any(sentence in line for line in told) for sentence in quoted)
    assert all(f"`{sentence}`" in PAGE for sentence in quoted)


def test_fallback_is_told_in_the_words_of_the_page():
    script = (ROOT / "book" / "live" / "element.js").read_text(encoding="utf-8")
    assert "`En marche, sans service worker : " in script
    assert "`En marche, sans service worker`" in PAGE
