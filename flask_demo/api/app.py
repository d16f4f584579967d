"""api : des nombres au hasard et des livres, pour les programmes et pour les gens."""

import os
import random
import secrets
from itertools import count
from threading import Lock

from flask import Flask, abort, redirect, render_template, request, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException

app = Flask(__name__)
app.json.ensure_ascii = False  # é plutôt que \u00e9
app.config.update(
    SECRET_KEY=os.environ.get("FLASK_SECRET_KEY") or secrets.token_hex(),
    SESSION_COOKIE_NAME="api",  # les cookies ignorent les ports : à chaque démonstration le sien
    SESSION_COOKIE_SAMESITE="Lax",
    MAX_CONTENT_LENGTH=16 * 1024,  # octets
)
if "FLASK_SECRET_KEY" not in os.environ:
    app.logger.warning("Clé secrète tirée au hasard : elle changera au prochain lancement.")
csrf = CSRFProtect(app)


def read_int(name, default, low, high):
    """Rend un paramètre de l'URL, un entier entre deux bornes, ou refuse (400)."""
    text = request.args.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or not low <= number <= high:
        abort(400, f"{name} doit être un nombre entier de {low} à {high}.")
    return number


# Des nombres au hasard.

DRAWS = {"int": lambda generator: generator.randrange(100), "float": random.Random.random}


@app.get("/api/random/<any(int, float):kind>")
def random_numbers(kind):
    n = read_int("n", 1, 0, 1000)
    seed = read_int("seed", secrets.randbits(32), -(10**9), 10**9)
    generator = random.Random(seed)
    return [DRAWS[kind](generator) for _ in range(n)]


# Des livres, gardés en mémoire.

MAX_BOOKS = 1000
TEXT_LENGTH = 100
YEARS = (-3000, 2100)

books = {}  # numéro → livre
numbers = count(1)
lock = Lock()  # deux ajouts à la fois ne dépassent pas la limite


class InvalidBook(BadRequest):
    """Un livre mal décrit ; fields dit pourquoi, champ par champ."""

    def __init__(self, fields):
        super().__init__("Ce livre est mal décrit.")
        self.fields = fields


def check_text(value):
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= TEXT_LENGTH:
        return f"un texte de 1 à {TEXT_LENGTH} signes"


def check_year(value):
    if type(value) is not int or not YEARS[0] <= value <= YEARS[1]:
        return f"un nombre entier de {YEARS[0]} à {YEARS[1]}"


FIELDS = {"title": check_text, "author": check_text, "year": check_year}


def check_book(data):
    """Rend le livre que décrit `data`, ou lève InvalidBook."""
    if not isinstance(data, dict):
        raise BadRequest("On attend un objet JSON.")
    problems = {name: check(data.get(name)) for name, check in FIELDS.items()}
    problems |= {name[:TEXT_LENGTH]: "champ inconnu" for name in data if name not in FIELDS}
    problems = {name: problem for name, problem in problems.items() if problem}
    if problems:
        raise InvalidBook(problems)
    return {name: v.strip() if isinstance(v, str) else v for name, v in data.items()}


def read_json():
    try:
        return request.get_json()  # 415 si on n'annonce pas du JSON, 400 s'il est faux
    except RecursionError:
        abort(400, "Ce JSON est trop profond.")


def find_book(book_id):
    return books.get(book_id) or abort(404, f"Il n’y a pas de livre {book_id}.")


def add_book(book):
    with lock:
        if len(books) >= MAX_BOOKS:
            abort(409, f"La bibliothèque est pleine : {MAX_BOOKS} livres.")
        book_id = next(numbers)
        books[book_id] = {"id": book_id} | book
    return books[book_id]


def read_page():
    """Rend une page de la liste, les derniers venus d'abord."""
    page = read_int("page", 1, 1, MAX_BOOKS)
    per_page = read_int("per_page", 10, 1, 100)
    everything = sorted(books.values(), key=lambda book: -book["id"])
    start = (page - 1) * per_page
    return {
        "items": everything[start : start + per_page],
        "page": page,
        "per_page": per_page,
        "total": len(everything),
    }


