"""The file drop: a file or a folder given to the room, files received from it."""

import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import requests
from werkzeug.http import parse_options_header

from sandbox import server_partage as partage
from sandbox.checking.plays.servers import reset
from sandbox.partage import names, terminal
from sandbox.partage.archive import make_archive
from sandbox.partage.pages import readable
from sandbox.partage.pieces import pieces, state_of
from sandbox.partage.turns import Turns
from sandbox.server_partage import Drop, DropServer
from sandbox.serving import tcp
from sandbox.serving.http import Problem, Response
from tests.helpers import MEGABYTE, breakable, connect, eventually, talk

CONTENT = bytes(range(256)) * 40  # 10 240 bytes
NAME = "Un café, à 18 h.pdf"
SECRET = b"le mot de passe est 1234"


class Running:
    """A file drop in this very process, and how to talk to it."""

    def __init__(self, drop: Drop, host: str, port: int) -> None:
        self.drop = drop
        self.host, self.port = host, port
        self.url = f"http://{host}:{port}"
        self.file_url = self.url + drop.target

    def get(self, **headers: str) -> requests.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(self.file_url, headers=headers, timeout=10)

    def upload(self, *files: tuple[str, bytes], **headers: str) -> requests.Response:
        return requests.post(
            self.url, files=[("fichier", each) for each in files], headers=headers, timeout=10
        )


@pytest.fixture
def run(serve) -> Callable[[Drop], Running]:
    """Run a file drop until the end of the test."""

    def runner(drop: Drop) -> Running:
        here = serve(drop, DropServer)
        return Running(drop, here.host, here.port)

    return runner


@pytest.fixture
def file(tmp_path) -> Path:
    """A file to give, with a secret beside it."""
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "donné").mkdir()
    path = tmp_path / "donné" / NAME
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def give(run, file) -> Callable[..., Running]:
    return lambda times=None: run(Drop(file, file.name, Turns(times)))


@pytest.fixture
def receive(run, tmp_path) -> Callable[..., Running]:
    def runner(limit: int = MEGABYTE) -> Running:
        folder = tmp_path / "reçus"
        folder.mkdir()
        return run(Drop(folder=folder, limit=limit))

    return runner


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# A file


def test_the_file_is_given_whole(give):
    response = give().get()
    assert response.status_code == 200
    assert response.content == CONTENT
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["Accept-Ranges"] == "bytes"


def test_head_says_the_same_without_the_file(give):
    server = give(times=1)
    head = requests.head(server.file_url, timeout=10)
    assert head.content == b""
    whole = server.get()
    for name in ("Content-Length", "Content-Disposition", "ETag", "Accept-Ranges"):
        assert head.headers[name] == whole.headers[name]
    assert whole.status_code == 200  # HEAD is no download


def test_an_empty_file(run, tmp_path):
    (tmp_path / "vide").touch()
    response = run(Drop(tmp_path / "vide", "vide")).get()
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "name",
    ["rapport.pdf", NAME, "100 %.txt", 'dit "non".txt', "a;b=c.txt", "été#1?.txt", "日本.txt", "'"],
)
def test_any_name_is_kept(run, file, name):
    server = run(Drop(file, name))
    header = server.get().headers["Content-Disposition"]
    kind, parameters = parse_options_header(header)
    assert kind == "attachment"
    assert parameters["filename"] == name
    plain = re.search(r'filename="([^"\\%]*)"; ', header)
    assert plain
    assert plain[1].isascii()


@pytest.mark.parametrize("decomposed", [False, True], ids=["é", "e and an accent"])
def test_a_name_may_be_typed_in_two_ways(run, file, decomposed):
    typed = "e\u0301te\u0301" if decomposed else "été"
    server = run(Drop(file, "été"))
    assert requests.get(f"{server.url}/{quote(typed)}", timeout=10).content == CONTENT


