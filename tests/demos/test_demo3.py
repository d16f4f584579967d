"""demo3: pages that depend on the parameters of their address."""

import re

import pytest

from sandbox.running.demos import load_demo
from tests.helpers import MEGABYTE, breakable, tiles


@pytest.fixture
def client():
    return load_demo("demo3").app.test_client()


def heading(page: str) -> str:
    """Return a page's title, its no-break spaces as plain ones."""
    return breakable(re.search(r"<h1>(.*)</h1>", page)[1])


def test_index_links_to_what_it_shows(client):
    page = client.get("/").text
    assert 'href="/wheel?name=Ada"' in page
    assert 'href="/wheel?name=Zo%C3%A9+%26+L%C3%A9o"' in page
    assert 'href="/forloop?size=36"' in page


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Ada", "Bonjour Ada !"),
        (" Ada  ", "Bonjour Ada !"),
        ("Zoé & Léo", "Bonjour Zoé &amp; Léo !"),
        ("a" * 50, f"Bonjour {'a' * 50} !"),
        ("<script>alert(1)</script>", "Bonjour &lt;script&gt;alert(1)&lt;/script&gt; !"),
        ("{{ 7 * 7 }}", "Bonjour {{ 7 * 7 }} !"),
        ("", "Bonjour, vous !"),
        ("   ", "Bonjour, vous !"),
    ],
)
def test_wheel_greets(client, name, greeting):
    response = client.get("/wheel", query_string={"name": name})
    assert response.status_code == 200
    assert heading(response.text) == greeting


def test_wheel_without_name_tells_how_to_give_one(client):
    page = client.get("/wheel").text
    assert heading(page) == "Bonjour, vous !"
    assert "/wheel?name=Ada" in page
    assert "/wheel?name=Ada" not in client.get("/wheel?name=Bob").text


def test_a_name_with_quotes_stays_in_its_field(client):
    page = client.get("/wheel", query_string={"name": '" autofocus onfocus="alert(1)'}).text
    assert 'value="&#34; autofocus onfocus=&#34;alert(1)"' in page


@pytest.mark.parametrize("length", [51, MEGABYTE])
def test_wheel_refuses_a_long_name_without_repeating_it(client, length):
    response = client.get("/wheel", query_string={"name": "a" * length})
    assert response.status_code == 400
    assert f"Un nom a au plus 50 caractères, et celui-ci en a {length}." in response.text
    assert len(response.data) < 2000


def test_a_name_that_is_not_utf8_is_shown_as_well_as_can_be(client):
    assert heading(client.get("/wheel?name=%ff").text) == "Bonjour %FF !"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", range(1, 11)), ("?size=3", range(1, 4)), ("?size=1000", range(1, 1001))],
)
def test_forloop_counts(client, query, numbers):
    response = client.get(f"/forloop{query}")
    assert response.status_code == 200
    assert tiles(response.text) == [str(number) for number in numbers]


@pytest.mark.parametrize(
    ("size", "title"),
    [(0, "Une boucle de 0 tour"), (1, "Une boucle de 1 tour"), (2, "Une boucle de 2 tours")],
)
def test_forloop_agrees_with_its_number(client, size, title):
    assert heading(client.get(f"/forloop?size={size}").text) == title


def test_forloop_of_nothing_says_so(client):
    assert tiles(client.get("/forloop?size=0").text) == ["rien"]


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ("abc", "doit être un nombre entier"),
        ("", "doit être un nombre entier"),
        ("2.5", "doit être un nombre entier"),
        ("1e3", "doit être un nombre entier"),
        ("<b>3</b>", "doit être un nombre entier"),
        ("9" * 5000, "doit être un nombre entier"),
        ("-5", "doit être comprise entre 0 et 1000"),
        ("1001", "doit être comprise entre 0 et 1000"),
        ("10000000", "doit être comprise entre 0 et 1000"),
    ],
)
def test_forloop_refuses_a_bad_size_and_says_why(client, size, reason):
    response = client.get("/forloop", query_string={"size": size})
    assert response.status_code == 400
    assert reason in response.text
    assert len(response.data) < 2000


def test_a_page_that_does_not_exist_is_404_in_french(client):
    response = client.get("/rien")
    assert response.status_code == 404
    assert heading(response.text) == "Page introuvable"


def test_forms_write_the_address(launch, open_url):
    site = launch("demo3").url
    page = open_url(f"{site}/wheel").page
    page.get_by_label("Votre nom").fill("Zoé & Léo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/wheel?name=Zo%C3%A9+%26+L%C3%A9o")
    assert page.locator("h1").inner_text().startswith("Bonjour Zoé & Léo")
    page.get_by_role("link", name="La boucle").click()
    page.get_by_label("Nombre de tours").fill("7")
    page.get_by_role("button", name="Recommencer").click()
    page.wait_for_url(f"{site}/forloop?size=7")
    assert page.locator(".tiles li").count() == 7
