"""demo5: forms, signing in, and what must be refused."""

import json
import re

import pytest

from sandbox.running.demos import load_demo
from tests.helpers import MEGABYTE, is_light

ADA = {"username": "ada", "password": "machine analytique"}


@pytest.fixture
def demo():
    return load_demo("demo5")


@pytest.fixture
def client(demo):
    return demo.app.test_client()


def token(client, path="/") -> str:
    return re.search(r'name="csrf_token".*?value="(.+?)"', client.get(path).text)[1]


def post(client, path="/", **fields):
    return client.post(path, data={"csrf_token": token(client, "/")} | fields)


def test_signing_in_then_out(client):
    answer = post(client, **ADA)
    assert (answer.status_code, answer.location) == (302, "/home")
    assert "Bonjour ada" in client.get("/home").text
    assert post(client, "/logout").location == "/"
    assert client.get("/home").location == "/"


def test_home_is_for_those_who_signed_in(client):
    answer = client.get("/home", follow_redirects=True)
    assert answer.request.path == "/"
    assert "Connectez-vous" in answer.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"username": "", "password": "x"}, "Donnez votre nom", id="no name"),
        pytest.param({"username": "ada", "password": ""}, "Donnez votre mot", id="no password"),
        pytest.param({"username": "ada"}, "Donnez votre mot", id="password field missing"),
        pytest.param({"username": "ada", "password": "faux"}, "incorrect", id="wrong password"),
        pytest.param({"username": "Zoé", "password": "x"}, "incorrect", id="unknown name"),
        pytest.param({"username": "a" * 41, "password": "x"}, "40 signes", id="long name"),
        pytest.param({"username": "ada", "password": "x" * 201}, "200 signes", id="long password"),
        pytest.param({"username": "<b>\0", "password": "x"}, "&lt;b&gt;", id="markup and NUL"),
    ],
)
def test_refused_login_says_why(client, fields, message):
    answer = post(client, **fields)
    assert answer.status_code == 400
    assert message in answer.text
    assert client.get("/home").status_code == 302


def test_unknown_name_and_wrong_password_look_the_same(client):
    answers = [post(client, username=name, password="x").text for name in ("ada", "bob")]
    # The token may be written in two ways; the name is given back as it was typed.
    clean = [re.sub(r'(value="[\w.-]*")', "", text) for text in answers]
    assert clean[0] == clean[1]


@pytest.mark.parametrize("path", ["/", "/logout", "/bonjour"])
@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({}, id="no token"),
        pytest.param({"csrf_token": ""}, id="empty token"),
        pytest.param({"csrf_token": "ImZhdXgi.aR.forge"}, id="forged token"),
    ],
)
def test_post_without_token_is_refused(client, path, forged):
    client.get("/")
    answer = client.post(path, data=forged | ADA | {"Nom": "a", "Prénom": "b"})
    assert answer.status_code == 400
    assert "jeton CSRF" in answer.text


def test_token_of_another_visitor_is_refused(demo, client):
    theirs = token(demo.app.test_client())
    client.get("/")
    assert client.post("/", data=ADA | {"csrf_token": theirs}).status_code == 400


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param("eyJ1c2VybmFtZSI6ImFkYSJ9.aR.faux", id="forged"),
        pytest.param("", id="empty"),
        pytest.param("%00\\377;..", id="garbage"),
        pytest.param("a" * 4000, id="long"),
    ],
)
def test_forged_cookie_is_nobody(client, cookie):
    client.set_cookie("demo5", cookie)
    assert client.get("/home").location == "/"


def test_tampered_cookie_is_nobody(client):
    post(client, **ADA)
    cookie = client.get_cookie("demo5").value
    client.set_cookie("demo5", ("A" if cookie[0] != "A" else "B") + cookie[1:])
    assert client.get("/home").location == "/"


def test_closed_account_is_signed_out(demo, client, tmp_path):
    post(client, **ADA)
    demo.ACCOUNTS = tmp_path / "accounts.json"
    demo.ACCOUNTS.write_text("{}", encoding="utf-8")
    assert client.get("/home").location == "/"


def test_attempts_are_limited(demo, client):
    for _ in range(demo.PER_ACCOUNT):
        assert post(client, username="ada", password="x").status_code == 400
    answer = post(client, **ADA)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= demo.PERIOD
    assert "attendez" in answer.text
    other = post(demo.app.test_client(), username="grace", password="premier bogue")
    assert other.status_code == 302  # nobody else disturbed