def test_a_name_keeps_its_letters_in_ascii():
    assert 'filename="_uvre a lire.txt"' in names.disposition("Œuvre à lire.txt")


def test_a_name_that_is_not_utf_8_becomes_one():
    assert names.spelt(Path(os.fsdecode(b"\xe9t\xe9.txt"))) == "?t?.txt"


def test_the_file_has_gone(give, file):
    server = give()
    file.unlink()
    assert server.get().status_code == 410
    assert requests.get(server.url, timeout=10).status_code == 410


# Nothing else


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/./../secret.txt",
        "/donn%C3%A9/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/..%c0%afsecret.txt",
        "/..%00/secret.txt",
        "/{name}%00.txt",
        "/{name}/../../secret.txt",
        "/{name}/",
        "//secret.txt",
        "/{folder}/secret.txt",
        "//{folder}/secret.txt",
        "/file:///{folder}/secret.txt",
        "http://x/../secret.txt",
        "/secret.txt",
        "/~/secret.txt",
        "/secret.txt?/{name}",
        "/C:%5csecret.txt",
    ],
)
def test_nothing_else_can_be_had(give, file, target):
    server = give()
    target = target.format(name=quote(NAME), folder=quote(str(file.parent.parent)[1:]))
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = talk(server, request.encode("latin-1"))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert SECRET not in answer
    assert CONTENT not in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_who_gives_does_not_receive(give, method):
    server = give()
    for url in (server.url, server.file_url):
        response = requests.request(method, url, data=b"x", timeout=10)
        assert response.status_code == 405
        assert "POST" not in response.headers["Allow"]


def test_the_file_replaced_on_the_way_is_not_sent(give, file):
    size, etag = state_of(file)
    file.write_bytes(SECRET * 1000)
    with pytest.raises(ConnectionAbortedError):
        next(pieces(file, etag, 0, size))


# Ranges


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-100", 100, 100),
        ("bytes=10000-", 10_000, 10_239),
        ("bytes=0-", 0, 10_239),
        ("bytes=0-99999999", 0, 10_239),
        ("bytes=-240", 10_000, 10_239),
        ("bytes=-99999999", 0, 10_239),
    ],
)
def test_a_part(give, asked, first, last):
    response = give().get(Range=asked)
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/10240"
    assert response.content == CONTENT[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there(give, asked):
    response = give().get(Range=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */10240"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=-", "bytes=a-b", "octets=0-1", "bytes=--1", "bytes", ""]
)
def test_a_part_asked_otherwise_is_the_whole(give, asked):
    response = give().get(Range=asked)
    assert (response.status_code, response.content) == (200, CONTENT)


def test_a_part_of_what_has_not_changed(give):
    server = give()
    etag = server.get().headers["ETag"]
    assert server.get(Range="bytes=5-", If_Range=etag).content == CONTENT[5:]


def test_a_part_of_what_has_changed_is_the_whole(give, file):
    server = give()
    etag = server.get().headers["ETag"]
    file.write_bytes(CONTENT[::-1])
    os.utime(file, ns=(1, 1))
    response = server.get(Range="bytes=5-", If_Range=etag)
    assert (response.status_code, response.content) == (200, CONTENT[::-1])


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is another program's judgement")
def test_curl_resumes_under_the_right_name(give, tmp_path):
    server = give(times=1)
    saved = tmp_path / "reçu"
    saved.write_bytes(CONTENT[:4000])
    curl = ["curl", "--silent", "--show-error", "--fail"]
    subprocess.run([*curl, "-C", "-", "-o", str(saved), server.file_url], check=True, timeout=20)
    assert saved.read_bytes() == CONTENT
    assert eventually(lambda: server.drop.turns.left == 0)  # noted once curl has the last byte


