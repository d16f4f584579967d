"""The bridge, called as ``worker.js`` calls it, in an ordinary Python."""

from bridge import calls

from sandbox.running.catalogue import DEMO_FOLDER


def program(
    answer: str = '"bonjour"', route: str = '"/"', argument: str = "", run: str = "port=5002"
) -> str:
    """Return an application whose one view returns an expression."""
    return f"""
from flask import Flask, request
app = Flask(__name__)

@app.route({route})
def index({argument}):
    return {answer}

app.run({run})
"""


HELLO = program()


def demo_files(name: str) -> dict[str, str]:
    folder = DEMO_FOLDER / name
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(source: str | dict[str, str], instance: str = "one") -> dict:
    files = {"app.py": source} if isinstance(source, str) else source
    return calls.run(instance, "demo", files)


def get(target: str, instance: str = "one", visitor: str = "alice") -> dict | None:
    origin = calls._projects[instance].origin
    return calls.request(instance, visitor, origin, "GET", target, [], b"")


def text(answer: dict) -> str:
    return answer["body"].decode()