for line in """
    La Princesse de Clèves / Madame de La Fayette / 1678
    Lettres persanes / Montesquieu / 1721
    Candide / Voltaire / 1759
    Les Liaisons dangereuses / Choderlos de Laclos / 1782
    Frankenstein / Mary Shelley / 1818
    Le Rouge et le Noir / Stendhal / 1830
    Le Comte de Monte-Cristo / Alexandre Dumas / 1846
    Madame Bovary / Gustave Flaubert / 1857
    Les Fleurs du mal / Charles Baudelaire / 1857
    Les Misérables / Victor Hugo / 1862
    Vingt mille lieues sous les mers / Jules Verne / 1870
    Germinal / Émile Zola / 1885
""".strip().splitlines():
    title, author, year = line.strip().split(" / ")
    add_book({"title": title, "author": author, "year": int(year)})


# L'API. Aucun cookie n'y donne de droit et elle ne lit que du JSON, qu'un formulaire d'un autre
# site ne sait pas envoyer : pas besoin de jeton CSRF.


@app.get("/api/books")
def list_books():
    return read_page()


@app.post("/api/books")
@csrf.exempt
def create_book():
    book = add_book(check_book(read_json()))
    return book, 201, {"Location": url_for("get_book", book_id=book["id"])}


@app.get("/api/books/<int:book_id>")
def get_book(book_id):
    return find_book(book_id)


@app.route("/api/books/<int:book_id>", methods=["PUT", "PATCH"])
@csrf.exempt
def change_book(book_id):
    old, data = find_book(book_id), read_json()
    if request.method == "PATCH" and isinstance(data, dict):
        data = {name: old[name] for name in FIELDS} | data  # ce qui n'est pas dit ne change pas
    books[book_id] = {"id": book_id} | check_book(data)
    return books[book_id]


@app.delete("/api/books/<int:book_id>")
@csrf.exempt
def delete_book(book_id):
    find_book(book_id)
    books.pop(book_id, None)
    return "", 204


@app.get("/api/openapi.json")
def description():
    return app.send_static_file("openapi.json")


# Les pages : la même liste, écrite par le serveur (SSR) ou par le navigateur (CSR).


@app.get("/")
def index():
    return render_template("index.html")


@app.get("/ssr")
def ssr():
    return render_template("ssr.html", **read_page(), typed={}, problems={})


@app.post("/ssr")
def add_by_form():
    typed = {name: request.form.get(name, "") for name in FIELDS}
    year = typed["year"].strip()
    try:
        add_book(check_book(typed | {"year": int(year) if year.isdecimal() else None}))
    except InvalidBook as error:
        page = render_template("ssr.html", **read_page(), typed=typed, problems=error.fields)
        return page, 400
    return redirect(url_for("ssr"))


@app.post("/ssr/<int:book_id>/delete")
def delete_by_form(book_id):
    find_book(book_id)
    books.pop(book_id, None)
    return redirect(url_for("ssr"))


@app.get("/csr")
def csr():
    return render_template("csr.html")


# Ce qui vaut pour toutes les réponses.


@app.after_request
def protect(response):
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


REASONS = {
    400: "Cette demande est mal faite : ce n’est pas du JSON.",
    404: "Il n’y a rien à cette adresse.",
    405: "Cette méthode n’est pas permise ici.",
    413: "C’est trop long pour nous : 16 ko au plus.",
    415: "On attend du JSON : Content-Type: application/json.",
}


@app.errorhandler(HTTPException)
def explain(error):
    if isinstance(error, CSRFError):
        reason = (
            "Ce formulaire est venu sans jeton CSRF valable : il a vieilli, ou il ne vient pas de "
            "notre page. Revenez-y, et recommencez."
        )
    elif error.description != type(error).description and error.code != 415:
        reason = error.description
    else:
        reason = REASONS.get(error.code, "Cette demande n’a pas pu être satisfaite.")
    response = error.get_response()  # garde ses en-têtes : Allow…
    if request.path.startswith("/api/"):
        body = {"error": reason}
        if isinstance(error, InvalidBook):
            body["fields"] = error.fields
        response.data, response.mimetype = app.json.dumps(body), "application/json"
    else:
        response.data = render_template("error.html", error=error, reason=reason)
    return response


if __name__ == "__main__":
    app.run(port=5009)