def test_a_download_cut_short_is_resumed_and_counts_once(run, tmp_path):
    content = os.urandom(8 * MEGABYTE)  # more than the system keeps on its way
    (tmp_path / "gros.bin").write_bytes(content)
    server = run(Drop(tmp_path / "gros.bin", "gros.bin", Turns(1)))
    with requests.get(server.file_url, stream=True, timeout=10) as response:
        start = response.raw.read(100_000)
        reset(socket.socket(fileno=os.dup(response.raw.connection.sock.fileno())))
    assert eventually(lambda: server.drop.turns.begun == 0)
    assert server.drop.turns.left == 1
    rest = server.get(Range=f"bytes={len(start)}-").content
    assert hashlib.sha256(start + rest).digest() == hashlib.sha256(content).digest()
    assert server.get().status_code == 410


# So many times


def test_so_many_times_and_no_more(give):
    server = give(times=2)
    answers = [server.get().status_code for _ in range(4)]
    assert answers == [200, 200, 410, 410]
    assert requests.head(server.file_url, timeout=10).status_code == 410
    page = requests.get(server.url, timeout=10)
    assert page.status_code == 200
    assert "c’est fini" in breakable(page.text)


def test_a_beginning_is_no_download(give):
    server = give(times=1)
    assert server.get(Range="bytes=0-99").status_code == 206
    assert server.get().status_code == 200


def test_many_at_once_share_the_turns(give):
    server = give(times=5)
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: server.get(), range(30)))
    complete = [answer for answer in answers if answer.status_code == 200]
    assert len(complete) <= 5
    assert all(answer.content == CONTENT for answer in complete)
    assert {answer.status_code for answer in answers} <= {200, 410, 503}
    assert eventually(lambda: server.drop.turns.done == len(complete))


@pytest.mark.slow
def test_a_turn_is_taken_from_the_start(run, tmp_path):
    (tmp_path / "gros.bin").write_bytes(bytes(8 * MEGABYTE))
    server = run(Drop(tmp_path / "gros.bin", "gros.bin", Turns(1)))
    with requests.get(server.file_url, stream=True, timeout=10) as first:
        assert first.raw.read(1000)
        second = server.get()
        assert second.status_code == 503
        assert second.headers["Retry-After"] == "5"
        assert len(first.raw.read()) == 8 * MEGABYTE - 1000


def test_a_turn_that_is_just_over_is_waited_for():
    """The last byte reaches a client before the server has noted it."""
    turns = Turns(1)
    turns.begin()
    threading.Timer(0.1, turns.end, kwargs={"complete": False}).start()
    turns.begin()
    threading.Timer(0.1, turns.end, kwargs={"complete": True}).start()
    with pytest.raises(Problem) as refused:
        turns.begin()
    assert refused.value.status == 410


def test_a_big_file_takes_no_memory(run, tmp_path):
    path = tmp_path / "gros.bin"
    with path.open("wb") as file:
        file.truncate(30 * MEGABYTE)
    tracemalloc.start()
    for piece in pieces(path, state_of(path)[1], 0, 30 * MEGABYTE):
        assert piece
    assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    tracemalloc.stop()


# A folder


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "dehors").mkdir()
    (tmp_path / "dehors" / "autre.txt").write_bytes(SECRET)
    folder = tmp_path / "Mes été"
    (folder / "sous dossier").mkdir(parents=True)
    (folder / "vide").mkdir()
    (folder / "à lire.txt").write_bytes(CONTENT)
    (folder / "sous dossier" / "b.bin").write_bytes(CONTENT * 2)
    return folder


KEPT = {
    "Mes été/à lire.txt": CONTENT,
    "Mes été/sous dossier/": b"",
    "Mes été/sous dossier/b.bin": CONTENT * 2,
    "Mes été/vide/": b"",
}


