"""The random numbers' API: its contract, errors and description."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urljoin

import jsonschema
import pytest
import requests

from sandbox import Server, start
from tests.helpers import MEGABYTE, memory, talk
from tests.servers.conversations import read_http

PATHS = ("/api/random/int", "/api/random/float")
LAST = b"\r\nHost: x\r\nConnection: close\r\n\r\n"  # the rest of a request that is the last one


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_http_random", port=0) as server:
        yield server


@pytest.fixture
def get(server):
    """Ask for a path; return the response."""
    with requests.Session() as session:
        yield lambda target, **options: session.get(server.url + target, timeout=10, **options)


def status_of(answer: bytes) -> int:
    return read_http(answer)[0]


# The contract


@pytest.mark.parametrize("n", [0, 1, 20, 1001, 100_000])
@pytest.mark.parametrize("path", PATHS)
def test_n_numbers_in_a_json_list(get, path, n):
    response = get(f"{path}?n={n}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert isinstance(response.json(), list)
    assert len(response.json()) == n


def test_ints_go_from_0_to_99(get):
    numbers = get("/api/random/int?n=10000&seed=3").json()
    assert set(numbers) == set(range(100))


def test_floats_go_from_0_to_1(get):
    numbers = get("/api/random/float?n=10000&seed=3").json()
    assert all(isinstance(number, float) and 0 <= number < 1 for number in numbers)
    assert min(numbers) < 0.01
    assert max(numbers) > 0.99


@pytest.mark.parametrize("path", PATHS)
def test_without_n_a_list_of_one(get, path):
    assert len(get(path).json()) == 1


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("/api/random/int", [17, 72, 97]),
        ("/api/random/float", [0.13436424411240122, 0.8474337369372327, 0.763774618976614]),
    ],
)
def test_a_seed_gives_the_same_numbers_on_every_machine(get, path, numbers):
    assert get(f"{path}?n=3&seed=1").json() == numbers


def test_without_a_seed_the_same_request_gives_two_answers(get):
    assert get("/api/random/float?n=3").json() != get("/api/random/float?n=3").json()


@pytest.mark.parametrize("target", [*PATHS, "/", "/openapi.json", "*"])
def test_options_tells_what_is_allowed(server, target):
    answer = talk(server, b"OPTIONS %b HTTP/1.1" % target.encode() + LAST)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nAllow: GET, HEAD, OPTIONS" in head
    assert b"Content-Length" not in head  # RFC 9110, 8.6: never in a 204
    assert body == b""


def test_an_absolute_target_is_understood(server):
    answer = talk(server, b"GET http://example.org/api/random/int?n=2&seed=1 HTTP/1.1" + LAST)
    assert answer.endswith(b"\r\n\r\n[17, 72]")


# Errors

BAD_QUERIES = {
    "n empty": "n=",
    "n without a value": "n",
    "n a word": "n=abc",
    "n negative": "n=-1",
    "n one too many": "n=100001",
    "n enormous": "n=1000000000",
    "n longer than an int may be": "n=" + "9" * 5000,
    "n decimal": "n=2.0",
    "n in scientific notation": "n=1e3",
    "n with a plus": "n=%2B5",
    "n with spaces": "n=%205%20",
    "n with Python's underscore": "n=1_000",
    "n in other digits": "n=" + quote("٣"),
    "n not UTF-8": "n=%ff",
    "n with a NUL": "n=1%00",
    "n twice": "n=1&n=2",
    "seed empty": "seed=",
    "seed a word": "seed=abc",
    "seed decimal": "seed=1.5",
    "seed twice": "seed=1&seed=1",
    "seed too long": "seed=" + "9" * 19,
    "unknown parameter": "combien=3",
    "parameter in capitals": "N=3",
    "markup": "%3Cb%3E=1",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES.keys())
def test_a_bad_parameter_is_refused_with_what_is_allowed(get, path, query):
    response = get(f"{path}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json"
    problem = response.json()
    assert "Paramètres permis\u00a0: n, seed." in problem["error"]
    assert len(problem["error"]) < 300
    assert problem["allowed"]["n"] == "n doit être un nombre entier de 0 à 100\u00a0000"


@pytest.mark.parametrize("query", ["n=0000000003", "n=3&seed=-7", "n=3&seed=" + "9" * 18, "n=3&"])
def test_an_unusual_parameter_is_accepted(get, query):
    assert len(get(f"/api/random/int?{query}").json()) == 3


@pytest.mark.parametrize(
    "path",
    ["/api/random/complexe", "/api/random/int/", "/API/random/int", "//api/random/int",
     "/api/random/int%00", "/api/random/..", "/favicon.ico", "/%3Cscript%3E", "/%ff"],
)  # fmt: skip
def test_an_unknown_path_is_refused_with_the_known_ones(server, path):
    answer = talk(server, b"GET %b HTTP/1.1" % path.encode() + LAST)
    assert status_of(answer) == 404
    assert set(PATHS) < set(json.loads(answer.partition(b"\r\n\r\n")[2])["allowed"])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", [*PATHS, "/", "/openapi.json"])
def test_another_method_is_not_allowed(server, method, path):
    response = requests.request(method, server.url + path, timeout=10)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["allowed"] == ["GET", "HEAD", "OPTIONS"]
    assert method in response.json()["error"]


@pytest.mark.parametrize("method", [b"BREW", b"get", b"PROPFIND", b"G!"])
def test_a_method_nobody_knows_is_not_implemented(server, method):
    assert status_of(talk(server, method + b" /api/random/int HTTP/1.1" + LAST)) == 501


def test_an_unknown_path_goes_before_a_method_not_allowed(server):
    assert requests.post(server.url + "/rien", timeout=10).status_code == 404


# Crowds and floods


@pytest.mark.slow
def test_long_lists_that_nobody_reads_take_no_memory(server):
    """40 answers of 2 MB each: 80 MB if they were made whole."""
    before = memory(server)
    with contextlib.ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection((server.host, server.port), timeout=60))
            for _ in range(40)
        ]
        for client in clients:
            client.sendall(b"GET /api/random/float?n=100000 HTTP/1.1" + LAST)
        for client in clients:
            assert client.recv(1) == b"H"  # its answer has begun
        assert memory(server) - before < 30 * MEGABYTE


def lines_with(server: Server, word: str) -> list[str]:
    """Return the lines of the log that hold `word`, once there is one."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if found := [line for line in server.log().splitlines() if word in line]:
            return found
        time.sleep(0.01)
    return []


