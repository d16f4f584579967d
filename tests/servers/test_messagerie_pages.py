"""The messaging application in browsers; the teacher's command, its invitations and its page."""

import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from sandbox import Server, server_messagerie, start
from sandbox.messagerie import classroom
from tests.helpers import Watched, is_light, violations
from tests.servers.messaging import ALICE, BOB, CHLOE, bearer
from tests.terminal import run


@pytest.fixture
def come(open_url) -> Callable[..., Watched]:
    """Enter the application with a token, and wait until it is connected and knows the class."""

    def enter(server: Server, token: str, path: str = "/", **settings: object) -> Watched:
        watched = open_url(f"{server.url}{path}#jeton={token}", until="load", **settings)
        if path == "/":
            watched.page.get_by_text("En direct").wait_for(timeout=10_000)
            watched.page.locator("#people button").first.wait_for()  # what it asks for then
        return watched

    return enter


def talk_to(page, name: str) -> None:
    page.locator("#people button", has_text=name).click()


def write(page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_label("Message", exact=True).press("Enter")


def post(server: Server, token: str, to: int, text: str) -> None:
    body = {"to": to, "text": text}
    url = f"{server.url}/api/messages"
    assert requests.post(url, json=body, headers=bearer(token), timeout=10).status_code == 201


def test_two_people_talk_in_two_browsers(messagerie, come):
    ada, bob = come(messagerie, ALICE), come(messagerie, BOB)
    talk_to(ada.page, "Bob")
    write(ada.page, "<b>Tu viens ?</b>")
    expect(ada.page.locator("#messages li").last).to_contain_text("<b>Tu viens ?</b>")
    expect(bob.page.locator("#people button", has_text="Alice")).to_contain_text("1 non lus")
    talk_to(bob.page, "Alice")
    expect(bob.page.locator("#messages li").last).to_contain_text("<b>Tu viens ?</b>")
    expect(bob.page.locator("#people button", has_text="Alice")).not_to_contain_text("non lus")
    for n in range(3):
        write(bob.page, f"J’arrive {n}")
        expect(ada.page.locator("#messages li").last).to_contain_text(f"J’arrive {n}")
    assert ada.page.locator("#messages li").count() == bob.page.locator("#messages li").count()
    ada.page.reload(wait_until="load")  # the token is remembered, the conversation is not lost
    talk_to(ada.page, "Bob")
    expect(ada.page.locator("#messages li").last).to_contain_text("J’arrive 2")
    for watched in (ada, bob):
        assert watched.page.locator("#messages b").count() == 0
        assert watched.errors == []
        assert watched.outside(messagerie.url) == []


def test_a_status_is_seen_by_the_others(messagerie, come):
    ada, bob = come(messagerie, ALICE), come(messagerie, BOB)
    ada.page.get_by_label("Mon statut").fill("en salle B12")
    ada.page.get_by_role("button", name="Changer").click()
    expect(bob.page.locator("#people button", has_text="Alice")).to_contain_text("en salle B12")


def test_an_invitation_opens_the_door_and_leaves_no_trace(messagerie, come, open_url):
    bob = come(messagerie, BOB)
    url = f"{messagerie.url}/#invitation=INVITATION-1&nom=Zoé+B."
    watched = open_url(url, until="load")
    page = watched.page
    assert page.get_by_label("Nom").input_value() == "Zoé B."
    assert page.url == f"{messagerie.url}/"
    page.get_by_role("button", name="Entrer").click()
    page.get_by_text("En direct").wait_for()
    expect(bob.page.locator("#people button", has_text="Zoé B.")).to_be_visible()
    assert not any("INVITATION" in requested or "jeton" in requested for requested in (
        watched.requests))  # fmt: skip
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Revenir")).to_be_visible()
    page.get_by_label("Code de l’invitation").fill("INVITATION-1")
    page.get_by_label("Nom").fill("Un autre")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_role("alert")).to_contain_text("déjà servi")


def test_a_wrong_token_is_told(messagerie, open_url):
    page = open_url(f"{messagerie.url}/#jeton=faux", until="load").page
    expect(page.get_by_role("alert")).to_contain_text("Montrez votre jeton")
    expect(page.get_by_role("button", name="Revenir")).to_be_visible()