def content_of(archive: Path | io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_folder_is_an_archive(launch, folder):
    server = launch("server_partage", str(folder))
    whole = requests.get(server.url + "/" + quote("Mes été.zip"), timeout=10)
    assert content_of(io.BytesIO(whole.content)) == KEPT
    part = requests.get(whole.url, headers={"Range": "bytes=10-"}, timeout=10)
    assert part.content == whole.content[10:]


def test_a_date_before_zip_was_born(folder, tmp_path):
    os.utime(folder / "à lire.txt", (0, 0))
    assert make_archive(folder, tmp_path / "a.zip") == 0
    assert content_of(tmp_path / "a.zip") == KEPT


@pytest.mark.skipif(os.name != "posix", reason="links ask for rights on Windows")
@pytest.mark.parametrize(
    "trap",
    [
        lambda path: path.symlink_to("../secret.txt"),
        lambda path: path.symlink_to("../dehors"),
        lambda path: path.symlink_to("/etc/passwd"),
        lambda path: path.symlink_to("/"),
        lambda path: path.symlink_to("."),
        lambda path: path.symlink_to("à lire.txt"),
        lambda path: path.symlink_to("nulle part"),
        os.mkfifo,
    ],
    ids=["file", "folder", "absolute", "root", "loop", "inside", "broken", "pipe"],
)
def test_what_leads_elsewhere_is_left_out_of_the_archive(folder, tmp_path, trap):
    trap(folder / "sous dossier" / "piège")
    assert make_archive(folder, tmp_path / "a.zip") == 1
    assert content_of(tmp_path / "a.zip") == KEPT


@pytest.mark.skipif(os.name != "posix", reason="links ask for rights on Windows")
def test_a_folder_by_a_link_to_it(folder, tmp_path):
    link = tmp_path / "raccourci"
    link.symlink_to(folder)
    assert make_archive(link, tmp_path / "a.zip") == 0
    assert set(content_of(tmp_path / "a.zip")) == {
        name.replace("Mes été", "raccourci") for name in KEPT
    }


# Receiving


def test_a_file_is_received(receive):
    server = receive()
    response = server.upload((NAME, CONTENT))
    assert response.status_code == 201
    assert NAME in response.text
    assert names_in(server.drop.folder) == [NAME]
    assert (server.drop.folder / NAME).read_bytes() == CONTENT


def test_several_files_in_one_form(receive):
    server = receive()
    server.upload(("a.txt", b"a"), ("b.txt", b""), ("a.txt", b"c"))
    contents = {path.name: path.read_bytes() for path in server.drop.folder.iterdir()}
    assert contents == {"a.txt": b"a", "b.txt": b"", "a (2).txt": b"c"}


def test_nothing_is_ever_overwritten(receive):
    server = receive()
    (server.drop.folder / "a.txt").write_bytes(b"le mien")
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: server.upload(("a.txt", b"%d" % n)), range(20)))
    contents = {path.name: path.read_bytes() for path in server.drop.folder.iterdir()}
    assert contents.pop("a.txt") == b"le mien"
    assert sorted(map(int, contents.values())) == list(range(20))


