"""What is made for live pages: pinned, pure, the same at each time; the JavaScript linted."""

import importlib.metadata
import re
import zipfile

import pytest

from tools import ROOT, live, node


@pytest.fixture(scope="module")
def bundle():
    return live.ensure()


@pytest.fixture
def archives(bundle) -> dict[str, list[str]]:
    """Return the names of the files in each archive."""
    (python,) = bundle.glob("python-*")
    return {path.name: zipfile.ZipFile(path).namelist() for path in python.glob("*.zip")}


def every_distribution() -> list[importlib.metadata.Distribution]:
    return live.distributions(name for roots in live.ARCHIVES.values() for name in roots)


def test_it_is_made_once(bundle, monkeypatch):
    monkeypatch.setattr(live, "write_page", None)  # would fail if called
    assert live.ensure() == bundle


def test_its_name_follows_its_sources(bundle, monkeypatch, tmp_path):
    wire = tmp_path / "wire.css"
    wire.write_text(".wire {}")
    monkeypatch.setattr(live, "WIRE_STYLE", wire)
    assert live.fingerprint() != bundle.name


@pytest.mark.slow
def test_the_same_versions_make_the_same_bytes(bundle, tmp_path):
    again = live.write_python(tmp_path)
    assert again.name in {folder.name for folder in bundle.iterdir()}


FLASK = "flask werkzeug jinja2 markupsafe itsdangerous click blinker wtforms flask_wtf dotenv"
SOCKET_IO = "flask_socketio socketio engineio bidict wsproto h11 simple_websocket"


@pytest.mark.parametrize("name", FLASK.split())
def test_the_flask_stack_is_there(archives, name):
    assert f"{name}/__init__.py" in archives["flask.zip"]


@pytest.mark.parametrize("name", SOCKET_IO.split())
def test_socket_io_comes_apart(archives, name):
    assert f"{name}/__init__.py" in archives["socketio.zip"]
    assert f"{name}/__init__.py" not in archives["flask.zip"]


def test_it_is_pure_python(archives):
    files = archives["flask.zip"] + archives["socketio.zip"]
    assert not [name for name in files if name.endswith((".so", ".pyd", ".pyc"))]


def test_licences_go_along(archives):
    files = archives["flask.zip"] + archives["socketio.zip"]
    for each in every_distribution():
        folder = f"{each.name}-{each.version}.dist-info/".replace("-", "_", each.name.count("-"))
        assert any("LICENSE" in f for f in files if f.lower().startswith(folder.lower())), folder


def test_the_versions_are_those_pinned():
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M))
    for each in every_distribution():
        name = re.sub(r"[-_.]+", "-", each.name).lower()
        assert each.version == pinned[name]


def test_what_flask_needs_elsewhere_only_is_left_out():
    flask = importlib.metadata.distribution("flask")
    assert any("asgiref" in text for text in flask.requires)  # an option of Flask
    assert "asgiref" not in set(live.needs(flask))


def test_the_lock_names_no_registry():
    for lock in (live.LOCK, node.lock_of(ROOT / "tests" / "audit")):
        assert "://" not in re.sub(r'"url": "[^"]*"', "", lock.read_text(encoding="utf-8"))


def test_a_failure_of_npm_says_what_to_do():
    command, _ = node.find()
    with pytest.raises(node.NodeError, match="À faire"):
        node.run([*command, "--eval", "process.exit(3)"], ROOT)
