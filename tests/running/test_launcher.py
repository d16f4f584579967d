"""Starting servers: ready when told so, never in the way of another, never left behind."""

import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import start_new_kernel

from sandbox import ServerError, start
from sandbox.running import launcher
from sandbox.running.catalogue import CATALOGUE, LOOPBACK, SERVERS
from tests.helpers import connect, descendants, eventually, talk
from tools import ROOT

STUDENT_S_SERVER = """
    import socket, sys

    with socket.create_server(("127.0.0.1", 0)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(" ".join(["bonjour", *sys.argv[1:]]).encode())
"""


@pytest.fixture
def program(tmp_path):
    """Write a Python program of the student's; return its path."""

    def write(text: str, name: str = "serveur.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def nothing_is_left():
    """After each test: no process more than before it, nothing said to be running."""
    before = descendants()
    yield
    assert not launcher._running
    assert eventually(lambda: descendants() <= before)


@pytest.fixture
def squatter():
    """Hold a port that is free, as another program would."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


def refused(port: int) -> bool:
    """Tell whether nobody listens on `port`."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((LOOPBACK, port)) != 0


pytestmark = pytest.mark.slow  # each starts programs, and sees them end

# Ready


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_server_accepts_as_soon_as_start_returns(name):
    for _ in range(3):
        with start(name, port=0) as server:
            connect(server).close()


def test_a_slow_program_is_waited_for(program):
    slow = program("import time; time.sleep(0.5)\n" + textwrap.dedent(STUDENT_S_SERVER))
    with start(slow) as server:
        assert talk(server) == b"bonjour"


def test_readiness_takes_no_connection_from_the_server(program):
    one_only = program(
        """
        import socket
        with socket.create_server(("127.0.0.1", 0)) as listener:
            connection, _ = listener.accept()
            connection.sendall(b"le premier")
            connection.close()
        """
    )
    with start(one_only) as server:
        assert talk(server) == b"le premier"


@pytest.mark.parametrize(
    "name", ["mon serveur.py", "été/serveur d'été.py", "-n.py"], ids=["space", "accents", "dash"]
)
def test_a_student_s_file_with_any_name(program, name, monkeypatch, tmp_path):
    path = program(STUDENT_S_SERVER, name)
    monkeypatch.chdir(tmp_path)
    with start(path.relative_to(tmp_path), "à", "--port", "3") as server:
        assert talk(server).decode() == "bonjour à --port 3"


# Again, and again


@pytest.mark.parametrize("name", CATALOGUE)
def test_stop_then_start_at_once_on_the_same_port(name):
    with start(name, port=0) as server:
        port = server.port
        client = connect(server)  # its side will be in TIME_WAIT, or still open: no matter
    for _ in range(3):
        with start(name, port=port) as again:
            assert again.port == port
            connect(again).close()
    client.close()


def test_starting_what_runs_restarts_it():
    first = start("server_socket_tcp", port=0)
    with start("server_socket_tcp", port=0) as second:
        assert not first.running
        assert second.running


def test_stopping_twice_is_no_mistake():
    server = start("server_socket_tcp", port=0)
    server.stop()
    server.stop()
    assert refused(server.port)


# The port


def test_a_port_held_by_another_program_gives_the_next_one(squatter, capsys):
    with start("server_socket_tcp", port=squatter) as server:
        assert server.port > squatter
        assert b"Bonjour" in talk(server, b"Bonjour\n")
    assert capsys.readouterr().out == (
        f"Le port {squatter} est tenu par un autre programme : "
        f"server_socket_tcp écoute sur le port {server.port}.\n"
    )


def test_by_default_a_server_has_its_own_port(capsys):
    with start("server_socket_tcp") as server:
        assert server.port == SERVERS["server_socket_tcp"].port
    assert capsys.readouterr().out == ""


def test_the_next_port_is_no_other_server_s():
    with (
        socket.create_server((LOOPBACK, SERVERS["server_socket_tcp"].port)),
        start("server_socket_tcp") as server,
    ):
        assert server.port not in {each.port for each in CATALOGUE.values()}


def test_port_zero_is_any_free_port(capsys):
    with start("server_socket_tcp", port=0) as server:
        assert server.port > 1023
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["server_socket_tcp", "demo1"])
def test_a_port_taken_between_the_look_and_the_bind(squatter, monkeypatch, capsys, name):
    choices = iter([squatter, 0])
    monkeypatch.setattr(launcher, "_choose", lambda wanted: next(choices))
    with start(name, port=squatter) as server:
        assert server.port not in (0, squatter)


