"""A form that gives back what it refuses."""

# Solution
import re

from flask import Flask, redirect, render_template_string, request, url_for

BOOKING = """<form method="post" novalidate>
  {% for key, label in [("name", "Votre nom"), ("seats", "Places, de 1 à 8")] %}
  <p><label>{{ label }} <input name="{{ key }}" value="{{ typed[key] }}" required></label></p>
  {% if key in errors %}<p class="error">{{ errors[key] }}</p>{% endif %}
  {% endfor %}
  <button>Réserver</button></form>"""


def booking() -> Flask:
    """Return an application that books seats on a boat, and gives back what it refuses."""
    app = Flask("traversee")

    @app.route("/", methods=["GET", "POST"])
    def book():
        if request.method != "POST":
            return render_template_string(BOOKING, typed={}, errors={})
        typed = {key: request.form.get(key, "").strip() for key in ("name", "seats")}
        errors = {}
        if not 1 <= len(typed["name"]) <= 50:
            errors["name"] = "Donnez un nom, de 50 signes au plus."
        if not re.fullmatch("[1-8]", typed["seats"]):
            errors["seats"] = "Un nombre de places, de 1 à 8."
        if errors:
            return render_template_string(BOOKING, typed=typed, errors=errors), 400
        return redirect(url_for("thanks"), 303)

    @app.get("/merci")
    def thanks():
        return "<p>C’est noté. Bonne traversée !</p>"

    return app


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.flask import another, code_of, page_of, send, status_and_fields

EXERCISE = Exercise(
    booking,
    hints=(
        "Trois issues dans une seule vue : le formulaire vide (GET), le formulaire rempli de ce "
        "qui a été tapé (refus), la redirection (succès). Les deux premières partagent leur "
        "gabarit.",
        'Rangez dans un dictionnaire ce qui a été tapé : `request.form.get(key, "")`, du texte, '
        "sans rien convertir. Le gabarit le remet en place : "
        '`<input name="seats" value="{{ typed["seats"] }}">`.',
        'Dans un autre, `errors`, mettez une phrase par champ refusé : `re.fullmatch("[1-8]", '
        'typed["seats"])` dit si c\'en est un. S\'il est vide, `return redirect("/merci")` ; '
        "sinon, `return render_template_string(…), 400`.",
    ),
)
DONE = [(302, "/merci", 200), (303, "/merci", 200)]
THANKED = Expect("une redirection vers /merci, qui répond 200", lambda got: got in DONE)
KEPT = Expect("400, et le 3 est toujours là", lambda got: got[0] == 400 and got[1]["seats"] == "3")
TOLD = Expect("un élément de classe error par champ", lambda number: number >= 2)
MARKUP = '"><i>Ada</i>'


@EXERCISE.case("GET : le formulaire vide", expect=(200, ["name", "seats"], 0))
def blank(stage: Stage, program: Program):
    page = page_of(program.client().get("/"))
    return page.status, sorted(page.fields), page.errors


@EXERCISE.case("le nom Ada et 3 places, puis la page d'après", expect=THANKED)
def good(stage: Stage, program: Program):
    client = program.client()
    answer = send(client, name="Ada", seats="3")
    return answer.status_code, answer.location, client.get("/merci").status_code


@EXERCISE.case("Ada, et 0, 1, 8, puis 9 places", expect=[400, 303, 303, 400])
def limits(stage: Stage, program: Program):
    first = program.client()
    return [code_of(send(another(first), name="Ada", seats=seats)) for seats in "0189"]


@EXERCISE.case("le nom Ada, et « douze » places", expect=(400, {"name": "Ada", "seats": "douze"}))
def word(stage: Stage, program: Program):
    return status_and_fields(send(program.client(), name="Ada", seats="douze"))


@EXERCISE.case("un nom vide, et 3 places", expect=KEPT)
def no_name(stage: Stage, program: Program):
    return status_and_fields(send(program.client(), name=" ", seats="3"))


@EXERCISE.case(f"le nom {MARKUP}, et 0 place", expect=(400, MARKUP, False))
def markup(stage: Stage, program: Program):
    page = page_of(send(program.client(), name=MARKUP, seats="0"))
    return page.status, page.fields.get("name"), "i" in page.tags


@EXERCISE.case("les deux champs sont faux : que dit la page ?", expect=TOLD)
def both(stage: Stage, program: Program):
    return page_of(send(program.client(), name="", seats="douze")).errors


@EXERCISE.case("un POST sans aucun champ", expect=400)
def nothing(stage: Stage, program: Program):
    return send(program.client()).status_code


EXERCISE.mistake(
    "« douze » est arrivé jusqu'à `int`, qui a levé une exception : une faute de frappe ne "
    "doit pas faire une erreur 500.",
    on=word,
    raises=ValueError,
)(variant(booking, ('re.fullmatch("[1-8]", typed["seats"])', '1 <= int(typed["seats"]) <= 8')))

EXERCISE.mistake(
    "Le formulaire revient vide : il faut tout retaper. Remettez dans `value` ce qui a été reçu.",
    on=word,
    seen=lambda failure: not any(failure.value[1].values()),
)(variant(booking, ("BOOKING", 'BOOKING.replace("{{ typed[key] }}", "")')))

EXERCISE.mistake(
    "Ce qui a été tapé est devenu du HTML ! Laissez Jinja l'échapper (ni `|safe`, ni "
    "f-string), entre guillemets.",
    on=markup,
    seen=lambda failure: failure.value[2],
)(variant(booking, ("BOOKING", 'BOOKING.replace("typed[key]", "typed[key]|safe")')))

EXERCISE.mistake(
    "La page refuse, mais son code dit 200 : un programme croira que c'est réservé. "
    "Rendez aussi `400`.",
    on=word,
    seen=lambda failure: failure.value[0] == 200,
)(variant(booking, ("errors=errors), 400", "errors=errors)")))

EXERCISE.mistake(
    "La page est refusée sans un mot : dites, à côté de chaque champ, ce qui ne va pas, "
    "dans un élément de classe `error`.",
    on=both,
    gives=0,
)(variant(booking, ("BOOKING", 're.sub("{% if .*endif %}", "", BOOKING)')))

EXERCISE.mistake(
    "Vous répondez au POST par une page : la recharger réserverait encore. Redirigez vers "
    "`/merci`.",
    on=good,
    seen=lambda failure: failure.value[0] == 200,
)(variant(booking, ('redirect(url_for("thanks"), 303)', '"C\'est noté."')))
