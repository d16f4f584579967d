"""demo4 : un nombre dans l’adresse (/forloop/12), et des adresses jamais écrites à la main."""

from flask import Flask, abort, render_template

MAX_SIZE = 1000

app = Flask(__name__)


@app.route("/")
def index():
    return render_template("index.html", sizes=[0, 1, 12, 100, MAX_SIZE])


@app.route("/wheel")
def wheel():
    return render_template("wheel.html")


@app.route("/forloop/<int:size>")
def forloop(size):
    # size est déjà un nombre : une adresse qui n’en a pas n’arrive pas jusqu’ici.
    if size > MAX_SIZE:
        abort(404)  # dix millions de lignes : personne ne les lirait, et le serveur les écrirait
    return render_template("forloop.html", size=size, max_size=MAX_SIZE)


@app.errorhandler(404)
def not_found(error):
    # Sans ce second 404, la page dirait « introuvable », et sa réponse 200 : « voici ».
    return render_template("404.html", max_size=MAX_SIZE), 404


if __name__ == "__main__":
    app.run(port=5004)
