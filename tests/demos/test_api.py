"""api: random numbers, a CRUD and its description, the same page twice."""

import functools
import json
import operator
import random
import re

import jsonschema
import pytest

from sandbox.running.catalogue import DEMO_FOLDER
from sandbox.running.demos import load_demo
from tests.helpers import MEGABYTE, is_light

DRAWN = ("int", "float")
BOOK = {"title": "Nadja", "author": "André Breton", "year": 1928}
DESCRIPTION = json.loads((DEMO_FOLDER / "api/static/openapi.json").read_text(encoding="utf-8"))


@pytest.fixture
def demo():
    return load_demo("api")


@pytest.fixture
def client(demo):
    return demo.app.test_client()


def token(client) -> str:
    return re.search(r'name="csrf_token" value="(.+?)"', client.get("/ssr").text)[1]


def operations() -> list[tuple[str, str]]:
    """Return the paths of the description with their methods, as Flask writes them."""
    return [
        (path.replace("{book_id}", "<int:book_id>"), method.upper())
        for path, item in DESCRIPTION["paths"].items()
        for method in item
        if method != "parameters"
    ]


def conforms(answer, path: str) -> None:
    """Fail when an answer is not what the description says of this request's."""
    operation = DESCRIPTION["paths"][path][answer.request.method.lower()]
    response = operation["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = DESCRIPTION["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if "content" in response:
        assert answer.mimetype == "application/json"
        schema = response["content"]["application/json"]["schema"]
        whole = schema | {"components": DESCRIPTION["components"]}
        jsonschema.Draft202012Validator(whole).validate(answer.json)
    else:
        assert not answer.data


def test_description_has_all_the_routes_and_no_other(demo):
    routes = set()
    for rule in demo.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint == "description":
            continue
        for path in (rule.rule.replace("<any(int, float):kind>", kind) for kind in DRAWN):
            routes |= {(path, method) for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert routes == set(operations())


def test_description_is_served(client):
    with client.get("/api/openapi.json") as answer:
        assert answer.json == DESCRIPTION


@pytest.mark.parametrize("kind", DRAWN)
def test_random_numbers(client, kind):
    path = f"/api/random/{kind}"
    answer = client.get(path, query_string={"n": 5, "seed": 1})
    conforms(answer, path)
    generator = random.Random(1)
    expected = [generator.randrange(100) if kind == "int" else generator.random() for _ in "12345"]
    assert answer.json == expected
    assert len(client.get(path).json) == 1
    assert client.get(path, query_string={"n": 0}).json == []


@pytest.mark.parametrize("path", ["/api/random/int?n=", "/api/books?page=", "/api/books?per_page="])
@pytest.mark.parametrize("value", ["abc", "", "-5", "10000000", "1.5", "9" * 5000, "<b>"])
def test_wrong_parameter_is_refused(client, path, value):
    answer = client.get(path + value)
    assert answer.status_code == 400
    conforms(answer, path.partition("?")[0])
    assert "nombre entier" in answer.json["error"]


def test_life_of_a_book(client):
    made = client.post("/api/books", json=BOOK)
    conforms(made, "/api/books")
    assert made.status_code == 201
    url = made.location
    path = "/api/books/{book_id}"
    assert client.get(url).json == {"id": made.json["id"]} | BOOK
    changed = client.patch(url, json={"year": 1963})
    conforms(changed, path)
    assert changed.json == made.json | {"year": 1963}
    replaced = client.put(url, json=BOOK | {"title": " L’Amour fou ", "year": 1937})
    conforms(replaced, path)
    assert replaced.json["title"] == "L’Amour fou"
    gone = client.delete(url)
    assert gone.status_code == 204
    conforms(gone, path)
    for method in ("get", "put", "patch", "delete"):
        answer = client.open(url, method=method, json=BOOK)
        assert answer.status_code == 404
        conforms(answer, path)


def test_pages_cover_the_list_once(client):
    pages = [client.get(f"/api/books?per_page=5&page={page}") for page in (1, 2, 3, 4)]
    for answer in pages:
        conforms(answer, "/api/books")
    ids = [[book["id"] for book in answer.json["items"]] for answer in pages]
    assert functools.reduce(operator.iadd, ids, []) == list(range(12, 0, -1))
    assert ids[3] == []
    assert pages[0].json["total"] == 12


WRONG_BOOKS = [
    pytest.param([], id="list"),
    pytest.param("texte", id="string"),
    pytest.param({}, id="empty"),
    pytest.param(BOOK | {"year": "1928"}, id="year a string"),
    pytest.param(BOOK | {"year": True}, id="year a boolean"),
    pytest.param(BOOK | {"year": 1928.5}, id="year a float"),
    pytest.param(BOOK | {"year": 10**7}, id="year far away"),
    pytest.param(BOOK | {"title": ""}, id="empty title"),
    pytest.param(BOOK | {"title": " "}, id="blank title"),
    pytest.param(BOOK | {"title": "a" * 101}, id="long title"),
    pytest.param(BOOK | {"author": ["André"]}, id="author a list"),
    pytest.param(BOOK | {"id": 3}, id="identifier chosen"),
    pytest.param(BOOK | {"prix": 3}, id="unknown field"),
]


@pytest.mark.parametrize("book", WRONG_BOOKS)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_wrong_book_is_refused(client, method, book):
    url = "/api/books" if method == "POST" else "/api/books/1"
    before = client.get("/api/books").json
    answer = client.open(url, method=method, json=book)
    assert answer.status_code == 400
    conforms(answer, "/api/books" if method == "POST" else "/api/books/{book_id}")
    assert client.get("/api/books").json == before


def test_wrong_change_names_its_field(client):
    answer = client.patch("/api/books/1", json={"year": "hier"})
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == ["year"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="cut"),
        pytest.param(b"", "application/json", 400, id="empty"),
        pytest.param(b"\xff\xfe", "application/json", 400, id="not UTF-8"),
        pytest.param(b"null", "application/json", 400, id="null"),
        pytest.param(b"[" * 16000, "application/json", 400, id="deep"),
        pytest.param(b'{"year": NaN}', "application/json", 400, id="NaN"),
        pytest.param(b'{"year": ' + b"9" * 5000 + b"}", "application/json", 400, id="digits"),
        pytest.param(b"title=a", "application/x-www-form-urlencoded", 415, id="form"),
        pytest.param(b"{}", "text/plain", 415, id="plain text"),
        pytest.param(b'"' + b"a" * MEGABYTE + b'"', "application/json", 413, id="1 MB"),
    ],
)
def test_wrong_body_is_refused(client, body, content_type, status):
    answer = client.post("/api/books", data=body, content_type=content_type)
    assert answer.status_code == status
    conforms(answer, "/api/books")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/rien", 404),
        ("GET", "/api/books/0", 404),
        ("GET", "/api/books/-1", 404),
        ("GET", "/api/books/abc", 404),
        ("GET", "/api/books/" + "9" * 5000, 404),
        ("GET", "/api/random/complex", 404),
        ("DELETE", "/api/books", 405),
        ("POST", "/api/books/1", 405),
    ],
)
def test_error_is_json_under_api(client, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.json["error"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_error_is_a_page_elsewhere(client):
    answer = client.get("/rien")
    assert answer.status_code == 404
    assert "<h1>Erreur 404" in answer.text


def test_full_library_is_said(demo, client):
    demo.MAX_BOOKS = len(demo.books)
    answer = client.post("/api/books", json=BOOK)
    assert answer.status_code == 409
    conforms(answer, "/api/books")


def test_form_adds_then_redirects(client):
    answer = client.post("/ssr", data=BOOK | {"csrf_token": token(client)})
    assert (answer.status_code, answer.location) == (302, "/ssr")
    assert client.get("/api/books").json["items"][0]["title"] == "Nadja"
    answer = client.post("/ssr/13/delete", data={"csrf_token": token(client)})
    assert answer.location == "/ssr"
    assert client.get("/api/books/13").status_code == 404


def test_form_keeps_what_was_typed(client):
    fields = {"title": "<b>", "author": "", "year": "hier", "csrf_token": token(client)}
    answer = client.post("/ssr", data=fields)
    assert answer.status_code == 400
    assert 'value="&lt;b&gt;"' in answer.text
    assert 'id="author-error"' in answer.text
    assert 'id="year-error"' in answer.text
    assert 'id="title-error"' not in answer.text


@pytest.mark.parametrize("path", ["/ssr", "/ssr/1/delete"])
@pytest.mark.parametrize("forged", [{}, {"csrf_token": ""}, {"csrf_token": "faux"}])
def test_form_without_token_is_refused(client, path, forged):
    client.get("/ssr")
    answer = client.post(path, data=BOOK | forged)
    assert answer.status_code == 400
    assert "jeton CSRF" in answer.text


def test_headers_and_cookie(client):
    answer = client.get("/ssr")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in client.get("/api/books").headers
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("api=", "HttpOnly", "SameSite=Lax"))


@pytest.mark.parametrize("width", [1280, 390])
def test_same_page_twice(launch, open_url, scheme, width):
    server = launch("api")
    rows = {}
    for way in ("ssr", "csr"):
        watched = open_url(f"{server.url}/{way}", scheme=scheme, width=width)
        page = watched.page
        assert is_light(page) == (scheme == "light")
        page.get_by_role("cell", name="Germinal", exact=True).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        rows[way] = [text.split() for text in page.locator("#books tr").all_inner_texts()]
        assert not page.get_by_text("Page précédente").is_visible()
        page.get_by_label("Titre").fill("<img src=x onerror=document.title='percé'>")
        page.get_by_role("button", name="Ajouter").click()
        page.get_by_text("Auteur : un texte de 1 à 100").wait_for()
        page.get_by_label("Auteur").fill("Moi")
        page.get_by_label("Année").fill("2026")
        page.keyboard.press("Enter")
        page.get_by_role("cell", name="<img src=x").first.wait_for()
        assert page.locator("#books img").count() == 0
        page.get_by_text("Page suivante").click()
        page.get_by_role("cell", name="Lettres persanes", exact=True).wait_for()
        page.get_by_text("Page précédente").click()
        page.get_by_role("button", name="Effacer <img").click()
        page.get_by_text("12 livres").wait_for()
        assert "percé" not in page.title()
        assert watched.errors == []
        assert watched.outside(server.url) == []
    assert rows["ssr"] == rows["csr"]