@pytest.fixture
def restarted(tmp_path) -> Callable[..., Server]:
    """Return what starts, again and again, a server that keeps its messages."""
    url = f"sqlite:///{tmp_path / 'classe.db'}"
    app = server_messagerie.create_app(url, **server_messagerie.DEMONSTRATION)
    server_messagerie.populate(app.extensions["messagerie"])
    app.extensions["messagerie"].database.close()
    return lambda port: start(server_messagerie.__file__, "--port", str(port), "--database", url)


def test_the_page_comes_back_when_the_server_does(come, restarted):
    server = restarted(port=0)
    watched = come(server, BOB)
    talk_to(watched.page, "Alice")
    expect(watched.page.locator("#messages li")).to_have_count(1)
    server.stop()
    watched.page.get_by_text("Connexion perdue").wait_for()
    with restarted(server.port) as server:
        post(server, ALICE, 2, "Te revoilà")  # perhaps before the page is back
        watched.page.get_by_text("Te revoilà").wait_for(timeout=20_000)
        expect(watched.page.locator("#state")).to_have_text("En direct")
    assert watched.page.locator("#messages li").count() == 2  # each once


def test_a_conversation_chosen_while_the_server_is_away_is_read_when_it_returns(come, restarted):
    server = restarted(port=0)
    watched = come(server, BOB)
    server.stop()
    watched.page.get_by_text("Connexion perdue").wait_for()
    talk_to(watched.page, "Alice")
    expect(watched.page.get_by_role("alert")).not_to_be_empty()
    with restarted(server.port):
        expect(watched.page.locator("#messages li")).to_have_count(1, timeout=20_000)
        expect(watched.page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("path", ["/", "/docs", "/classe"])
def test_axe_finds_nothing_wrong_and_it_fits_a_phone(messagerie, come, path, scheme):
    for width in (1280, 390):
        page = come(messagerie, CHLOE, path, scheme=scheme, width=width).page
        if path == "/":
            talk_to(page, "Alice")
            write(page, "m" * 200)
            expect(page.locator("#messages li").last).to_contain_text("mmm")
        page.locator("h1").wait_for()
        assert is_light(page) == (scheme == "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def test_the_api_is_tried_on_its_page(messagerie, come):
    watched = come(messagerie, ALICE, "/docs")
    page = watched.page
    section = page.locator("section", has_text="POST /api/messages")
    section.get_by_label("Corps").fill('{"to": 2, "text": "essai"}')
    section.get_by_role("button", name="Essayer").click()
    expect(section.locator("pre")).to_contain_text("201 Created")
    expect(section.locator("pre")).to_contain_text('"text":"essai"')
    section = page.locator("section", has_text="GET /api/messages/{message_id}")
    section.get_by_label("message_id").fill("99999")
    section.get_by_role("button", name="Essayer").click()
    expect(section.locator("pre")).to_contain_text("404")
    assert watched.errors == []
    assert watched.outside(messagerie.url) == []


CALL = """async ([url, token]) => {
  try {
    const headers = { Authorization: `Bearer ${token}` };
    return (await (await fetch(`${url}/api/users/me`, { headers })).json()).name;
  } catch (error) {
    return error.name;
  }
}"""


def test_a_student_s_own_page_may_call_if_its_origin_is_given(messagerie, launch, open_url):
    elsewhere = launch("server_ws_chat")
    path = server_messagerie.__file__
    with start(path, "--demonstration", "--port", "0", "--origin", elsewhere.url) as open_server:
        page = open_url(f"{elsewhere.url}/", bypass_csp=True, until="load").page
        assert page.evaluate(CALL, [open_server.url, ALICE]) == "Alice"
        assert page.evaluate(CALL, [messagerie.url, ALICE]) == "TypeError"


# For a class


@pytest.fixture
def class_folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "messagerie_P26"


def prepare(**options: object) -> None:
    defaults = {
        "name": "P26", "students": 0, "names": None, "renew": (), "host": "127.0.0.1",
        "port": 3005, "database": None, "address": None, "prepare": True,
    }  # fmt: skip
    classroom.main(classroom.Options(**(defaults | options)))


def codes(folder: Path, number: int) -> list[str]:
    page = (folder / f"invitations_{number}.html").read_text(encoding="utf-8")
    return re.findall(r"<code>([\w-]+)</code>", page)


def test_invitations_are_made_once_and_only_what_is_missing(class_folder, capsys):
    prepare(students=3, address="http://192.0.2.7:3005/")
    assert len(set(codes(class_folder, 1))) == 3
    prepare(students=5)
    assert len(codes(class_folder, 2)) == 2
    prepare(students=5)
    assert len(list(class_folder.glob("*.html"))) == 2
    said = capsys.readouterr().out
    assert "http://192.0.2.7:3005/classe#jeton=" in said
    assert "--host 0.0.0.0" in said
    if os.name == "posix":
        assert stat.S_IMODE(class_folder.stat().st_mode) == 0o700


def test_names_are_on_the_cards(class_folder, tmp_path):
    (tmp_path / "noms.txt").write_text("Zoé  <b>\n\nAdélaïde\n", encoding="utf-8")
    prepare(names="noms.txt")
    page = (class_folder / "invitations_1.html").read_text(encoding="utf-8")
    assert re.findall("<h2>(.*)</h2>", page) == ["Zoé &lt;b&gt;", "Adélaïde"]
    assert page.count("<svg") == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "../P26"}, "Le nom de la classe"),
        ({"students": 1001}, "--students va de 0 à 1000"),
        ({"students": -1}, "--students va de 0 à 1000"),
        ({"names": "absent.txt"}, "Impossible de lire absent.txt"),
        ({"renew": ["Personne"]}, "Personne ne s'appelle « Personne »"),
        ({"database": "sqlite:////absent/classe.db"}, "Impossible d'ouvrir la base"),
        ({"database": "n'importe quoi"}, "Impossible d'ouvrir la base"),
        ({"database": "oracle://a@b/c"}, "Impossible d'ouvrir la base"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "",
)
def test_what_cannot_be_done_is_said(class_folder, options, said):
    with pytest.raises(SystemExit) as stopped:
        prepare(**options)
    assert said in str(stopped.value.code)


