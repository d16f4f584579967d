"""HTTP 3004: tells what it received, and answers whatever one asks it to answer.

A stand-in for httpbin (https://httpbin.org), which cannot be installed beside the course's
packages: same paths, same JSON keys; tests/test_server_http_echo.py compares it with the real one.
The texts are our own, in French, and what makes httpbin answer 500 is refused here (400).
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
import sys
import time
import uuid
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from flask import Flask, jsonify, make_response, request, url_for
from flask import Response as FlaskResponse
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from sandbox.serving.http import HTTPHandler, Problem, Response, quoted
from sandbox.serving.tcp import main

MAX_BODY = 1024 * 1024  # bytes of a request's body
MAX_BYTES = 100 * 1024  # bytes of an answer drawn at random
MAX_LINES = 100  # lines of /stream
MAX_SECONDS = 10.0  # of /delay and /drip
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")

app = Flask(__name__, static_folder=None)
app.json.compact = False
app.json.ensure_ascii = False
app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY


# What the request says


def describe(*keys: str, **extras: object) -> dict[str, object]:
    """Return what was received, under httpbin's own keys."""
    data = request.get_data(parse_form_data=True)  # empty when the body is a form
    known = {
        "url": lambda: request.url,
        "args": lambda: flatten(request.args),
        "form": lambda: flatten(request.form),
        "data": lambda: readable(data),
        "files": lambda: flatten(MultiDict(read_files())),
        "json": lambda: parse_json(data),
        "headers": lambda: dict(request.headers.items()),
        "origin": lambda: request.headers.get("X-Forwarded-For", request.remote_addr),
        "method": lambda: request.method,
    }
    return {key: known[key]() for key in keys} | extras


def flatten(values: MultiDict) -> dict[str, object]:
    """Return each value as it is, or the list of them when a name is repeated."""
    lists = values.to_dict(flat=False)
    return {name: found[0] if len(found) == 1 else found for name, found in lists.items()}


def read_files() -> list[tuple[str, str]]:
    return [
        (name, readable(file.read(), file.content_type))
        for name, file in request.files.items(multi=True)
    ]


def readable(data: bytes, media_type: str | None = None) -> str:
    """Return bytes as text, or as a ``data:`` URL when they are not UTF-8 (RFC 2397)."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        kind = media_type or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def parse_json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def whole(name: str, text: str, low: int, high: int) -> int:
    """Return `text` as a whole number, or refuse the request (400)."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text) or not low <= int(text) <= high:
        raise Problem(400, f"{name} doit être un entier de {low} à {high} ; reçu : {quoted(text)}.")
    return int(text)


def seconds(name: str, text: str) -> float:
    """Return `text` as a duration; httpbin too cuts what is longer than 10 s."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{0,9})?", text):
        raise Problem(
            400, f"{name} doit être un nombre de secondes, comme 0.5 ; reçu : {quoted(text)}."
        )
    return min(float(text), MAX_SECONDS)


# Verbs


@app.get("/")
def index():
    """List the paths of this server."""
    paths = sorted({rule.rule for rule in app.url_map.iter_rules()})
    return jsonify(paths=paths)


@app.get("/get")
def view_get():
    """Tell what a GET said."""
    return jsonify(describe("url", "args", "headers", "origin"))


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


# Statuses


@app.route("/status/<codes>", methods=VERBS)
def view_status(codes: str):
    """Answer a status: ``/status/404``; one at random among several: ``/status/200,503:0.2``."""
    choices, weights = [], []
    for choice in codes.split(","):
        match = re.fullmatch(r"([2-5][0-9]{2})(?::([0-9]{1,6}(?:\.[0-9]{0,6})?))?", choice)
        if not match:
            raise Problem(
                400,
                f"Statut incompréhensible : {quoted(choice)}. J'attends un nombre de 200 à 599 (un "
                "statut 1xx n'est jamais le dernier mot d'un serveur), ou plusieurs séparés par "
                "des virgules, chacun avec son poids s'il le faut : /status/200:3,503.",
            )
        choices.append(int(match[1]))
        weights.append(float(match[2] or 1))
    if not any(weights):
        raise Problem(400, "Tous les poids sont nuls : donnez-en au moins un qui ne le soit pas.")
    return status_response(random.choices(choices, weights)[0])


TEAPOT = """
      ___
   __/___\\__
  (  théière )==o
   \\_______/
