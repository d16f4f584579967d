"""Exercises of lesson 07: a client for an API, all the pages of a list, a histogram."""

import json
import re
import socket
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from matplotlib.figure import Figure

from sandbox.checking import Case, Exercise, Expect, Mistake, Raises, Stage
from sandbox.exercises.http_client import answer, read_request, silence
from sandbox.serving.scripted import Play

# Solutions


class RandomClient:
    """A client of the random numbers' API.

    Args:
        url: the server's, without a final slash.
        timeout: seconds given to each request.
    """

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self.url = url
        self.timeout = timeout

    def integers(self, n: int = 1, seed: int | None = None) -> list[int]:
        """Return `n` integers from 0 to 99, the same ones for the same `seed`.

        Raises:
            ValueError: the server refuses; the message is its own.
        """
        return self._ask("int", n, seed)

    def floats(self, n: int = 1, seed: int | None = None) -> list[float]:
        """Return `n` numbers between 0 and 1; see `integers`."""
        return self._ask("float", n, seed)

    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        params = {"n": n} if seed is None else {"n": n, "seed": seed}
        address = f"{self.url}/api/random/{kind}"
        response = requests.get(address, params=params, timeout=self.timeout)
        if response.status_code == 400:
            raise ValueError(response.json()["error"])
        response.raise_for_status()
        return response.json()


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


