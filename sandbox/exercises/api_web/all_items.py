"""All the pages of a list, but not for ever."""

# Solution
from urllib.parse import urljoin

import requests


def all_items(url: str, max_pages: int = 100) -> list:
    """Return the items of all the pages of a list that begins at `url`.

    Each page is ``{"items": […], "next": the address of the next page, or null}``; the address
    may be relative.

    Raises:
        ValueError: there are more than `max_pages` pages.
    """
    items: list = []
    with requests.Session() as session:
        for _ in range(max_pages):
            response = session.get(url, timeout=5)
            response.raise_for_status()
            page = response.json()
            items += page["items"]
            if page["next"] is None:
                return items
            url = urljoin(url, page["next"])
    raise ValueError(f"plus de {max_pages} pages : je m'arrête là")


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays.http import CITIES, paginated

EXERCISE = Exercise(
    all_items,
    hints=(
        "Une boucle : demander une page, garder ses éléments, passer à la suivante. Qu'est-ce qui "
        "l'arrête ?",
        "`page['next']` vaut `None` à la dernière page. Sinon, c'est une adresse, parfois "
        "relative : `urllib.parse.urljoin(url, page['next'])` la complète.",
        "`for _ in range(100)` borne la boucle ; dedans, `return items` à la dernière page. "
        "Si la boucle va à son terme, il y a trop de pages : `raise ValueError(…)`.",
    ),
    provided=(paginated,),
)


def items(stage: Stage, program: Program, *pages, path: str = "/v1/villes", **options) -> object:
    return program(stage.scripted(paginated(*pages, **options)).url + path)


@EXERCISE.case("une seule page", expect=CITIES)
def one_page(stage: Stage, program: Program):
    return items(stage, program, 10)


@EXERCISE.case("sept villes, trois par page", expect=CITIES)
def three_pages(stage: Stage, program: Program):
    return items(stage, program, 3)


@EXERCISE.case("des adresses absolues, une ville par page", expect=CITIES)
def absolute(stage: Stage, program: Program):
    return items(stage, program, 1, absolute=True)


@EXERCISE.case(
    "cent pages, et pas une de plus",
    expect=Expect("les cent éléments", lambda value: value == list(range(100))),
    limit=8,
)
def hundred(stage: Stage, program: Program):
    return items(stage, program, 1, list(range(100)))


@EXERCISE.case("une page qui n'existe pas : 404", expect=Raises(requests.RequestException))
def missing(stage: Stage, program: Program):
    return items(stage, program, 3, path="/v2/villes")


@EXERCISE.case(
    "une liste sans fin : chaque page en annonce une autre", expect=Raises(ValueError), limit=8
)
def endless(stage: Stage, program: Program):
    return items(stage, program, 3, endless=True)


EXERCISE.mistake(
    "Vous n'avez que la première page : suivez `next` jusqu'à ce qu'il vaille `null`.",
    on=three_pages,
    gives=CITIES[:3],
)(variant(all_items, ('page["next"] is None', "True")))

EXERCISE.mistake(
    "Vous rendez une liste de pages : ajoutez les éléments un à un, par `+=` ou `extend`.",
    seen=lambda it: isinstance(it.value, list) and it.value[0] == CITIES[:3],
)(variant(all_items, ('items += page["items"]', 'items.append(page["items"])')))

EXERCISE.mistake(
    "L'adresse de la page suivante peut être relative : complétez-la par "
    "`urljoin(url, page['next'])`.",
    raises=requests.exceptions.MissingSchema,
)(variant(all_items, ('urljoin(url, page["next"])', 'page["next"]')))

EXERCISE.mistake(
    "Cent pages sont permises, et vous vous arrêtez avant d'avoir lu la centième.",
    on=hundred,
    raises=ValueError,
)(variant(all_items, ("range(max_pages)", "range(max_pages - 1)")))

EXERCISE.mistake(
    "Un serveur malade, ou malveillant, annonce toujours une page de plus : fixez une "
    "limite et levez `ValueError`.",
    on=endless,
    verdict="bloqué",
)(variant(all_items, ("for _ in range(max_pages)", "while True")))