"""


def status_response(code: int) -> FlaskResponse:
    """Return an answer with this status and the headers that go with it."""
    response = make_response("", code)
    if code in (301, 302, 303, 305, 307):
        response.headers["Location"] = "/redirect/1"
    elif code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Fake Realm"'
    elif code == 402:
        response.data = "Les bons comptes font les bons amis."
    elif code == 406:
        response = jsonify(
            message="Le client n'accepte aucun des types que je propose.",
            accept=["image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*"],
        )
        response.status_code = code
    elif code == 407:
        response.headers["Proxy-Authenticate"] = 'Basic realm="Fake Realm"'
    elif code == 418:
        response.data = TEAPOT
        response.headers["x-more-info"] = "http://tools.ietf.org/html/rfc2324"
    return response


# Redirections


def redirect_to(location: str, code: int = 302) -> FlaskResponse:
    """Return a redirection; its text is for those who do not follow."""
    try:
        response = make_response(f"Voyez {location}\n", code)
        response.headers["Location"] = location
    except ValueError:
        raise Problem(400, "Une adresse tient sur une seule ligne.") from None
    response.content_type = "text/plain; charset=utf-8"
    return response


@app.get("/redirect/<n>")
def view_redirect(n: str):
    """Redirect n times, then to /get."""
    absolute = request.args.get("absolute", "false").lower() == "true"
    return redirect_again("absolute" if absolute else "relative", n)


@app.get("/relative-redirect/<n>")
def view_relative_redirect(n: str):
    """Redirect n times, each time to a path."""
    return redirect_again("relative", n)


@app.get("/absolute-redirect/<n>")
def view_absolute_redirect(n: str):
    """Redirect n times, each time to a whole URL."""
    return redirect_again("absolute", n)


def redirect_again(kind: str, n: str) -> FlaskResponse:
    left = whole("n", n, 1, 10**9) - 1
    target = f"/{kind}-redirect/{left}" if left else url_for("view_get")
    return redirect_to(request.host_url.rstrip("/") + target if kind == "absolute" else target)


@app.route("/redirect-to", methods=VERBS)
def view_redirect_to():
    """Redirect to ``?url=``, with the status ``?status_code=`` if it is a 3xx."""
    if "url" not in request.args:
        raise Problem(400, "Il me faut l'adresse où vous envoyer : /redirect-to?url=/get.")
    code = whole("status_code", request.args.get("status_code", "302"), 0, 999)
    return redirect_to(request.args["url"], code if 300 <= code < 400 else 302)


# Cookies


@app.get("/cookies")
def view_cookies():
    """Tell the cookies that the client sent."""
    return jsonify(cookies=dict(request.cookies.items()))


@app.get("/cookies/set")
def view_set_cookies():
    """Give the cookies of the query, then redirect to /cookies."""
    return with_cookies(dict(request.args.items()))


@app.get("/cookies/set/<name>/<value>")
def view_set_cookie(name: str, value: str):
    """Give one cookie, then redirect to /cookies."""
    return with_cookies({name: value})


def with_cookies(cookies: dict[str, str]) -> FlaskResponse:
    response = redirect_to(url_for("view_cookies"))
    for name, value in cookies.items():
        if not name or not name.isascii() or not name.isprintable():
            raise Problem(400, f"Ceci ne peut pas nommer un cookie : {quoted(name)}.")
        response.set_cookie(name, value)
    return response


@app.get("/cookies/delete")
def view_delete_cookies():
    """Take back the cookies that the query names, then redirect to /cookies."""
    response = redirect_to(url_for("view_cookies"))
    for name in request.args:
        response.delete_cookie(name)
    return response


# Who goes there?


@app.get("/basic-auth/<user>/<passwd>")
def view_basic_auth(user: str, passwd: str):
    """Let in who gives this name and this password (RFC 7617)."""
    given = request.authorization
    if not given or (given.username, given.password) != (user, passwd):
        return status_response(401)
    return jsonify(authenticated=True, user=user)


@app.get("/bearer")
def view_bearer():
    """Let in who shows a token, whatever it is (RFC 6750)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return make_response("", 401, {"WWW-Authenticate": "Bearer"})
    return jsonify(authenticated=True, token=token)


# Formats


@app.get("/gzip")
def view_gzip():
    """Answer compressed by gzip."""
    return compressed("gzip", gzip.compress, gzipped=True)


