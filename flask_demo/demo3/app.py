"""demo3 : des pages qui dépendent des paramètres de leur adresse (?name=…, ?size=…)."""

from flask import Flask, abort, render_template, request

DEFAULT_SIZE = 10
MAX_SIZE = 1000
MAX_NAME = 50

app = Flask(__name__)


@app.route("/")
def index():
    return render_template("index.html")


@app.route("/wheel")
def wheel():
    name = request.args.get("name", "").strip()
    # Qui écrit l’adresse à la main n’est pas tenu par le maxlength du formulaire.
    if len(name) > MAX_NAME:
        abort(400, f"Un nom a au plus {MAX_NAME} caractères, et celui-ci en a {len(name)}.")
    return render_template("wheel.html", name=name, max_name=MAX_NAME)


@app.route("/forloop")
def forloop():
    # Un paramètre est toujours du texte : à nous d’en faire un nombre, et de dire non.
    try:
        size = int(request.args.get("size", DEFAULT_SIZE))
    except ValueError:
        abort(400, "La taille (size) doit être un nombre entier, comme 12.")
    if not 0 <= size <= MAX_SIZE:
        abort(400, f"La taille (size) doit être comprise entre 0 et {MAX_SIZE}.")
    return render_template("forloop.html", size=size, max_size=MAX_SIZE)


@app.errorhandler(400)
def bad_request(error):
    page = render_template("error.html", title="Demande incorrecte", message=error.description)
    return page, 400  # sans ce nombre, le client croirait que tout va bien


@app.errorhandler(404)
def not_found(error):
    page = render_template(
        "error.html", title="Page introuvable", message="Aucune page n’est à cette adresse."
    )
    return page, 404


if __name__ == "__main__":
    app.run(port=5003)
