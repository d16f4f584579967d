"""demo4: an address that contains a number."""

import re

import pytest

from sandbox.running.demos import load_demo
from tests.helpers import tiles


@pytest.fixture
def app():
    return load_demo("demo4").app


@pytest.fixture
def client(app):
    return app.test_client()


def links(page: str) -> set[str]:
    return set(re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page))


def test_index_links_to_all_the_routes(app, client):
    addresses = links(client.get("/").text.partition("<main>")[2])
    routes = app.url_map.bind("localhost")
    reached = {routes.match(address)[0] for address in addresses}
    assert reached == {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("size", [1, 12, 1000])
def test_forloop_counts(client, size):
    response = client.get(f"/forloop/{size}")
    assert response.status_code == 200
    assert tiles(response.text) == [str(number) for number in range(1, size + 1)]


def test_forloop_of_nothing_says_so(client):
    assert tiles(client.get("/forloop/0").text) == ["rien"]


@pytest.mark.parametrize(
    ("size", "neighbours"), [(0, {1}), (12, {11, 13}), (1000, {999})], ids=["first", "12", "last"]
)
def test_forloop_links_to_its_neighbours(client, size, neighbours):
    page = client.get(f"/forloop/{size}").text
    assert links(page.partition("<main>")[2]) == {f"/forloop/{number}" for number in neighbours}


@pytest.mark.parametrize(
    "path",
    [
        "/forloop",
        "/forloop/",
        "/forloop/abc",
        "/forloop/-5",
        "/forloop/2.5",
        "/forloop/<b>3</b>",
        "/forloop/1001",
        "/forloop/10000000",
        f"/forloop/{'9' * 5000}",
        "/forloop/12/",
        "/rien",
    ],
)
def test_any_other_address_is_404_and_says_what_exists(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Aucune page n’est à cette adresse." in response.text
    assert "de 0\n  à 1000 tours" in response.text
    assert len(response.data) < 2000


def test_one_more_one_less(launch, open_url):
    page = open_url(f"{launch('demo4').url}/forloop/12").page
    page.get_by_role("link", name="Un de plus").click()
    page.wait_for_url("**/forloop/13")
    page.get_by_role("link", name="Un de moins").click()
    page.wait_for_url("**/forloop/12")
    assert page.locator(".tiles li").count() == 12