@app.get("/deflate")
def view_deflate():
    """Answer compressed by deflate, which HTTP means in zlib's wrapping."""
    return compressed("deflate", zlib.compress, deflated=True)


def compressed(coding: str, compress, **extras: bool) -> FlaskResponse:
    response = jsonify(describe("origin", "headers", method=request.method, **extras))
    response.data = compress(response.data)
    response.headers["Content-Encoding"] = coding
    return response


@app.get("/json")
def view_json():
    """Answer a JSON document."""
    return jsonify(
        slideshow={
            "title": "Les phares de la Boucle",
            "date": "un soir de brume",
            "author": "Le gardien de Port-Clair",
            "slides": [
                {"type": "all", "title": "Allumez les feux !"},
                {
                    "type": "all",
                    "title": "En résumé",
                    "items": ["Pourquoi les <em>phares</em> tournent", "Qui <em>répond</em>"],
                },
            ],
        }
    )


HTML = """<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{content}
</body>
</html>
"""

SCRIPTS = """
français    Dès Noël, où un zéphyr haï me vêt de glaçons würmiens…
ελληνικά    Ξεσκεπάζω την ψυχοφθόρα βδελυγμία
русский     Съешь ещё этих мягких французских булок
日本語      いろはにほへと ちりぬるを
العربية     نصّ من اليمين إلى اليسار
symboles    ∮ E⋅da = Q,  n → ∞,  ∑ f(i) = ∏ g(i)  ⛵ 🗼
"""


@app.get("/html")
def view_html():
    """Answer an HTML page."""
    return HTML.format(
        title="Le gardien",
        content="<p>Il ne savait pas qui le regardait. Il tournait quand même.</p>",
    )


@app.get("/encoding/utf8")
def view_utf8():
    """Answer text in many scripts."""
    return HTML.format(title="Un octet ne suffit pas", content=f"<pre>{SCRIPTS}</pre>")


@app.get("/uuid")
def view_uuid():
    """Answer an identifier that nobody ever had."""
    return jsonify(uuid=str(uuid.uuid4()))


@app.get("/base64/<value>")
def view_base64(value: str):
    """Answer the text that `value` encodes in base64url."""
    try:
        text = base64.urlsafe_b64decode(value).decode()
    except ValueError:
        raise Problem(
            400, f"Ce n'est pas un texte en base64 : {quoted(value)}. Essayez Qm9uam91ciAh."
        ) from None
    # As plain text: a page made by whoever wrote the link would be read as ours.
    return text, {"Content-Type": "text/plain; charset=utf-8"}


# Time and streams


@app.route("/delay/<delay>", methods=VERBS)
def view_delay(delay: str):
    """Answer after so many seconds, 10 at most."""
    time.sleep(seconds("delay", delay))
    return jsonify(describe("url", "args", "form", "data", "origin", "headers", "files"))


@app.get("/drip")
def view_drip():
    """Answer ``numbytes`` stars in ``duration`` seconds, after ``delay`` seconds."""
    count = whole("numbytes", request.args.get("numbytes", "10"), 1, MAX_BYTES)
    code = whole("code", request.args.get("code", "200"), 200, 599)
    pause = seconds("duration", request.args.get("duration", "2")) / count
    time.sleep(seconds("delay", request.args.get("delay", "0")))
    return stream(drip(count, pause), code, {"Content-Length": str(count)})


def drip(count: int, pause: float) -> Iterator[bytes]:
    """Yield stars one by one, or by more when they must follow each other faster than 1 ms."""
    batch = max(1, min(count, round(0.001 / pause))) if pause else count
    for start in range(0, count, batch):
        size = min(batch, count - start)
        yield b"*" * size
        time.sleep(pause * size)


@app.get("/bytes/<n>")
def view_bytes(n: str):
    """Answer n bytes at random, 102400 at most, the same for the same ``?seed=``."""
    generator = seeded()
    body = bytes(generator.randint(0, 255) for _ in range(clamped(n, MAX_BYTES)))
    return body, {"Content-Type": "application/octet-stream"}


