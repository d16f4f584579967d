"""HTTP 3004: tells what it received, and answers whatever one asks it to answer.

A stand-in for httpbin (https://httpbin.org), which cannot be installed beside the course's
packages: same paths, same JSON keys; its test compares it with the real one.
The texts are our own, in French, and what makes httpbin answer 500 is refused here (400).
What only tells the request is below; the other paths are in ``http_echo/``, a module an idea.
"""

from __future__ import annotations

from flask import Flask, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.http_echo import formats, headers, statuses, streams, visitors
from sandbox.http_echo.said import VERBS, as_get, describe
from sandbox.serving.http import Problem
from sandbox.serving.tcp import main
from sandbox.serving.wsgi import WSGIHandler

MAX_BODY = 1024 * 1024  # bytes of a request's body

app = Flask(__name__, static_folder=None)
app.json.compact = False
app.json.ensure_ascii = False
app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
for module in (statuses, visitors, formats, streams, headers):
    app.register_blueprint(module.routes)


# Verbs


@app.get("/")
def index():
    """List the paths of this server."""
    paths = sorted({rule.rule for rule in app.url_map.iter_rules()})
    return jsonify(paths=paths)


@app.get("/get")
def view_get():
    """Tell what a GET said."""
    return as_get()


@app.post("/post", endpoint="post")
@app.put("/put", endpoint="put")
@app.patch("/patch", endpoint="patch")
@app.delete("/delete", endpoint="delete")
def view_body():
    """Tell what a request said that may carry a body."""
    return jsonify(describe("url", "args", "form", "data", "origin", "headers", "files", "json"))


@app.route("/anything", methods=VERBS)
@app.route("/anything/<path:anything>", methods=VERBS)
def view_anything(anything: str = ""):
    """Tell what any request said, its method included."""
    return jsonify(
        describe("url", "args", "headers", "origin", "method", "form", "data", "files", "json")
    )


# The request, in parts


@app.get("/headers")
def view_headers():
    """Tell the headers of the request."""
    return jsonify(describe("headers"))


@app.get("/ip")
def view_ip():
    """Tell the address the request comes from."""
    return jsonify(describe("origin"))


@app.get("/user-agent")
def view_user_agent():
    """Tell the name the client gives itself."""
    return jsonify({"user-agent": request.headers.get("User-Agent")})


# Errors


@app.errorhandler(Problem)
def show_problem(problem: Problem):
    """Say what is wrong, in JSON as everywhere in the course."""
    return jsonify(error=problem.error), problem.status


FRENCH = {
    404: "Il n'y a rien à ce chemin. « / » donne la liste de ceux qui existent.",
    405: "Cette méthode n'est pas permise ici : l'en-tête Allow dit lesquelles le sont.",
    413: f"C'est trop gros : j'accepte {MAX_BODY} octets et mille champs.",
    500: "Le serveur s'est trompé : voyez son journal.",
}


@app.errorhandler(HTTPException)
def show_http_error(error: HTTPException):
    """Say in French what Flask refuses."""
    text = FRENCH.get(error.code, f"Requête refusée ({error.code} {error.name}).")
    methods = sorted(getattr(error, "valid_methods", None) or [])
    if not methods:
        return jsonify(error=text), error.code
    return jsonify(error=text, allowed=methods), error.code, {"Allow": ", ".join(methods)}


class EchoHandler(WSGIHandler):
    """One connection: each request is handed to the Flask application."""

    application = app
    max_body = MAX_BODY


if __name__ == "__main__":
    main("server_http_echo", EchoHandler)
