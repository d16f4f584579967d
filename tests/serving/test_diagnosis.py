"""What is said of each wrong request, word for word, and as soon as it can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.serving.diagnosis import Head, Problem, chunk_size, quoted
from tests.helpers import breakable

START = b"GET / HTTP/1.1\r\n"
HOST = START + b"Host: x\r\n"
TYPE = "J'attends une méthode, une cible et une version séparées par une espace, comme"
NAME = "J'attends « Nom: valeur », sans espace avant les deux-points."
LENGTH = "Content-Length doit être un seul nombre entier positif ; reçu"
LONG = "Ligne trop longue : je n'en lis que 8192 octets."
TOO_MANY = "Trop d'en-têtes : j'en accepte 100, de 32768 octets en tout."
CODING = "De Transfer-Encoding, je ne connais que « chunked »."
EXCLUSIVE = "Content-Length et Transfer-Encoding s'excluent : choisissez."


def unclear(line: str) -> str:
    return f"Ligne de requête incompréhensible : « {line} ». {TYPE} « GET / HTTP/1.1 »."


WRONG = {
    "one word": (b"Hello\r\n", 400, unclear("Hello")),
    "two empty lines": (b"\r\n\r\n", 400, unclear("")),
    "HTTP/0.9": (b"GET /\r\n", 400, unclear("GET /")),
    "two spaces": (b"GET  / HTTP/1.1\r\n", 400, unclear("GET  / HTTP/1.1")),
    "a space in the path": (b"GET /a b HTTP/1.1\r\n", 400, unclear("GET /a b HTTP/1.1")),
    "a space first": (b" GET / HTTP/1.1\r\n", 400, unclear(" GET / HTTP/1.1")),
    "lower-case version": (b"GET / http/1.1\r\n", 400, unclear("GET / http/1.1")),
    "NUL in the path": (b"GET /\0 HTTP/1.1\r\n", 400, unclear("GET /� HTTP/1.1")),
    "method not a token": (b"G@T / HTTP/1.1\r\n", 400, unclear("G@T / HTTP/1.1")),
    "accents": (
        "GET /é HTTP/1.1\r\n".encode(), 400,
        "La ligne de requête doit être en ASCII : « é », par exemple, s'écrit %C3%A9.",
    ),
    "HTTPS": (
        b"\x16", 400, "Vous parlez HTTPS, je ne parle que HTTP : écrivez « http:// »."
    ),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n", 505, "Je parle HTTP/1.1, pas HTTP/2.0."),
    "no slash": (
        b"GET api HTTP/1.1\r\n", 400, "La cible doit commencer par « / » ; reçu : « api »."
    ),
    "a star for GET": (
        b"GET * HTTP/1.1\r\n", 400, "La cible doit commencer par « / » ; reçu : « * »."
    ),
    "a long request line": (b"GET /" + b"a" * 8188, 414, LONG),
    "a long header": (HOST + b"A: " + b"b" * 8190, 431, LONG),
    "many headers": (START + b"A: b\r\n" * 101, 431, TOO_MANY),
    "big headers": (START + (b"A: " + b"b" * 8000 + b"\r\n") * 5, 431, TOO_MANY),
    "no colon": (START + b"salut\r\n", 400, f"En-tête incompréhensible : « salut ». {NAME}"),
    "a space before the colon": (
        START + b"Host : x\r\n", 400, f"En-tête incompréhensible : « Host : x ». {NAME}"
    ),
    "a folded header": (
        HOST + b" suite\r\n", 400, f"En-tête incompréhensible : «  suite ». {NAME}"
    ),
    "a control character": (
        START + b"A: \x01\r\n", 400, f"En-tête incompréhensible : « A: � ». {NAME}"
    ),
    "no host": (
        START + b"\r\n", 400,
        "En HTTP/1.1, il faut un en-tête Host et un seul ; j'en ai reçu 0.",
    ),
    "two hosts": (
        HOST + b"host: y\r\n\r\n", 400,
        "En HTTP/1.1, il faut un en-tête Host et un seul ; j'en ai reçu 2.",
    ),
    "length a word": (HOST + b"Content-Length: abc\r\n\r\n", 400, f"{LENGTH} : « abc »."),
    "length negative": (HOST + b"Content-Length: -1\r\n\r\n", 400, f"{LENGTH} : « -1 »."),
    "two lengths": (HOST + b"Content-Length: 1\r\n" * 2 + b"\r\n", 400, f"{LENGTH} : « 1, 1 »."),
    "length and chunks": (
        HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, EXCLUSIVE
    ),
    "unknown coding": (HOST + b"Transfer-Encoding: gzip\r\n\r\n", 501, CODING),
    "two codings": (HOST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n", 501, CODING),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "status", "error"), WRONG.values(), ids=WRONG)
def test_each_mistake_is_said_at_once(sent, status, error):
    """At once: its last byte is the first that tells it."""
    head = Head(sent[:-1])
    assert not head.is_whole()
    head.received += sent[-1:]
    with pytest.raises(Problem) as problem:
        head.is_whole()
    assert (problem.value.status, breakable(problem.value.error)) == (status, error)


@pytest.mark.parametrize("size", [8192, 8193])
def test_the_longest_line(size):
    head = Head(HOST + b"A: ".ljust(size - 2, b"b") + b"\r\n\r\n")
    if size <= 8192:
        assert head.is_whole()
    else:
        with pytest.raises(Problem):
            head.is_whole()


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [("/", "/", ""), ("/a?b?c", "/a", "b?c"), ("http://x", "/", ""), ("HTTP://x/a?b", "/a", "b"),
     ("http://x?b", "/", "b"), ("//a", "//a", "")],
)  # fmt: skip
def test_a_target_has_a_path_and_a_query(target, path, query):
    head = Head(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert head.is_whole()
    assert (head.method, head.path, head.query) == ("GET", path, query)


@settings(deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.integers(0, 200))
def test_where_bytes_are_cut_changes_nothing(tail, cut):
    def verdict(*pieces: bytes) -> object:
        head = Head()
        whole = False
        try:
            for piece in pieces:
                head.received += piece
                whole = whole or head.is_whole()
        except Problem as problem:
            return problem.error
        return whole, bytes(head.received), head.line

    sent = HOST + tail
    assert verdict(sent[:cut], sent[cut:]) == verdict(sent)


@pytest.mark.parametrize(
    ("line", "size"), [("0\r\n", 0), ("1f\r\n", 31), ("3;a=b\r\n", 3), ("3 \r\n", 3)]
)
def test_a_chunk_announces_its_size(line, size):
    assert chunk_size(line) == size


@pytest.mark.parametrize("line", ["salut\r\n", "-1\r\n", "\r\n", "3\n", "123456789\r\n", "3 ;\r\n"])
def test_a_chunk_that_announces_nothing(line):
    with pytest.raises(Problem) as problem:
        chunk_size(line)
    said = "Chaque morceau doit commencer par sa taille en hexadécimal ; reçu : "
    assert breakable(problem.value.error) == f"{said}« {line.strip(chr(13) + chr(10))} »."


def test_what_is_quoted_is_short_and_harmless():
    assert breakable(quoted("a\x1b[31m" + "b" * 100)) == "« a�[31m" + "b" * 54 + "… »"
