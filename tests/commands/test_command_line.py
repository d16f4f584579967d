"""``python -m sandbox``, from a terminal."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import requests
import segno

from sandbox.running.catalogue import CATALOGUE, LOOPBACK
from tests.helpers import breakable
from tests.terminal import command, environment, run
from tools import ROOT


@pytest.mark.parametrize("arguments", [(), ("--help",)], ids=["nothing", "help"])
def test_it_lists_what_there_is(arguments):
    result = run(*arguments)
    assert result.returncode == 0
    assert result.stdout.startswith("Usage : python -m sandbox")
    words = " ".join(result.stdout.split())
    for each in CATALOGUE.values():
        assert f"{each.name} {each.port} {breakable(each.description)}" in words
    for name in ("doctor", "progress"):
        assert f"{name} " in words


@pytest.mark.parametrize(
    "arguments",
    [("server_contcat",), ("--port",), ("doctor", "--nothing"), ("--port", "4000")],
    ids=["misspelt", "option without a value", "unknown option", "option without a server"],
)
def test_what_is_not_understood(arguments):
    result = run(*arguments)
    assert result.returncode == 2
    assert f"Je ne comprends pas « python -m sandbox {' '.join(arguments)} »" in result.stderr
    assert "server_contact" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_in_any_encoding(encoding):
    result = run(PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert result.returncode == 0
    assert "server_contact" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("port", ["-1", "65536", "trois mille", "3e3", "", "²"], ids=repr)
def test_a_server_refuses_what_is_no_port(port):
    result = run("server_contact", "--port", port)
    assert result.returncode == 2
    assert "un port est un nombre de 0 à 65535" in result.stderr


def test_a_server_by_its_file_is_the_same(launch):
    by_file = subprocess.run(
        [sys.executable, str(ROOT / "sandbox" / "server_contact.py"), "--help"],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        check=True,
    )
    assert run("server_contact", "--help").stdout == breakable(by_file.stdout)


# The file drop


@pytest.fixture
def share(tmp_path) -> Iterator[Callable[..., tuple[str, str]]]:
    """Run ``partage`` in a terminal; return what it says and the address of what it gives."""
    running = []

    def runner(*arguments: str) -> tuple[str, str]:
        terminal, inside = os.openpty()
        process = subprocess.Popen(
            command("partage", *arguments, "--port", "0"),
            cwd=ROOT,
            env=environment(),
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        running.append((process, terminal))
        said = b""
        while b" listening on " not in said or not said.endswith(b"\n"):
            piece = os.read(terminal, 65536)
            assert piece, said
            said += piece
        text = said.decode().replace("\r\n", "\n")
        return breakable(text), re.search(r"http://\S+/", text)[0]

    yield runner
    for process, terminal in running:
        process.terminate()
        process.wait(10)
        os.close(terminal)


needs_terminal = pytest.mark.skipif(os.name != "posix", reason="a terminal is made otherwise")


@needs_terminal
def test_a_file_is_shared_with_the_room(share, tmp_path):
    path = tmp_path / "Compte rendu d'été.txt"
    path.write_text("bonjour", encoding="utf-8")
    said, url = share(str(path), "--fois", "1")
    assert "Toute machine du même réseau" in said or "pas de réseau" in said
    assert " listening on 0.0.0.0:" in said
    file_url = url + quote(path.name)
    assert requests.get(file_url, timeout=10).text == "bonjour"
    assert requests.get(file_url, timeout=10).status_code == 410


@needs_terminal
def test_the_address_may_be_photographed(share, tmp_path):
    said, url = share("--recevoir", str(tmp_path), "--host", LOOPBACK)
    drawn = io.StringIO()
    segno.make(url, micro=False).terminal(drawn, compact=True, border=2)
    assert drawn.getvalue() in said
    assert "Cette machine seule peut venir" in said


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("rien.txt",), "il n'y a ni fichier ni dossier « rien.txt »"),
        (("--recevoir", "README.md"), "il n'y a pas de dossier « README.md »"),
        (("README.md", "--fois", "0"), "un nombre entier positif, pas « 0 »"),
        (("README.md", "--fois", "deux"), "un nombre entier positif, pas « deux »"),
        (("README.md", "--limite", "-1"), "un nombre entier positif, pas « -1 »"),
        (("README.md", "--port", "port"), "un port est un nombre"),
        (("README.md", "LICENSE"), None),
    ],
)
def test_what_cannot_be_shared(arguments, error):
    result = run("partage", *arguments)
    assert result.returncode == 2
    assert error is None or error in result.stderr
    assert "Traceback" not in result.stderr
