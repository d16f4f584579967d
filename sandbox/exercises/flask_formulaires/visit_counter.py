"""An application that counts the visits of each one, in a cookie."""

# Solution
import re

from flask import Flask, make_response, redirect, request, url_for


def visit_counter() -> Flask:
    """Return an application that tells its visitors how many times they came, from a cookie."""
    app = Flask("visites")

    @app.get("/")
    def index():
        cookie = request.cookies.get("visits", "0")
        known = int(cookie) if re.fullmatch("[0-9]{1,6}", cookie) else 0
        response = make_response(f"Visites : {known + 1}")
        response.set_cookie("visits", str(known + 1), httponly=True, samesite="Lax")
        return response

    @app.post("/oublier")
    def forget():
        response = redirect(url_for("index"))
        response.delete_cookie("visits")
        return response

    return app


# Exercise
from werkzeug.test import Client

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.flask import another

EXERCISE = Exercise(
    visit_counter,
    hints=(
        "Le nombre est chez le visiteur : on le lit dans la requête, on lui ajoute un, on le "
        "renvoie avec la réponse. Votre programme ne retient rien.",
        '`request.cookies.get("visits")` le lit, et rend `None` la première fois. Pour l\'écrire, '
        "il faut tenir la réponse : `response = make_response(…)`, puis "
        "`response.set_cookie(…)`.",
        'Lisez `cookie = request.cookies.get("visits", "0")`, et ne le croyez que si '
        '`re.fullmatch("[0-9]{1,6}", cookie)`. Écrivez avec `httponly=True, samesite="Lax"`. '
        "Sur `/oublier`, `response = redirect(…)` puis `response.delete_cookie(…)`.",
    ),
)
BOTH = Expect("HttpOnly et SameSite", lambda got: "httponly" in got and len(got) == 2)
COOKIE_SET = 'response.set_cookie("visits", str(known + 1), httponly=True, samesite="Lax")'


def visits(client: Client) -> str:
    """Return what ``/`` tells, without its markup."""
    answer = client.get("/")
    text = re.sub(r"<[^>]*>", "", answer.text)
    found = re.search(r"Visites\s*:\s*\d+", text)
    return re.sub(r"\s*:\s*", " : ", found[0]) if found else f"{answer.status_code}, {text[:60]}"


@EXERCISE.case("trois visites", expect=["Visites : 1", "Visites : 2", "Visites : 3"])
def three(stage: Stage, program: Program):
    client = program.client()
    return [visits(client) for _ in range(3)]


@EXERCISE.case(
    "Ada, Ada, Grace, puis Ada",
    expect=["Visites : 1", "Visites : 2", "Visites : 1", "Visites : 3"],
)
def two_visitors(stage: Stage, program: Program):
    ada = program.client()
    grace = another(ada)
    return [visits(ada), visits(ada), visits(grace), visits(ada)]


@EXERCISE.case("les attributs du cookie", expect=BOTH)
def protected(stage: Stage, program: Program):
    header = program.client().get("/").headers.get("Set-Cookie", "pas de cookie")
    attributes = {part.strip().lower() for part in header.split(";")[1:]}
    return sorted(attributes & {"httponly", "samesite=lax", "samesite=strict"})


@EXERCISE.case(
    "un cookie qui vaut abc, -3, rien, 1.5, ² ou un nombre de 50 chiffres",
    expect=["Visites : 1"] * 6,
)
def odd(stage: Stage, program: Program):
    first, told = program.client(), []
    for value in ("abc", "-3", "", "1.5", "²", "9" * 50):
        client = another(first)
        client.set_cookie("visits", value)
        told.append(visits(client))
    return told


@EXERCISE.case("POST /oublier, puis une visite", expect=(True, "/", "Visites : 1"))
def forgotten(stage: Stage, program: Program):
    client = program.client()
    visits(client)
    visits(client)
    answer = client.post("/oublier")
    return answer.status_code in (302, 303), answer.location, visits(client)


@EXERCISE.case("GET /oublier", expect=405)
def by_link(stage: Stage, program: Program):
    return program.client().get("/oublier").status_code


EXERCISE.mistake(
    "Votre compteur est dans le programme : tous les visiteurs s'y ajoutent. Mettez-le "
    "dans un cookie, chez chacun d'eux.",
    on=two_visitors,
    seen=lambda failure: failure.value[2:] == ["Visites : 3", "Visites : 4"],
)(
    variant(
        visit_counter,
        ("request.cookies", "app.config"),
        (COOKIE_SET, 'app.config["visits"] = str(known + 1)'),
    )
)

EXERCISE.mistake(
    "Vous lisez le cookie, mais personne ne l'a écrit : `response.set_cookie(…)`, sur la "
    "réponse que vous rendez.",
    on=three,
    gives=["Visites : 1"] * 3,
)(variant(visit_counter, (f"        {COOKIE_SET}\n", "")))

EXERCISE.mistake(
    "Un cookie arrive de chez le visiteur, qui y met ce qu'il veut. Ne donnez à `int` "
    "que ce que vous avez reconnu.",
    on=odd,
    seen=lambda failure: failure.error or failure.value,
)(variant(visit_counter, (' if re.fullmatch("[0-9]{1,6}", cookie) else 0', "")))

EXERCISE.mistake(
    "Ce cookie ne sert qu'au serveur : mettez-le hors de portée des scripts "
    '(`httponly=True`) et des autres sites (`samesite="Lax"`).',
    on=protected,
    seen=lambda failure: len(failure.value) < 2,
)(variant(visit_counter, (', httponly=True, samesite="Lax"', "")))

EXERCISE.mistake(
    "`/oublier` répond aussi à GET : le premier robot qui suit vos liens effacera tout. "
    "POST seulement.",
    on=by_link,
    seen=lambda failure: failure.value in (200, 302, 303),
)(variant(visit_counter, ('post("/oublier"', 'route("/oublier", methods=["GET", "POST"]')))