def draw_histogram(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    """Draw on `axes` how many of `numbers`, from 0 to 99, fall in each of `bins` equal intervals.

    Returns:
        the count of each interval.
    """
    width = 100 / bins
    counts = [0] * bins
    for number in numbers:
        counts[int(number / width)] += 1
    axes.bar([(index + 0.5) * width for index in range(bins)], counts, width=width * 0.9)
    axes.set_xlabel("nombre tiré")
    axes.set_ylabel("tirages")
    return counts


# What they are tried on

CITIES = ["Paris", "Lyon", "Marseille", "Lille", "Nantes", "Strasbourg", "Nice"]


def as_json(status: str, content: object, *headers: str) -> bytes:
    """Return a JSON response after which the server closes."""
    body = json.dumps(content, ensure_ascii=False).encode()
    return answer(status, body, "Content-Type: application/json", *headers)


def target_of(request: bytes) -> tuple[str, dict[str, str]]:
    """Return the path of a request and its query."""
    parts = urlsplit(request.split(b" ")[1].decode())
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def paginated(
    size: int, items: list = CITIES, *, absolute: bool = False, endless: bool = False
) -> Play:
    """Serve `items`, `size` by page, at ``/v1/villes?page=``; for ever if `endless`."""

    def play(connection: socket.socket) -> None:
        request = read_request(connection)
        if not request:
            return
        path, query = target_of(request)
        if path != "/v1/villes":
            connection.sendall(as_json("404 Not Found", {"error": f"rien à {path}"}))
            return
        page = int(query.get("page", 1))
        host = re.search(rb"(?i)\r\nhost: *([^\r]+)", request)[1].decode()
        base = f"http://{host}/v1/villes" if absolute else ""
        more = endless or page * size < len(items)
        shown = items[:size] if endless else items[(page - 1) * size : page * size]
        following = f"{base}?page={page + 1}" if more else None
        connection.sendall(as_json("200 OK", {"items": shown, "next": following}))

    return play


def items_of(stage: Stage, function, *pages, **options) -> object:
    return function(f"{stage.scripted(paginated(*pages, **options)).url}/v1/villes")


def refuses(connection: socket.socket) -> None:
    if read_request(connection):
        connection.sendall(as_json("400 Bad Request", {"error": "n doit être un nombre positif"}))


def unavailable(connection: socket.socket) -> None:
    if read_request(connection):
        connection.sendall(as_json("500 Internal Server Error", {"error": "panne"}))


def drawn(function, numbers: list[float], bins: int) -> tuple[object, list[int]]:
    """Return what the function returned, and the heights of the bars that it drew."""
    axes = Figure().subplots()
    counts = function(axes, numbers, bins)
    if counts is not None:
        counts = [int(count) for count in counts]  # numpy's integers are right too
    return counts, [round(bar.get_height()) for bar in axes.patches]


def named_axes(function) -> bool:
    axes = Figure().subplots()
    function(axes, [1, 2, 3], 10)
    return bool(axes.get_xlabel()) and bool(axes.get_ylabel())


def twice(client: RandomClient) -> tuple[list[int], list[int]]:
    return client.integers(3, seed=1), client.integers(3, seed=1)


def reason(client: RandomClient) -> object:
    """Return why the server refuses, as the client says it; what it returned if it did not."""
    try:
        return f"dict : {value}" if isinstance(value := client.integers(3), dict) else value
    except ValueError as error:
        return str(error)


# Mistakes foreseen


class Unconcerned(RandomClient):
    """Takes an error for numbers."""

    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        params = {"n": n} if seed is None else {"n": n, "seed": seed}
        address = f"{self.url}/api/random/{kind}"
        return requests.get(address, params=params, timeout=5).json()


class Seedless(RandomClient):
    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        return super()._ask(kind, n, None)


class Bare(RandomClient):
    """Returns a number when one is asked for."""

    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        numbers = super()._ask(kind, n, seed)
        return numbers[0] if n == 1 else numbers


class Patient(RandomClient):
    """Waits as long as the server pleases."""

    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        self.timeout = None
        return super()._ask(kind, n, seed)


class Mute(RandomClient):
    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        try:
            return super()._ask(kind, n, seed)
        except ValueError:
            raise ValueError("refusé") from None


def first_page(url: str) -> list:
    return requests.get(url, timeout=5).json()["items"]


def list_of_pages(url: str) -> list:
    pages = []
    while url is not None:
        page = requests.get(url, timeout=5).json()
        pages.append(page["items"])
        url = page["next"] and urljoin(url, page["next"])
    return pages


def absolute_only(url: str) -> list:
    items = []
    while url is not None:
        page = requests.get(url, timeout=5).json()
        items += page["items"]
        url = page["next"]
    return items


def no_limit(url: str) -> list:
    items = []
    while url is not None:
        page = requests.get(url, timeout=5).json()
        items += page["items"]
        url = page["next"] and urljoin(url, page["next"])
    return items


def ninety_nine_pages(url: str) -> list:
    return all_items(url, max_pages=99)


def counts_only(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    return draw_histogram(Figure().subplots(), numbers, bins)


def fits_the_data(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    counts, _, _ = axes.hist(numbers, bins=bins)
    axes.set_xlabel("nombre tiré")
    axes.set_ylabel("tirages")
    return [int(count) for count in counts]


def no_names(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    counts, _, _ = axes.hist(numbers, bins=bins, range=(0, 100))
    return [int(count) for count in counts]


def draws_only(axes: Any, numbers: list[float], bins: int = 10) -> None:
    draw_histogram(axes, numbers, bins)


# Exercises

ONE = "integers() : un nombre, dans une liste"
SEEDED = "integers(3, seed=1), deux fois"
REFUSED = 'le serveur refuse : 400 et `{"error": "n doit être un nombre positif"}`'
BROKEN = "le serveur répond 500"
SILENT = "le serveur se tait ; timeout=0.3"

CLIENT = Exercise(
    RandomClient,
    label="ex-web-api-random-client",
    hints=(
        "Les deux méthodes ne diffèrent que par un mot de l'URL : écrivez le reste une seule fois.",
        "`requests.get(f'{self.url}/api/random/int', params={'n': n}, "
        "timeout=self.timeout)`, en ajoutant `seed` aux paramètres s'il n'est pas `None`.",
        "Si `response.status_code == 400`, levez `ValueError(response.json()['error'])`. Pour les "
        "autres refus, `response.raise_for_status()`. Sinon, `response.json()` est la liste.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, client: client(stage.start("server_http_random").url).integers(),
            Expect(
                "une liste d'un entier de 0 à 99",
                lambda got: type(got) is list and len(got) == 1 and 0 <= got[0] <= 99,
            ),
        ),
        Case(
            "floats(5) : cinq nombres entre 0 et 1",
            lambda stage, client: client(stage.start("server_http_random").url).floats(5),
            Expect(
                "cinq nombres entre 0 et 1",
                lambda got: len(got) == 5 and all(type(x) is float and 0 <= x <= 1 for x in got),
            ),
        ),
        Case(
            SEEDED,
            lambda stage, client: twice(client(stage.start("server_http_random").url)),
            ([17, 72, 97], [17, 72, 97]),
        ),
        Case(
            REFUSED,
            lambda stage, client: reason(client(stage.scripted(refuses).url)),
            "n doit être un nombre positif",
        ),
        Case(
            BROKEN,
            lambda stage, client: client(stage.scripted(unavailable).url).integers(3),
            Raises(requests.RequestException),
        ),
        Case(
            SILENT,
            lambda stage, client: client(stage.scripted(silence).url, timeout=0.3).integers(),
            Raises(requests.Timeout),
        ),
    ],
    mistakes=[
        Mistake(
            "L'API rend toujours une liste, même d'un seul nombre : gardez-la, vos appelants "
            "n'auront qu'un cas à traiter.",
            Bare,
            lambda failure: failure.case == ONE and not isinstance(failure.value, list),
        ),
        Mistake(
            "`seed` n'est pas parti avec la requête : ajoutez-le aux paramètres.",
            Seedless,
            lambda failure: failure.case == SEEDED and b"seed" not in failure.sent,
        ),
        Mistake(
            "Le serveur a refusé, et vous rendez son message comme si c'était des nombres : "
            "regardez `status_code`.",
            Unconcerned,
            lambda failure: (
                failure.case in (REFUSED, BROKEN)
                and failure.error is None
                and "dict" in str(failure.value) + type(failure.value).__name__
            ),
        ),
        Mistake(
            "Le serveur dit pourquoi il refuse, et votre exception n'en dit rien : donnez-lui le "
            "message de `error`.",
            Mute,
            lambda failure: failure.case == REFUSED and failure.value == "refusé",
        ),
        Mistake(
            "Le serveur se tait, et vous l'attendez plus longtemps que prévu : donnez "
            "`timeout=self.timeout` à `requests.get`.",
            Patient,
            lambda failure: failure.case == SILENT and failure.verdict in ("exception", "bloqué"),
        ),
    ],
)


THREE_PAGES = "sept villes, trois par page"
HUNDRED = "cent pages, et pas une de plus"
ENDLESS = "une liste sans fin : chaque page en annonce une autre"

ALL_ITEMS = Exercise(
    all_items,
    label="ex-web-api-all-items",
    hints=(
        "Une boucle : demander une page, garder ses éléments, passer à la suivante. Qu'est-ce qui "
        "l'arrête ?",
        "`page['next']` vaut `None` à la dernière page. Sinon, c'est une adresse, parfois "
        "relative : `urllib.parse.urljoin(url, page['next'])` la complète.",
        "`for _ in range(100)` borne la boucle ; dedans, `return items` à la dernière page. "
        "Si la boucle va à son terme, il y a trop de pages : `raise ValueError(…)`.",
    ),
    cases=[
        Case("une seule page", lambda stage, f: items_of(stage, f, 10), CITIES),
        Case(THREE_PAGES, lambda stage, f: items_of(stage, f, 3), CITIES),
        Case(
            "des adresses absolues, une ville par page",
            lambda stage, f: items_of(stage, f, 1, absolute=True),
            CITIES,
        ),
        Case(
            HUNDRED,
            lambda stage, f: items_of(stage, f, 1, list(range(100))),
            Expect("les cent éléments", lambda value: value == list(range(100))),
            limit=8,
        ),
        Case(
            "une page qui n'existe pas : 404",
            lambda stage, f: f(f"{stage.scripted(paginated(3)).url}/v2/villes"),
            Raises(requests.RequestException),
        ),
        Case(
            ENDLESS,
            lambda stage, f: items_of(stage, f, 3, endless=True),
            Raises(ValueError),
            limit=8,
        ),
    ],
    mistakes=[
        Mistake(
            "Vous n'avez que la première page : suivez `next` jusqu'à ce qu'il vaille `null`.",
            first_page,
            lambda failure: failure.case == THREE_PAGES and failure.value == CITIES[:3],
        ),
        Mistake(
            "Vous rendez une liste de pages : ajoutez les éléments un à un, par `+=` ou `extend`.",
            list_of_pages,
            lambda failure: isinstance(failure.value, list) and failure.value[0] == CITIES[:3],
        ),
        Mistake(
            "L'adresse de la page suivante peut être relative : complétez-la par "
            "`urljoin(url, page['next'])`.",
            absolute_only,
            lambda failure: isinstance(failure.error, requests.exceptions.MissingSchema),
        ),
        Mistake(
            "Cent pages sont permises, et vous vous arrêtez avant d'avoir lu la centième.",
            ninety_nine_pages,
            lambda failure: failure.case == HUNDRED and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Un serveur malade, ou malveillant, annonce toujours une page de plus : fixez une "
            "limite et levez `ValueError`.",
            no_limit,
            lambda failure: failure.case == ENDLESS and failure.verdict == "bloqué",
        ),
    ],
)

TEN = "les nombres 0, 5, 9, 10, 99 en dix intervalles"
NARROW = "des nombres de 40 à 49 en dix intervalles"
NUMBERS = [(37 * index) % 100 for index in range(1000)]

HISTOGRAM = Exercise(
    draw_histogram,
    label="ex-web-api-draw-histogram",
    hints=(
        "Dix intervalles de 0 à 100 : de 0 à 10, de 10 à 20… Dans lequel tombe 37 ?",
        "Deux chemins : compter soi-même puis `axes.bar(…)`, ou laisser faire `axes.hist(…)`, qui "
        "rend les effectifs. Attention : sans `range`, il s'arrête aux données.",
        "`counts, _, _ = axes.hist(numbers, bins=bins, range=(0, 100))`, puis `set_xlabel`, "
        "`set_ylabel`, et `return [int(count) for count in counts]`.",
    ),
    cases=[
        Case(
            TEN,
            lambda stage, f: drawn(f, [0, 5, 9, 10, 99], 10),
            ([3, 1, 0, 0, 0, 0, 0, 0, 0, 1], [3, 1, 0, 0, 0, 0, 0, 0, 0, 1]),
        ),
        Case(
            NARROW,
            lambda stage, f: drawn(f, list(range(40, 50)), 10),
            ([0, 0, 0, 0, 10, 0, 0, 0, 0, 0], [0, 0, 0, 0, 10, 0, 0, 0, 0, 0]),
        ),
        Case(
            "mille nombres en quatre intervalles",
            lambda stage, f: drawn(f, NUMBERS, 4),
            ([250, 250, 250, 250], [250, 250, 250, 250]),
        ),
        Case("aucun nombre", lambda stage, f: drawn(f, [], 5), ([0] * 5, [0] * 5)),
        Case("les deux axes ont un nom", lambda stage, f: named_axes(f), True),
    ],
    mistakes=[
        Mistake(
            "Vous dessinez, mais ne rendez rien : `return` les effectifs.",
            draws_only,
            lambda failure: failure.case == TEN and failure.value[0] is None,
        ),
        Mistake(
            "Les effectifs sont justes, mais rien n'est dessiné sur `axes`.",
            counts_only,
            lambda failure: failure.case == TEN and failure.value[1] == [],
        ),
        Mistake(
            "Vos intervalles s'arrêtent aux données : ils doivent aller de 0 à 100, même si "
            "personne n'y est (`range=(0, 100)`).",
            fits_the_data,
            lambda failure: failure.case == NARROW and failure.verdict == "faux",
        ),
        Mistake(
            "Un dessin sans noms aux axes est une devinette : `set_xlabel`, `set_ylabel`.",
            no_names,
            lambda failure: failure.value is False,
        ),
    ],
)