def test_the_log_has_one_line_a_request(get, server):
    get("/api/random/int?n=2&seed=987")
    assert lines_with(server, "seed=987") == [
        "127.0.0.1 GET /api/random/int?n=2&seed=987 HTTP/1.1 → 200, 8 octets"
    ]


def test_the_log_is_safe_to_show(server):
    talk(server, b"\x1b[31mcolour" + b"!" * 1000 + b"\r\n", half_close=True)
    (line,) = lines_with(server, "colour")
    assert line.startswith("127.0.0.1 \N{REPLACEMENT CHARACTER}[31mcolour!!!")
    assert "!!!… → 400, " in line
    assert len(line) < 250


# What the server says of itself

REFERENCE = {
    "type": "object",
    "required": ["$ref"],
    "properties": {"$ref": {"type": "string", "pattern": "^#/components/"}},
}
OPENAPI = {  # what of OpenAPI 3.1 a description like ours must keep to
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "additionalProperties": False,
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {
            "type": "object",
            "required": ["title", "version"],
            "properties": {
                "license": {
                    "type": "object",
                    "required": ["name"],
                    "not": {"required": ["url", "identifier"]},
                }
            },
        },
        "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": ["get", "put", "post", "delete", "head", "patch"]},
                "additionalProperties": {"$ref": "#/$defs/operation"},
            },
        },
        "components": {
            "type": "object",
            "propertyNames": {"enum": ["parameters", "responses", "schemas"]},
            "properties": {
                "parameters": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["name", "in", "schema"],
                        "properties": {"in": {"enum": ["query", "header", "cookie"]}},
                    },
                },
                "responses": {
                    "type": "object",
                    "additionalProperties": {"$ref": "#/$defs/response"},
                },
            },
        },
    },
    "$defs": {
        "operation": {
            "type": "object",
            "required": ["operationId", "responses"],
            "properties": {
                "parameters": {"type": "array", "items": REFERENCE},
                "responses": {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": "^[1-5][0-9][0-9]$"},
                    "additionalProperties": {"anyOf": [REFERENCE, {"$ref": "#/$defs/response"}]},
                },
            },
        },
        "response": {
            "type": "object",
            "required": ["description"],
            "propertyNames": {"enum": ["description", "headers", "content", "links"]},
            "properties": {
                "content": {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z]+/[a-z]+$"},
                    "additionalProperties": {"type": "object", "required": ["schema"]},
                }
            },
        },
    },
}


