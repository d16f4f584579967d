"""« À vous »: a task's check, run on the application of the page."""

from __future__ import annotations

from urllib.parse import urlencode

from bridge.project import Project
from bridge.visitor import Visitor

NOT_RUNNING = "L’application ne tourne pas : regardez l’erreur ci-dessus."
PASSED = "Réussi !"


class Site:
    """What a check looks at: the student's application, seen by a new visitor, and its files."""

    def __init__(self, project: Project) -> None:
        self.folder = project.folder
        self._visitor = Visitor(project)

    def get(self, target: str) -> Answer:
        """Return the answer to a GET."""
        return Answer(self._visitor.request("GET", target, [], b""))

    def post(self, target: str, form: dict[str, str]) -> Answer:
        """Return the answer to a form sent by POST."""
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        return Answer(self._visitor.request("POST", target, headers, urlencode(form).encode()))

    def read(self, name: str) -> str:
        """Return the text of one of the student's files; empty if there is none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""


class Answer:
    """An application's answer: `status`, `text`, `headers` in lower case."""

    def __init__(self, answer: dict) -> None:
        self.status: int = answer["status"]
        self.text: str = bytes(answer["body"]).decode("utf-8", "replace")
        self.headers = {name.lower(): value for name, value in answer["headers"]}


def check(project: Project, source: str) -> dict:
    """Run the ``check(site)`` of a task's source: what it asserts is for the student to read."""
    names: dict = {}
    exec(compile(source, "<task>", "exec"), names)
    try:
        names["check"](Site(project))
    except AssertionError as error:
        return {"passed": False, "message": str(error)}
    return {"passed": True, "message": PASSED}