def test_attempts_are_limited_over_all_names(demo, client):
    demo.check_password_hash = lambda pwhash, password: False  # fifty real ones are long
    for n in range(demo.PER_ADDRESS):
        assert post(client, username=f"nom{n}", password="x").status_code == 400
    assert post(client, username="encore", password="x").status_code == 429


@pytest.mark.slow
def test_attempts_are_forgotten_in_time_and_by_success(demo, client):
    for _ in range(2):
        for _ in range(demo.PER_ACCOUNT - 1):
            post(client, username="ada", password="x")
        assert post(client, **ADA).status_code == 302
    demo.PERIOD = 0
    demo.count_attempt("192.0.2.1", "ada")
    assert list(demo.attempts) == ["192.0.2.1"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_bonjour_greets(client, method):
    names = {"Prénom": "Éléonore", "Nom": "<b>Île"}
    query = {"query_string": names} if method == "get" else None
    answer = client.get("/bonjour", **query) if query else post(client, "/bonjour", **names)
    assert answer.status_code == 200
    assert "Bienvenue, Éléonore &lt;b&gt;Île" in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"Nom": "Hopper"}, id="one missing"),
        pytest.param({"nom": "Hopper", "prénom": "Grace"}, id="other names"),
        pytest.param({"Nom": "Hopper", "Prénom": "  "}, id="blank"),
        pytest.param({"Nom": "Hopper", "Prénom": "a" * 51}, id="long"),
    ],
)
def test_bonjour_refuses(client, method, fields):
    if method == "get":
        answer = client.get("/bonjour", query_string=fields)
    else:
        answer = post(client, "/bonjour", **fields)
    assert answer.status_code == 400
    assert 'class="error"' in answer.text


def test_one_megabyte_is_too_much(client):
    assert post(client, "/bonjour", Nom="a" * MEGABYTE, Prénom="b").status_code == 413


@pytest.mark.parametrize(("path", "status"), [("/rien", 404), ("/logout", 405)])
def test_wrong_page_is_explained(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert f"Erreur {status}" in answer.text


def test_headers_and_cookie(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("demo5=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_secret_key_comes_from_the_environment(monkeypatch, caplog):
    assert load_demo("demo5").app.secret_key != load_demo("demo5").app.secret_key
    assert "hasard" in caplog.text
    monkeypatch.setenv("FLASK_SECRET_KEY", "gardée ailleurs")
    caplog.clear()
    assert load_demo("demo5").app.secret_key == "gardée ailleurs"
    assert not caplog.text


def test_accounts_hold_no_password(demo, tmp_path):
    demo.ACCOUNTS = tmp_path / "accounts.json"
    demo.ACCOUNTS.write_text("{}", encoding="utf-8")
    runner = demo.app.test_cli_runner()
    assert runner.invoke(args=["add-account", "zoé", "--password", "secret"]).exit_code == 0
    assert "secret" not in demo.ACCOUNTS.read_text(encoding="utf-8")
    assert list(json.loads(demo.ACCOUNTS.read_text(encoding="utf-8"))) == ["zoé"]
    assert demo.is_right("zoé", "secret")


def test_in_a_browser(launch, open_url, scheme):
    server = launch("demo5")
    watched = open_url(server.url, scheme=scheme, width=390)
    page = watched.page
    assert is_light(page) == (scheme == "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Nom d’utilisateur").fill("ada")
    page.get_by_label("Mot de passe").fill("faux")
    page.keyboard.press("Enter")
    page.get_by_text("incorrect").wait_for()
    assert page.get_by_label("Nom d’utilisateur").input_value() == "ada"
    page.get_by_label("Mot de passe").fill(ADA["password"])
    page.get_by_role("button").dblclick()
    page.get_by_role("heading", name="Chez vous, ada").wait_for()
    page.reload()
    assert page.get_by_role("heading", name="Chez vous, ada").is_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_text("Vous êtes déconnecté").wait_for()
    page.go_back()
    assert not page.get_by_role("heading", name="Chez vous").is_visible()
    assert watched.errors == []
    assert watched.outside(server.url) == []
    assert 500 not in watched.statuses.values()
