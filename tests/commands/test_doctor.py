"""The doctor: each thing that may be wrong with a machine, seen and said with its remedy."""

import os
import re
import socket
import subprocess
import sys

import pytest

from sandbox.commands import doctor
from sandbox.running.catalogue import LOOPBACK
from tests.helpers import breakable
from tests.terminal import environment
from tools import ROOT


def see(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    """Run the doctor as a student does."""
    command = [sys.executable, *arguments, "-m", "sandbox", "doctor"]
    result = subprocess.run(
        command, cwd=ROOT, env=environment(**changes), capture_output=True, check=False
    )
    encoding = changes.get("PYTHONIOENCODING") or "utf-8"
    result.stdout = breakable(result.stdout.decode(encoding))
    result.stderr = result.stderr.decode(encoding)
    return result


def line_about(title: str, output: str) -> str:
    (line,) = (line for line in output.splitlines() if line[6:].startswith(title))
    return line


def test_on_this_machine_every_check_says_something():
    result = see()
    titles = [
        line[6:].partition(" : ")[0] for line in result.stdout.splitlines() if line[:1] == "["
    ]
    assert titles == [check().title for check in doctor.CHECKS]
    assert result.stderr == ""
    assert result.returncode == ("[MAL]" in result.stdout)


def test_without_any_package_it_still_speaks():
    result = see("-S", PYTHONPATH=str(ROOT))
    assert result.returncode == 1
    assert result.stderr == ""
    assert line_about("Paquets", result.stdout).startswith("[MAL]")
    assert "make book" in result.stdout


@pytest.mark.parametrize(
    ("version", "ok"),
    [((3, 10, 14), False), ((2, 7, 18), False), ((3, 11, 0), True), ((3, 14, 1), True)],
    ids=["3.10", "2.7", "3.11", "3.14"],
)
def test_python(version, ok):
    check = doctor.check_python(version)
    assert check.ok == ok
    assert breakable(check.found).startswith(".".join(map(str, version)))
    assert "3.11" in check.remedy


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("absent-package==1.0", "1 sur 2 : absent-package manque"),
        ("pytest==1.0", f"1 sur 2 : pytest {pytest.__version__} au lieu de 1.0"),
        ("absent-package==1.0 ; sys_platform == 'amiga'", "1 paquets aux versions prévues"),
        ("# comment\n    # via pytest\n\n", "1 paquets aux versions prévues"),
        ("".join(f"absent-{n}==1\n" for n in range(7)), "7 sur 8 : "),
    ],
    ids=["missing", "another version", "another system's", "comments", "many"],
)
def test_packages(tmp_path, lines, found):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(lines, encoding="utf-8")
    check = doctor.check_packages(requirements)
    assert breakable(check.found).startswith(found)
    assert check.found.count("absent") <= doctor.SHOWN
    assert check.ok == ("prévues" in found)


def test_packages_that_cannot_be_read(tmp_path):
    check = doctor.check_packages(tmp_path / "requirements.txt")
    assert not check.ok
    assert "git clone" in check.remedy


def test_a_port_held_by_a_program_is_named_with_it():
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        check = doctor.check_ports([port])
    assert not check.ok
    assert re.fullmatch(rf"{port} : tenu par \S+ \(pid {os.getpid()}\)", breakable(check.found))


@pytest.mark.parametrize("name", ["server_contact", "demo1"])
def test_a_port_held_by_a_server_of_the_course_is_no_harm(launch, name):
    port = launch(name).port
    check = doctor.check_ports([port])
    assert check.ok
    assert f"{port} : tenu par {name} (pid" in breakable(check.found)


def test_a_port_whose_holder_we_may_not_see(monkeypatch):
    monkeypatch.setattr(doctor, "listening_programs", dict)
    with socket.create_server((LOOPBACK, 0)) as listener:
        check = doctor.check_ports([listener.getsockname()[1]])
    assert "un programme d'un autre utilisateur" in breakable(check.found)


def test_free_ports():
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    check = doctor.check_ports([port])
    assert (check.ok, breakable(check.found)) == (True, f"{port} : libres")


def test_loopback_that_is_forbidden(monkeypatch):
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError("Operation not permitted")

    assert doctor.check_loopback().ok
    monkeypatch.setattr(socket, "create_server", forbidden)
    check = doctor.check_loopback()
    assert not check.ok
    assert "pare-feu" in check.remedy


def test_browser_where_the_variable_points_nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))
    check = doctor.check_browser()
    assert not check.ok
    assert str(tmp_path) in breakable(check.found)


def test_no_browser(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(doctor, "find_browser", lambda: None)
    check = doctor.check_browser()
    assert (check.ok, breakable(check.found)) == (False, "aucun")
    assert "apt install chromium" in check.remedy


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp850"])
def test_encoding_of_the_terminal(encoding):
    result = see(PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert "PYTHONUTF8" in result.stdout
    assert re.search(rf"affichage.: {encoding}", result.stdout)
    assert result.stderr == ""


PROXY = "http://ada:secret@mandataire:3128"


@pytest.mark.parametrize(
    ("variables", "ok", "found"),
    [
        ({}, True, "aucun"),
        ({"http_proxy": PROXY}, False, f"http://mandataire:3128, même pour {LOOPBACK}"),
        ({"all_proxy": "socks5://m:1"}, False, f"socks5://m:1, même pour {LOOPBACK}"),
        ({"http_proxy": PROXY, "no_proxy": f"{LOOPBACK},localhost"}, True, "sauf pour"),
        ({"http_proxy": PROXY, "no_proxy": "exemple.fr"}, False, "même pour"),
        ({"http_proxy": PROXY, "no_proxy": "*"}, True, "sauf pour"),
    ],
    ids=["none", "no exception", "all_proxy", "loopback excepted", "another excepted", "all"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's settings count too")
def test_proxy(monkeypatch, variables, ok, found):
    for name in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    check = doctor.check_proxy()
    assert check.ok == ok
    assert found in breakable(check.found)
    assert "secret" not in breakable(check.found)
