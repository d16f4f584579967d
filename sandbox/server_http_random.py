"""HTTP 3003: a small web API that draws random numbers, and documents itself.

``GET /api/random/int?n=3&seed=1`` answers a JSON list, always a list. The description at
``/openapi.json`` is the only one: parameters are checked against it and the page at ``/`` is
written from it, so that neither can lie.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from urllib.parse import parse_qs, urlencode

from sandbox.serving.http import GetHandler, HTTPHandler, Problem, Response, json_response, quoted
from sandbox.serving.tcp import main

BATCH = 1000  # numbers drawn and sent together: a long list is never whole in memory
WHOLE = re.compile(r"-?[0-9]{1,18}")

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
        low, high = PARAMETERS[name]["minimum"], PARAMETERS[name]["maximum"]
        if not WHOLE.fullmatch(values[0]) or not low <= int(values[0]) <= high:
            raise refusal(f"{EXPECTATIONS[name]} ; reçu : {quoted(values[0])}.")
        found[name] = int(values[0])
    return found


def refusal(error: str) -> Problem:
    names = ", ".join(PARAMETERS)
    return Problem(400, f"{error} Paramètres permis : {names}.", allowed=EXPECTATIONS)


# The description: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)

PARAMETERS = {
    "n": {"type": "integer", "minimum": 0, "maximum": 100_000, "default": 1},
    "seed": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
}

EXPECTATIONS = {
    "n": "n doit être un nombre entier de 0 à 100 000",
    "seed": "seed doit être un nombre entier de 18 chiffres au plus",
}

ROLES = {
    "n": "Combien de nombres tirer. Sans n, un seul — mais toujours dans une liste.",
    "seed": "La graine du tirage : avec la même, le même tirage, sur toutes les machines. "
    "Sans elle, chaque requête en donne un autre.",
}


def operation(name: str, summary: str, number: dict[str, object], example: list) -> dict:
    """Describe the GET of a path that answers a list of numbers."""
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS],
        "responses": {
            "200": {
                "description": "La liste des nombres tirés.",
                "content": {
                    "application/json": {
                        "schema": {"type": "array", "items": number, "maxItems": 100_000},
                        "example": example,
                    }
                },
            },
            "400": {"$ref": "#/components/responses/BadRequest"},
            "405": {"$ref": "#/components/responses/MethodNotAllowed"},
        },
    }


def problem(description: str) -> dict:
    """Describe an error's answer."""
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


PATHS = {
    "/api/random/int": operation(
        "randomInt",
        "Des entiers au hasard, de 0 à 99",
        {"type": "integer", "minimum": 0, "maximum": 99},
        [17, 72, 97],
    ),
    "/api/random/float": operation(
        "randomFloat",
        "Des nombres décimaux au hasard, de 0 inclus à 1 exclu",
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        [0.13436424411240122, 0.8474337369372327],
    ),
}

DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {
        "title": "Nombres au hasard",
        "version": "1.0.0",
        "description": "Une API qui tire des nombres au hasard, pour le cours "
        "« Programmes coopérants ». Elle répond aussi à HEAD et à OPTIONS.",
        "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
    },
    "servers": [{"url": "/", "description": "Ce serveur-ci"}],
    "paths": {path: {"get": get} for path, get in PATHS.items()},
    "components": {
        "parameters": {
            name: {"name": name, "in": "query", "description": ROLES[name], "schema": schema}
            for name, schema in PARAMETERS.items()
        },
        "responses": {
            "BadRequest": problem("Paramètre inconnu, répété ou mal formé."),
            "MethodNotAllowed": problem("Méthode autre que GET, HEAD ou OPTIONS."),
        },
        "schemas": {
            "Error": {
                "type": "object",
                "required": ["error"],
                "properties": {
                    "error": {"type": "string", "description": "Ce qui ne va pas, en français."},
                    "allowed": {"description": "Ce qui est permis."},
                },
            }
        },
    },
}


def answer_description(request: HTTPHandler) -> Response:
    """Answer the description for programs."""
    return json_response(DESCRIPTION)


# The page: the same description, for people

STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --paper: #fbfaf7; --line: #d9d6cd;
  --accent: #0b5cad; --panel: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ee; --paper: #14171f; --line: #343a49; --accent: #8fc1ff; --panel: #1c212c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 46rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.6 system-ui, sans-serif; }
a { color: var(--accent); }
h1 { line-height: 1.2; }
section { margin: 1.5rem 0; padding: 0 1.25rem 1rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
code { font: .95em/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; }
dt { font-weight: 600; }
dd { margin: 0 0 .5rem 1.25rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
label { display: grid; }
input, button { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line);
  border-radius: .4rem; }
input { width: 9rem; }
button { background: var(--accent); color: var(--paper); cursor: pointer; }
"""

MISTAKES = {
    "n négatif": "api/random/int?n=-1",
    "n qui n'est pas un nombre": "api/random/int?n=abc",
    "n trop grand": "api/random/int?n=1000000000",
    "un paramètre inconnu": "api/random/int?combien=3",
    "un chemin inconnu": "api/random/complexe",
}


def answer_page(request: HTTPHandler) -> Response:
    """Answer the documentation's page."""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
    ]
    return Response(page().encode(), headers=headers)


def page() -> str:
    """Return the page; its links are relative, so that it works behind JupyterHub's proxy."""
    info = DESCRIPTION["info"]
    sections = "".join(path_section(path, get) for path, get in PATHS.items())
    mistakes = "".join(
        f"<li>{escape(what)} : {link(target)}</li>" for what, target in MISTAKES.items()
    )
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(info["title"])}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(info["title"])}</h1>
<p>{escape(info["description"])} Tout ce que dit cette page est aussi dans {link("openapi.json")},
pour les programmes.</p>
{sections}
<section>
<h2>Quand on se trompe</h2>
<p>La réponse est un objet JSON qui dit ce qui ne va pas (<code>error</code>) et ce qui est permis
(<code>allowed</code>). Essayez :</p>
<ul>{mistakes}</ul>
</section>
</main>
</body>
</html>
"""


def path_section(path: str, get: dict) -> str:
    """Return the part of the page about one path."""
    target = path.removeprefix("/")
    roles = "".join(
        f"<dt><code>{name}</code></dt>"
        f"<dd>{escape(ROLES[name])}<br>{escape(EXPECTATIONS[name])}.</dd>"
        for name in PARAMETERS
    )
    inputs = "".join(
        f'<label>{name}<input name="{name}" type="number" required value="{value}" '
        f'min="{PARAMETERS[name]["minimum"]}" max="{PARAMETERS[name]["maximum"]}"></label>'
        for name, value in {"n": 20, "seed": 1}.items()
    )
    links = "".join(
        f"<li>{link(target + '?' * bool(query) + urlencode(query))}</li>"
        for query in ({}, {"n": 20}, {"n": 20, "seed": 1})
    )
    return f"""<section>
<h2><code>GET {path}</code></h2>
<p>{escape(get["summary"])}.</p>
<dl>{roles}</dl>
<ul>{links}</ul>
<form action="{target}">{inputs}<button>Tirer</button></form>
</section>
"""


def link(target: str) -> str:
    return f'<a href="{escape(target)}"><code>/{escape(target)}</code></a>'


RESOURCES = {
    "/": answer_page,
    "/openapi.json": answer_description,
    "/api/random/int": partial(answer_numbers, draw_int),
    "/api/random/float": partial(answer_numbers, draw_float),
}


if __name__ == "__main__":
    main(
        "server_http_random",
        RandomHandler,
    )
