"""Sur chaque tuile de `/forloop`, le carré de son numéro : 1, 4, 9…"""

import re


def check(site):
    page = site.get("/forloop?size=4")
    assert page.status == 200, f"La page répond {page.status} : lisez le journal."
    tiles = [int(tile) for tile in re.findall(r"<li\b[^>]*>\s*(\d+)\s*</li>", page.text)]
    assert len(tiles) == 4, f"Pour size=4, je compte {len(tiles)} tuiles avec un nombre."
    assert tiles != [0, 1, 4, 9], "Un tour trop tôt : loop.index commence à 1, loop.index0 à 0."
    assert tiles == [1, 4, 9, 16], f"Les tuiles disent {tiles}."
    assert "rien" in site.get("/forloop?size=0").text, "Pour size=0, la page ne dit plus « rien »."


DEMO = "demo3"
NUMBER = "{{ loop.index }}"
ATTEMPTS = [
    ({}, "Les tuiles disent [1, 2, 3, 4]"),
    ({"templates/forloop.html": {NUMBER: "{{ loop.index0 ** 2 }}"}}, "trop tôt"),
    ({"templates/forloop.html": {NUMBER: "{{ '?' }}"}}, "je compte 0"),
    ({"templates/forloop.html": {NUMBER: "{{ loop.index ** 2 }}"}}, None),
]