@app.get("/stream-bytes/<n>")
def view_stream_bytes(n: str):
    """Stream the bytes of /bytes, by ``?chunk_size=`` of them."""
    size = whole("chunk_size", request.args.get("chunk_size", "10240"), 1, MAX_BYTES)
    generator, count = seeded(), clamped(n, MAX_BYTES)
    pieces = (
        bytes(generator.randint(0, 255) for _ in range(min(size, count - start)))
        for start in range(0, count, size)
    )
    return stream(pieces)


@app.get("/stream/<n>")
def view_stream(n: str):
    """Stream n lines of JSON, 100 at most."""
    content = describe("url", "args", "headers", "origin")
    lines = (json.dumps({**content, "id": i}) + "\n" for i in range(clamped(n, MAX_LINES)))
    return stream((line.encode() for line in lines), headers={"Content-Type": "application/json"})


def clamped(n: str, high: int) -> int:
    return min(whole("n", n, 0, 10**18), high)


def seeded() -> random.Random:
    if "seed" not in request.args:
        return random.Random()
    return random.Random(whole("seed", request.args["seed"], -(10**18), 10**18))


def stream(pieces: Iterator[bytes], code: int = 200, headers: dict | None = None) -> FlaskResponse:
    return FlaskResponse(
        pieces, code, {"Content-Type": "application/octet-stream", **(headers or {})}
    )


# Caches


@app.get("/cache")
def view_cache():
    """Answer as /get, or 304 to whoever asks under any condition."""
    if "If-Modified-Since" in request.headers or "If-None-Match" in request.headers:
        return status_response(304)
    response = view_get()
    response.headers["Last-Modified"] = http_date()
    response.set_etag(uuid.uuid4().hex)
    return response


@app.get("/cache/<n>")
def view_cache_control(n: str):
    """Answer as /get, good for n seconds."""
    response = view_get()
    response.headers["Cache-Control"] = f"public, max-age={whole('n', n, 0, 10**9)}"
    return response


@app.get("/etag/<etag>")
def view_etag(etag: str):
    """Answer as /get under this ETag, obeying If-None-Match (304) and If-Match (412)."""
    if not re.fullmatch(r"[!#-~]+", etag):
        raise Problem(
            400, f"Un ETag est en ASCII, sans espace ni guillemet ; reçu : {quoted(etag)}."
        )
    if request.if_none_match:
        if request.if_none_match.contains_weak(etag):
            response = status_response(304)
            response.set_etag(etag)
            return response
    elif request.if_match and etag not in request.if_match:
        return status_response(412)
    response = view_get()
    response.set_etag(etag)
    return response


@app.route("/response-headers", methods=["GET", "POST"])
def view_response_headers():
    """Answer with the headers of the query; the body tells them all."""
    response = jsonify({})
    # The body says its own length, which changes the body: a few turns settle it.
    for _ in range(5):
        headers = flatten(MultiDict(response.headers.items()))
        response = jsonify(headers)
        for name, value in request.args.items(multi=True):
            add_header(response, name, value)
    return response


def add_header(response: FlaskResponse, name: str, value: str) -> None:
    try:
        f"{name}{value}".encode("latin-1")
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise ValueError
        response.headers.add(name, value)
    except ValueError:
        raise Problem(400, f"Ceci ne fait pas un en-tête : {quoted(f'{name}: {value}')}.") from None


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


# Between the course's HTTP server and Flask: WSGI (PEP 3333)


class EchoHandler(HTTPHandler):
    """One connection: each request is handed to the Flask application."""

    def respond(self) -> Response:
        environ = self.environ(self.read_body(MAX_BODY))
        started: list = []

        def start_response(status: str, headers: list, exc_info: object = None) -> None:
            started[:] = [int(status[:3]), headers]

        pieces = app(environ, start_response)
        status, headers = started
        lengths = [int(value) for name, value in headers if name == "Content-Length"]
        others = [(name, value) for name, value in headers if name != "Content-Length"]
        return Response(pieces, status, others, lengths[0] if lengths else None, live=True)

    def environ(self, body: bytes) -> dict[str, object]:
        """Return the request as PEP 3333 describes it."""
        host, port = self.server.server_address[:2]
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(self.path, "latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name in dict.fromkeys(self.headers.keys()):
            if "_" not in name:  # X_Y and X-Y would have the same key
                key = name.upper().replace("-", "_")
                prefix = "" if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_"
                environ[prefix + key] = ",".join(self.headers.get_all(name))
        return environ


if __name__ == "__main__":
    main("server_http_echo", EchoHandler)
