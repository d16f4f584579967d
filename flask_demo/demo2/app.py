"""demo2 : deux pages, leur feuille de style et leur script."""

from flask import Flask, render_template

app = Flask(__name__)


@app.route("/")
def index():
    return render_template("index.html")


@app.route("/wheel")
def wheel():
    return render_template("wheel.html")


if __name__ == "__main__":
    app.run(port=5002)
