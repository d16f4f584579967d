"""Web APIs: numbers drawn, the codes of refusals, what explains one."""

from __future__ import annotations

from werkzeug.test import TestResponse

from sandbox.checking.program import Program

EXPLAINED = "une phrase dans error"


def explained(response: TestResponse) -> tuple[int, str]:
    """Return the code of a refusal, and what explains it."""
    if not response.is_json:
        return response.status_code, response.mimetype
    body = response.json
    said = isinstance(body, dict) and isinstance(body.get("error"), str) and body["error"].strip()
    return response.status_code, EXPLAINED if said else f"JSON sans error : {body!r}"


def codes(program: Program, path: str, *queries: str) -> list[int]:
    """Return the codes of the answers to these queries."""
    client = program.client()
    return [client.get(f"{path}?{query}").status_code for query in queries]


def are_drawn(numbers: list, kind: type, count: int, end: float) -> bool:
    """Tell whether these are `count` numbers of a kind, from 0 to `end` excluded."""
    return [type(each) is kind and 0 <= each < end for each in numbers] == [True] * count