@pytest.mark.skipif(os.name != "posix", reason="links ask for rights on Windows")
def test_a_link_is_not_followed(receive, tmp_path):
    server = receive()
    (server.drop.folder / "a.txt").symlink_to(tmp_path / "nouveau.txt")
    server.upload(("a.txt", b"x"))
    assert not (tmp_path / "nouveau.txt").exists()
    assert (server.drop.folder / "a (2).txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../secret.txt", "secret.txt"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\secret.txt", "secret.txt"),
        ("C:\\Windows\\a.txt", "a.txt"),
        ("C:a.txt", "C_a.txt"),
        ("a.txt:flux", "a.txt_flux"),
        ("..", "sans nom"),
        ("a/..", "sans nom"),
        ("dossier/", "sans nom"),
        (" . ", "sans nom"),
        (".bashrc", "bashrc"),
        ("a\x00.txt", "a_.txt"),
        ("a\r\nb.txt", "a  b.txt"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("capture\u202f18h.png", "capture 18h.png"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("a" * 300 + ".txt", "a" * 180 + ".txt"),
        ("é" * 300, "é" * 90),
        ("a." + "b" * 300, "a." + "b" * 19),
        ("\ud800.txt", "_.txt"),
        ("console.log", "console.log"),
        (NAME, NAME),
    ],
)
def test_a_harmless_name(sent, kept):
    assert names.harmless(sent) == kept


@pytest.mark.parametrize("name", ["../../piège.txt", "/piège.txt", "%2e%2e%2fpiège", "..%5cpiège"])
def test_a_name_leads_nowhere(receive, tmp_path, name):
    server = receive()
    disposition = f'form-data; name="fichier"; filename="{name}"'
    response = requests.post(
        server.url,
        data=f"--b\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--b--\r\n".encode(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=10,
    )
    assert response.status_code == 201
    assert names_in(tmp_path) == ["reçus"]
    assert len(names_in(server.drop.folder)) == 1


KIND = "multipart/form-data; boundary=b"


def part(content: bytes = b"x", filename: bytes | None = b"a") -> bytes:
    """Return a field of a form, a file's if it has a name."""
    name = b"" if filename is None else b'; filename="%b"' % filename
    disposition = b'Content-Disposition: form-data; name="fichier"%b' % name
    return b"--b\r\n" + disposition + b"\r\n\r\n" + content + b"\r\n"


END = b"--b--\r\n"
FORM = part() + END


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (FORM, {"Content-Type": "text/plain"}, 415),
        (FORM, {}, 415),
        (FORM, {"Content-Type": "multipart/form-data"}, 400),
        (FORM, {"Content-Type": "multipart/form-data; boundary=\xe9"}, 400),
        (FORM, {"Content-Type": "multipart/form-data; boundary=autre"}, 400),
        (b"", {"Content-Type": KIND}, 400),
        (FORM[:40], {"Content-Type": KIND}, 400),
        (FORM[:-10], {"Content-Type": KIND}, 400),
        (part(filename=None) + END, {"Content-Type": KIND}, 400),
        (part(filename=b"") + END, {"Content-Type": KIND}, 400),
        (FORM, {"Content-Type": KIND, "Origin": "http://ailleurs.example"}, 403),
        (FORM, {"Content-Type": KIND, "Origin": "null"}, 403),
        (iter([FORM]), {"Content-Type": KIND}, 411),
        (FORM + bytes(MEGABYTE), {"Content-Type": KIND}, 413),
        (part(b"x" * 600_000, filename=None) + END, {"Content-Type": KIND}, 413),
        (part() * 151 + END, {"Content-Type": KIND}, 413),
    ],
    ids=[
        "no form",
        "no type",
        "no boundary",
        "boundary not ASCII",
        "other boundary",
        "empty",
        "cut in the head",
        "cut in the file",
        "field without a file",
        "no file chosen",
        "other site",
        "hidden site",
        "no length",
        "too big",
        "a field too long",
        "too many files",
    ],
)
def test_a_form_refused_leaves_nothing(receive, body, headers, status):
    server = receive()
    response = requests.post(server.url, data=body, headers=headers, timeout=10)
    assert response.status_code == status
    assert "Traceback" not in response.text
    assert names_in(server.drop.folder) == []


def test_a_sender_who_leaves_leaves_nothing(receive):
    server = receive()
    with connect(server) as client:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {KIND}\r\nContent-Length: 500000\r\n"
        client.sendall(head.encode() + b"\r\n" + FORM[:80] + bytes(200_000))
        assert eventually(lambda: names_in(server.drop.folder))
    assert eventually(lambda: not names_in(server.drop.folder))


def test_a_sender_too_slow_is_given_up(receive, monkeypatch):
    monkeypatch.setattr(partage, "BODY_SECONDS", 0.2)
    server = receive()
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {KIND}\r\nContent-Length: 500\r\n\r\n"
    answer = talk(server, head.encode() + FORM[:80])
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert names_in(server.drop.folder) == []


