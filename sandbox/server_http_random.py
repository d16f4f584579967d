"""HTTP 3003: a small web API that draws random numbers, and documents itself.

``GET /api/random/int?n=3&seed=1`` answers a JSON list, always a list. The description,
``http_random/openapi.json`` (https://spec.openapis.org/oas/v3.1.0), gives the bounds that
parameters are checked against and what the page at ``/`` shows. `EXPECTATIONS`, in French, and
`WHOLE`, in digits, say these bounds again: change them together.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Template

from sandbox.serving.http import GetHandler, HTTPHandler, Problem, Response, json_response, quoted
from sandbox.serving.tcp import main

BATCH = 1000  # numbers drawn and sent together: a long list is never whole in memory
WHOLE = re.compile(r"-?[0-9]{1,18}")
FOLDER = Path(__file__).parent / "http_random"

Draw = Callable[[random.Random], float]


def draw_int(generator: random.Random) -> int:
    return generator.randrange(100)


def draw_float(generator: random.Random) -> float:
    return generator.random()


class RandomHandler(GetHandler):
    """One connection of the random numbers' API."""

    def find(self, path: str) -> Callable[[HTTPHandler], Response]:
        if path not in RESOURCES:
            raise Problem(
                404,
                f"Il n'y a rien à {quoted(path)}. Les chemins permis : {', '.join(RESOURCES)}.",
                allowed=list(RESOURCES),
            )
        return RESOURCES[path]


# The numbers


def answer_numbers(draw: Draw, request: HTTPHandler) -> Response:
    """Answer a JSON list of numbers, n of them."""
    parameters = read_parameters(request.query)
    n = parameters.get("n", 1)
    seed = parameters.get("seed", random.getrandbits(64))
    # Drawn twice, first to know the length to announce: cheaper than keeping 2 MB a client.
    length = sum(len(piece) for piece in json_list(draw, n, seed))
    headers = [("Content-Type", "application/json")]
    return Response(json_list(draw, n, seed), headers=headers, length=length)


def json_list(draw: Draw, n: int, seed: int) -> Iterator[bytes]:
    """Yield, in pieces, the JSON list of the first n numbers that `seed` gives."""
    generator = random.Random(seed)
    yield b"["
    for start in range(0, n, BATCH):
        batch = [draw(generator) for _ in range(min(BATCH, n - start))]
        yield (", " if start else "").encode() + json.dumps(batch)[1:-1].encode()
    yield b"]"


def read_parameters(query: str) -> dict[str, int]:
    """Return the query's parameters, or raise `Problem` (400) at the first that is not allowed."""
    found = {}
    for name, values in parse_qs(query, keep_blank_values=True).items():
        if name not in PARAMETERS:
            raise refusal(f"Paramètre inconnu : {quoted(name)}.")
        if len(values) > 1:
            raise refusal(f"Le paramètre {name} est donné {len(values)} fois : une seule suffit.")
        schema = PARAMETERS[name]["schema"]
        low, high = schema["minimum"], schema["maximum"]
        if not WHOLE.fullmatch(values[0]) or not low <= int(values[0]) <= high:
            raise refusal(f"{EXPECTATIONS[name]} ; reçu : {quoted(values[0])}.")
        found[name] = int(values[0])
    return found


def refusal(error: str) -> Problem:
    names = ", ".join(PARAMETERS)
    return Problem(400, f"{error} Paramètres permis : {names}.", allowed=EXPECTATIONS)


# The description: for programs as it is, for people as a page


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


DESCRIPTION = json.loads(read("openapi.json"))
PAGE = Template(read("page.html"), autoescape=True, keep_trailing_newline=True)
STYLE = read("style.css")
PARAMETERS = DESCRIPTION["components"]["parameters"]

EXPECTATIONS = {
    "n": "n doit être un nombre entier de 0 à 100 000",
    "seed": "seed doit être un nombre entier de 18 chiffres au plus",
}


def answer_description(request: HTTPHandler) -> Response:
    return json_response(DESCRIPTION)


def answer_page(request: HTTPHandler) -> Response:
    """Answer the page; its links are relative, so that it works behind JupyterHub's proxy."""
    page = PAGE.render(
        info=DESCRIPTION["info"],
        paths=DESCRIPTION["paths"],
        parameters=PARAMETERS,
        expectations=EXPECTATIONS,
        style=STYLE,
    )
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
    ]
    return Response(page.encode(), headers=headers)


RESOURCES = {
    "/": answer_page,
    "/openapi.json": answer_description,
    "/api/random/int": partial(answer_numbers, draw_int),
    "/api/random/float": partial(answer_numbers, draw_float),
}


if __name__ == "__main__":
    main("server_http_random", RandomHandler)
