"""Flask alive in the page: a site that holds demos, opened in a browser; the bridge without one."""

import sys
import threading
from collections.abc import Callable, Iterator

import engineio.server
import flask
import flask_socketio
import pytest
import werkzeug.serving
from bridge import calls, project

from tests.live import small_site
from tests.live.reader import Live
from tools import serve


@pytest.fixture(scope="session")
def demos_site(tmp_path_factory) -> Iterator[str]:
    """Serve a small site that holds demos from a sub-path; return its address."""
    served = tmp_path_factory.mktemp("live")
    small_site.build(served / "cours")
    httpd = serve.server(served)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}/cours/"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture(params=["served", "written"])
def mode(request) -> str:
    """With a service worker, and without."""
    return request.param


@pytest.fixture
def open_live(open_url, demos_site, request) -> Iterator[Callable[..., Live]]:
    """Open a page of live demos; at the end, it must have had no error and asked no one else."""
    allowed = "mode" not in request.fixturenames or request.getfixturevalue("mode") == "served"
    opened = []

    def opener(name: str, rank: int = 0, **settings: object) -> Live:
        workers = "allow" if allowed else "block"
        url = f"{demos_site}leçons/{name}.html"
        opened.append(open_url(url, service_workers=workers, **settings))
        return Live(opened[-1], rank)

    yield opener
    for watched in opened:
        assert watched.errors == []
        # The demo's own /static/… are of this origin too: the service worker answers them.
        assert watched.outside(demos_site.removesuffix("cours/")) == []


@pytest.fixture
def packets(tmp_path, monkeypatch) -> Iterator[list[tuple[str, str]]]:
    """Play the page around: what is patched is put back; return the packets pushed to sockets."""
    for owner, name in (
        (flask.Flask, "run"),
        (werkzeug.serving, "run_simple"),
        (flask_socketio.SocketIO, "run"),
        (engineio.server.Server, "start_background_task"),
    ):
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