def test_who_asks_before_sending_is_told_to(receive):
    server = receive()
    head = (
        f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {KIND}\r\nContent-Length: {len(FORM)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with connect(server) as client:
        client.sendall(head.encode())
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(FORM)
        assert client.recv(65536).startswith(b"HTTP/1.1 201 ")


def test_a_full_disk_is_said(receive, monkeypatch):
    monkeypatch.setattr(partage, "SPARE", 1 << 62)
    assert receive().upload(("a", b"x")).status_code == 507


def test_so_many_files_and_no_more(receive, monkeypatch):
    monkeypatch.setattr(partage, "MAX_RECEIVED", 2)
    server = receive()
    assert [server.upload(("a", b"x")).status_code for _ in range(3)] == [201, 201, 507]
    assert len(names_in(server.drop.folder)) == 2


def test_what_is_received_is_not_given(receive):
    server = receive()
    server.upload(("a.txt", SECRET))
    for target in ("/a.txt", "/reçus/a.txt", "/../reçus/a.txt"):
        assert requests.get(server.url + target, timeout=10).status_code == 404


# The page


def test_the_page_gives_and_receives(run, file, open_url, tmp_path):
    (tmp_path / "reçus").mkdir()
    name = "<b>&'\"été #1.txt"
    server = run(Drop(file, name, Turns(3), tmp_path / "reçus"))
    watched = open_url(server.url, width=390)
    page = watched.page
    assert name in page.inner_text("h2")
    assert "10,2 ko" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=Télécharger")
    assert Path(download.value.path()).read_bytes() == CONTENT
    page.set_input_files("input", {"name": NAME, "mimeType": "a/b", "buffer": b"merci"})
    page.click("button")
    assert NAME in page.inner_text("main")
    assert (tmp_path / "reçus" / NAME).read_bytes() == b"merci"
    page.click("a")
    assert "restants : 2" in breakable(page.inner_text("main"))
    assert watched.errors == []
    assert watched.outside(server.url) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 octets"),
        (999, "999 octets"),
        (1000, "1 ko"),
        (10_240, "10,2 ko"),
        (5_300_000, "5,3 Mo"),
        (10**9, "1 Go"),
        (10**16, "10000 To"),
    ],
)
def test_sizes_as_people_say_them(size, said):
    assert breakable(readable(size)) == said


# Where we are


class NoNetwork(socket.socket):
    def connect(self, address: object) -> None:
        raise OSError(101, "Network is unreachable")


def test_the_address_is_one_of_this_machine():
    address = tcp.own_address()
    if address is None:
        pytest.skip("no network here")
    with socket.create_server((address, 0)):
        pass


def test_without_network_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr("sandbox.serving.tcp.socket.socket", NoNetwork)
    assert tcp.own_address() is None
    terminal.announce("0.0.0.0", 3008)
    said = breakable(capsys.readouterr().err)
    assert "pas de réseau" in said
    assert "http://127.0.0.1:3008/" in said


@pytest.mark.parametrize(
    ("host", "address", "said"),
    [
        ("0.0.0.0", "192.168.1.20", "Toute machine du même réseau"),
        ("192.168.1.21", "192.168.1.21", "Toute machine du même réseau"),
        ("127.0.0.1", "127.0.0.1", "Cette machine seule"),
    ],
)
def test_it_says_who_can_come(monkeypatch, capsys, host, address, said):
    monkeypatch.setattr(terminal, "own_address", lambda: "192.168.1.20")
    terminal.announce(host, 3008)
    printed = breakable(capsys.readouterr().err)
    assert said in printed
    assert f"    http://{address}:3008/\n" in printed


def test_a_name_comes_back_from_its_target():
    assert unquote(Drop(name=NAME).target) == "/" + NAME


def test_a_slow_client_has_time_for_a_big_file():
    handler = partage.DropHandler.__new__(partage.DropHandler)
    response = Response(iter(()), length=partage.SLOWEST * 1000)
    assert handler.time_for(response) > 1000