def test_a_class_from_the_printed_page_to_the_teacher_s(class_folder, open_url, capsys):
    prepare(students=2)
    token = re.search(r"classe#jeton=(\S+)", capsys.readouterr().out)[1]
    url = f"sqlite:///{class_folder / 'messagerie.db'}"
    with start(server_messagerie.__file__, "--database", url, "--port", "0") as server:
        teacher = open_url(f"{server.url}/classe#jeton={token}", until="load").page
        expect(teacher.locator("#count")).to_have_text("0 sur 2")
        student = open_url(f"{server.url}/", until="load").page
        student.get_by_label("Code de l’invitation").fill(codes(class_folder, 1)[0].lower())
        student.get_by_label("Nom").fill("Zoé")
        student.get_by_role("button", name="Entrer").click()
        student.get_by_text("En direct").wait_for()
        expect(teacher.locator("#count")).to_have_text("1 sur 2", timeout=10_000)
        row = teacher.get_by_role("row", name="Place 001")
        expect(row).to_contain_text("Zoé")
        expect(row).to_contain_text("est là")
    prepare(renew=["Zoé"])
    assert len(codes(class_folder, 2)) == 1


def test_the_printed_page_shows_its_codes(class_folder, open_url):
    prepare(students=9, address="http://192.0.2.7:3005/")
    watched = open_url((class_folder / "invitations_1.html").as_uri(), until="load", width=390)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watched.page.locator("svg").count() == 9
    drawn = watched.page.locator("svg").first.locator("path").last.bounding_box()
    assert drawn["width"] > 90  # pixels: a telephone reads it
    assert violations(watched.page) == []
    assert len(watched.requests) == 1


def test_a_card_leads_to_the_page_with_its_code_after_the_hash(monkeypatch):
    made = []
    real = classroom.segno.make
    monkeypatch.setattr(
        classroom.segno, "make", lambda url, **more: made.append(url) or real(url, **more)
    )
    classroom.card_html(classroom.Card("Zoé", "AAAA-BBBB", "Zoé"), "http://192.0.2.7:3005/")
    given = urlsplit(made[0])
    assert (given.netloc, given.path, given.query) == ("192.0.2.7:3005", "/", "")
    assert parse_qs(given.fragment) == {"invitation": ["AAAA-BBBB"], "nom": ["Zoé"]}


def test_the_command_is_listed_and_helps():
    assert "messagerie" in run().stdout
    assert "--class NOM" in run("messagerie", "--help").stdout
    assert run("messagerie").returncode == 2
