"""The tests of an API of tasks, which a statement shows, and where a program stops in them."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.checking.exercise import Failure

PASSED = "il passe"

# The tests


def test_create(client):
    """POST crée une tâche, et dit où elle est"""
    response = client.post("/api/tasks", json={"text": "Relire"})
    assert response.status_code == 201
    assert response.json["text"] == "Relire"
    assert response.json["done"] is False
    assert client.get(response.headers["Location"]).json == response.json


def test_new_application(client):
    """une application neuve n'a pas de tâche, et numérote à partir de 1"""
    assert client.get("/api/tasks").json == []
    assert client.post("/api/tasks", json={"text": "Un"}).json["id"] == 1
    assert client.post("/api/tasks", json={"text": "Deux", "done": True}).json["id"] == 2
    assert [task["done"] for task in client.get("/api/tasks").json] == [False, True]


def test_change(client):
    """PATCH ne change que ce qu'on lui dit"""
    task = client.post("/api/tasks", json={"text": "Relire"}).json
    address = f"/api/tasks/{task['id']}"
    assert client.patch(address, json={"done": True}).json == task | {"done": True}
    assert client.get(address).json == task | {"done": True}


def test_delete(client):
    """DELETE efface, et un numéro ne sert qu'une fois"""
    first = client.post("/api/tasks", json={"text": "Un"}).json["id"]
    second = client.post("/api/tasks", json={"text": "Deux"}).json["id"]
    assert client.delete(f"/api/tasks/{first}").status_code == 204
    assert client.get(f"/api/tasks/{first}").status_code == 404
    assert client.post("/api/tasks", json={"text": "Trois"}).json["id"] > second


def test_not_found(client):
    """une tâche qui n'existe pas : 404, en JSON"""
    answers = [client.get("/api/tasks/404"), client.delete("/api/tasks/404")]
    answers.append(client.patch("/api/tasks/404", json={"done": True}))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all("error" in answer.json for answer in answers)


def test_what_is_no_task(client):
    """ce qui n'est pas une tâche : 400, en JSON"""
    for wrong in (["Relire"], {}, {"text": " "}, {"text": 3}, {"text": "a", "done": "oui"}):
        answer = client.post("/api/tasks", json=wrong)
        assert answer.status_code == 400
        assert "error" in answer.json


def test_what_is_no_json(client):
    """ce qui n'est pas du JSON : 400 ou 415, en JSON aussi"""
    form = client.post("/api/tasks", data={"text": "Relire"})
    broken = client.post("/api/tasks", data='{"text": ', content_type="application/json")
    assert [form.status_code, broken.status_code] == [415, 400]
    assert "error" in form.json
    assert "error" in broken.json


def test_wrong_change(client):
    """un PATCH refusé ne change rien"""
    task = client.post("/api/tasks", json={"text": "Relire"}).json
    address = f"/api/tasks/{task['id']}"
    assert client.patch(address, json={"text": "Relier", "done": "oui"}).status_code == 400
    assert client.get(address).json == task


# How they are run

TESTS = (
    test_create,
    test_new_application,
    test_change,
    test_delete,
    test_not_found,
    test_what_is_no_task,
    test_what_is_no_json,
    test_wrong_change,
)


class Watched:
    """A client that remembers the last answer."""

    def __init__(self, client: FlaskClient) -> None:
        self.last: TestResponse | None = None
        self._client = client

    def __getattr__(self, method: str) -> Callable[..., TestResponse]:
        def ask(*args: object, **options: object) -> TestResponse:
            self.last = getattr(self._client, method)(*args, **options)
            return self.last

        return ask


def outcome_of(test: Callable[[Watched], None], client: FlaskClient) -> str:
    """Run a test; return the line where it stops, if it does, after the last answer.

    What the program itself raises comes out.
    """
    watched = Watched(client)
    try:
        test(watched)
    except Exception as error:
        stop = traceback.extract_tb(error.__traceback__)[-1]
        if watched.last is None or stop.filename != __file__:
            raise
        return f"{watched.last.status_code} {watched.last.mimetype}, puis : {stop.line}"
    return PASSED


def stopped_at(text: str, code: int) -> Callable[[Failure], bool]:
    """Return what recognises a test stopped at a line that contains `text`, after that code."""

    def seen(failure: Failure) -> bool:
        return text in failure.value and failure.value.startswith(f"{code} ")

    return seen