def test_a_lesson_may_wait_for_its_port(squatter, monkeypatch, capsys):
    monkeypatch.setenv("SANDBOX_PORT_WAIT", "20")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD_FOR_A_WHILE, str(port := free_port())],
        stdout=subprocess.PIPE,
    )
    other.stdout.readline()
    with start("server_socket_tcp", port=port) as server:
        assert server.port == port
    other.communicate()


HOLD_FOR_A_WHILE = """
import socket, sys, time
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(0.7)
"""


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]


# What goes wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_the_kind", "ModuleNotFoundError"),
        ("def (:", "SyntaxError"),
        ("print('je passais')", "je passais"),
        ("raise SystemExit(3)", "(journal vide)"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe'); sys.exit(1)", "\ufffd\ufffd"),
    ],
    ids=["exception", "syntax error", "nothing to serve", "silent", "bytes that are no text"],
)
def test_a_program_that_ends_at_once(program, text, said):
    with pytest.raises(ServerError, match="s'est arrêté avant d'écouter") as caught:
        start(program(text))
    assert said in str(caught.value)
    assert "À faire :" in str(caught.value)


def test_a_program_that_never_listens(program):
    with pytest.raises(ServerError, match=r"n'écoute toujours pas après 0\.5 s") as caught:
        start(program("print('je réfléchis', flush=True)\nwhile True: pass"), timeout=0.5)
    assert "je réfléchis" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["server_contcat", "absent.py", "", ".", "server_contact.py/"],
    ids=["misspelt", "no such file", "empty", "a folder", "a slash"],
)
def test_what_is_not_there(name):
    with pytest.raises(ServerError, match="Je ne connais pas de serveur") as caught:
        start(name)
    assert "server_contact" in str(caught.value)


@pytest.mark.parametrize("port", [-1, 65536, "3000", 3.5], ids=repr)
def test_what_is_no_port(port):
    with pytest.raises(ServerError, match="un port est un nombre entier de 0 à 65535"):
        start("server_contact", port=port)


def test_an_interrupted_cell_leaves_nothing(program, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launcher.Server, "_wait_until_ready", interrupt)
    with pytest.raises(KeyboardInterrupt):
        start(program(STUDENT_S_SERVER))


# What a server says of itself