@pytest.fixture
def description(get) -> dict:
    return get("/openapi.json").json()


def resolve(description: dict, node: dict) -> dict:
    """Follow a reference, if `node` is one."""
    found = description
    for name in node.get("$ref", "#").split("/")[1:]:
        found = found[name]
    return found if "$ref" in node else node


def schema_of(description: dict, path: str, status: str) -> dict:
    """Return the schema of what a GET of `path` answers with this status."""
    answer = resolve(description, description["paths"][path]["get"]["responses"][status])
    return resolve(description, answer["content"]["application/json"]["schema"])


def test_the_description_is_openapi(description):
    jsonschema.validate(description, OPENAPI)


def test_every_reference_of_the_description_leads_somewhere(description):
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(description))
    assert len(references) == 10
    for reference in references:
        assert resolve(description, {"$ref": reference})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "status"), [("", "200"), ("?n=0", "200"), ("?n=50", "200"), ("?n=x", "400")]
)
def test_answers_are_as_described(get, description, path, query, status):
    response = get(path + query)
    assert response.status_code == int(status)
    schema = schema_of(description, path, status)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(response.json())


@pytest.mark.parametrize("path", PATHS)
def test_the_schemas_described_refuse_something(description, path):
    for wrong in ([100], [-1], ["1"], {"error": "non"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema_of(description, path, "200"))


def test_the_examples_of_the_description_are_true(get, description):
    for path, methods in description["paths"].items():
        content = methods["get"]["responses"]["200"]["content"]["application/json"]
        jsonschema.validate(content["example"], content["schema"])
        assert get(f"{path}?seed=1&n={len(content['example'])}").json() == content["example"]


@pytest.mark.parametrize("name", ["n", "seed"])
def test_parameters_are_accepted_as_far_as_described_and_no_further(get, description, name):
    schema = description["components"]["parameters"][name]["schema"]
    for bound, step in (("minimum", -1), ("maximum", 1)):
        query = "/api/random/int?{}={}".format
        assert get(query(name, schema[bound])).status_code == 200
        assert get(query(name, schema[bound] + step)).status_code == 400


MISTAKES = {
    "api/random/int?n=-1",
    "api/random/int?n=abc",
    "api/random/int?n=1000000000",
    "api/random/int?combien=3",
    "api/random/complexe",
}


class Links(HTMLParser):
    """The addresses that a page names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.found += [v for name, v in attributes if name in ("href", "src", "action")]


def test_the_page_shows_what_the_description_says(get, description):
    response = get("/")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    response.encoding = "utf-8"
    assert '<html lang="fr">' in response.text
    for path, methods in description["paths"].items():
        assert f"GET {path}" in response.text
        assert methods["get"]["summary"] in response.text
    for parameter in description["components"]["parameters"].values():
        assert parameter["description"] in response.text


def test_the_links_of_the_page_lead_where_it_says(get):
    links = Links(get("/").text).found
    links.remove("data:,")
    statuses = {}
    for link in links:
        assert "//" not in link  # nothing from elsewhere
        assert not link.startswith("/")  # the page works under any prefix
        statuses[link] = get(urljoin("/", link)).status_code
    refused = {link for link, status in statuses.items() if status != 200}
    assert len(statuses) >= 12
    assert refused == MISTAKES