def test_url_and_repr(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    with start("server_http_random", port=0) as server:
        assert server.url == server.browser_url == f"http://{LOOPBACK}:{server.port}"
        assert repr(server) == "<server_http_random en marche>"
    assert repr(server) == "<server_http_random arrêté>"


def test_url_behind_a_hub_s_proxy(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    with start("server_http_random", port=0) as server:
        assert server.browser_url == f"/user/ada/proxy/{server.port}/"
        assert server.url == f"http://{LOOPBACK}:{server.port}"


def test_the_log_is_all_that_was_written(program):
    chatty = program("import sys; print('sortie'); print('erreur', file=sys.stderr)")
    with pytest.raises(ServerError):
        start(chatty)
    with start("server_socket_tcp", port=0) as server:
        talk(server, b"Bonjour\n")
    assert server.log() == f"{LOOPBACK} a envoyé 7 octets\nserver_socket_tcp : arrêt demandé."


def test_the_log_is_bounded(program):
    endless = program(
        """
        import socket
        listener = socket.create_server(("127.0.0.1", 0))
        for n in range(50_000):
            print(n)
        print("x" * 1_000_000)
        print("fini")
        listener.accept()
        """
    )
    with start(endless) as server:
        assert eventually(lambda: server.log().endswith("fini"), 30)
        lines = server.log().splitlines()
    assert len(lines) == launcher.LOG_LINES
    assert max(map(len, lines)) <= launcher.LINE_LENGTH


# The parent goes, the server goes

PARENT = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from sandbox import start
servers = [start(name, port=0) for name in ("server_socket_tcp", "server_contact")]
print(*[f"{server.port} {server._process.pid}" for server in servers], flush=True)
"""

ENDS = {
    "it ends": "",
    "an exception": "1 / 0",
    "exit in the middle": "sys.exit(3)",
    "os._exit, which cleans nothing": "os._exit(0)",
    "SIGKILL": "os.kill(os.getpid(), 9)",
    "SIGTERM": "os.kill(os.getpid(), 15)",
    "a fork holds the lifeline, SIGKILL": "os.fork() or time.sleep(3)\nos.kill(os.getpid(), 9)",
}


@pytest.mark.skipif(os.name != "posix", reason="signals and fork are POSIX's")
@pytest.mark.parametrize("end", ENDS)
def test_servers_end_with_their_parent(end):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT + ENDS[end], str(ROOT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent.stdout:
        words = [int(word) for word in parent.stdout.readline().split()]
    parent.wait()
    ports, supervisors = words[::2], words[1::2]
    assert len(ports) == 2
    for port in ports:
        assert eventually(lambda port=port: refused(port))
    for pid in supervisors:
        assert eventually(lambda pid=pid: not psutil.pid_exists(pid))


def test_servers_end_with_their_kernel():
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))
    try:
        code = "from sandbox import start; print(start('server_contact', port=0).port)"
        said = []
        client.execute_interactive(
            code, output_hook=lambda message: said.append(message["content"]), timeout=30
        )
        (port,) = (int(content["text"]) for content in said if "text" in content)
        assert not refused(port)
        manager.signal_kernel(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        assert eventually(lambda: refused(port))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_children_of_a_student_s_server_end_too(program):
    family = program(
        """
        import socket, subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
        socket.create_server(("127.0.0.1", 0)).accept()
        """
    )
    with start(family) as server:
        assert eventually(server.log)
        child = int(server.log())
        assert psutil.pid_exists(child)
    assert eventually(lambda: not psutil.pid_exists(child))


def test_a_server_deaf_to_sigterm_is_ended(program):
    deaf = program(
        """
        import signal, socket
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        listener = socket.create_server(("127.0.0.1", 0))
        while True:
            listener.accept()
        """
    )
    server = start(deaf)
    server.stop()
    assert refused(server.port)


# The long repetitions


@pytest.mark.soak
@pytest.mark.parametrize("name", SERVERS)
def test_fifty_starts_in_a_row(name):
    port = free_port()
    for _ in range(50):
        with start(name, port=port) as server:
            assert server.port == port
            connect(server).close()


@pytest.mark.soak
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_fifty_parents_killed_at_any_moment():
    draw = random.Random(2026)
    port = free_port()
    for _ in range(50):
        parent = subprocess.Popen(
            [sys.executable, "-c", KILLED.format(port=port), str(ROOT)],
            stdout=subprocess.DEVNULL,
        )
        time.sleep(draw.uniform(0, 0.8))
        parent.kill()
        parent.wait()
        assert eventually(lambda: refused(port))
        assert eventually(lambda: not leftovers(port))


KILLED = """
import sys
sys.path.insert(0, sys.argv[1])
from sandbox import start
while True:
    start("server_contact", port={port})
"""


def leftovers(port: int) -> list[psutil.Process]:
    """Return the processes that were to serve `port`."""
    mine = []
    for process in psutil.process_iter():
        try:
            if {"--port", str(port)} <= set(process.cmdline()):
                mine.append(process)
        except psutil.Error:
            continue
    return mine
