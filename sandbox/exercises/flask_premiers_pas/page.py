"""A page of demo2, with its style and a link, wherever the site is installed."""


# Solution
def page() -> str:
    """Return the template of a page with demo2's style and a link to its first page."""
    return """<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <title>À propos</title>
    <link rel="stylesheet" href="{{ url_for('static', filename='css/style.css') }}">
  </head>
  <body>
    <h1>À propos</h1>
    <p><a href="{{ url_for('index') }}">Retour à l’accueil</a></p>
  </body>
</html>
"""


# Exercise
from jinja2 import TemplateSyntaxError
from werkzeug.routing import BuildError

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.flask import Page, answer_of_demo2

EXERCISE = Exercise(
    page,
    hints=(
        "Partez de `index.html` de demo2, que voici plus haut, et ôtez ce qui est en trop.",
        "Dans un gabarit, `{{ … }}` écrit la valeur d'une expression. `url_for` prend le nom de "
        "la fonction, pas le chemin.",
        "`{{ url_for('static', filename='css/style.css') }}` pour la feuille de style, "
        "`{{ url_for('index') }}` pour le lien.",
    ),
)
SHEET = "{{ url_for('static', filename='css/style.css') }}"


def shown(program: Program, prefix: str = "") -> Page:
    """Return the page that the template makes in demo2, itself installed under `prefix`."""
    _, _, text = program.beside(answer_of_demo2, "/page", prefix)
    return Page(text)


@EXERCISE.case("ses titres `<h1>`", expect=1)
def headings(stage: Stage, program: Program):
    return shown(program).tags.count("h1")


@EXERCISE.case("sa feuille de style, demandée au serveur", expect=[(200, "text/css")])
def style(stage: Stage, program: Program):
    return [program.beside(answer_of_demo2, sheet)[:2] for sheet in shown(program).sheets]


@EXERCISE.case("ses liens", expect=Expect("un lien vers /", lambda links: "/" in links))
def back(stage: Stage, program: Program):
    return shown(program).links


@EXERCISE.case(
    "ses liens, le site étant installé sous `/cours`",
    expect=Expect("un lien vers /cours/", lambda links: "/cours/" in links),
)
def links_moved(stage: Stage, program: Program):
    return shown(program, "/cours").links


@EXERCISE.case(
    "sa feuille de style, le site étant installé sous `/cours`",
    expect=Expect(
        "/cours/static/css/style.css",
        lambda sheets: sheets == ["/cours/static/css/style.css"],
    ),
)
def sheet_moved(stage: Stage, program: Program):
    return shown(program, "/cours").sheets


EXERCISE.mistake(
    'Votre page n\'a pas de feuille de style : il lui faut un `<link rel="stylesheet" href=…>`.',
    on=style,
    gives=[],
)(variant(page, (f'<link rel="stylesheet" href="{SHEET}">', "")))

EXERCISE.mistake(
    "La feuille de style est introuvable : dans `static`, elle est rangée sous `css/style.css`.",
    on=style,
    seen=lambda failure: failure.value[0][0] == 404,
)(variant(page, ("css/style.css", "style.css")))

EXERCISE.mistake(
    "`url_for` prend le nom de la fonction, `'index'`, et pas le chemin.",
    raises=BuildError,
)(variant(page, ("url_for('index')", "url_for('/')")))

EXERCISE.mistake(
    "`{% … %}` donne un ordre à Jinja, `{{ … }}` écrit une valeur : c'est elle qu'il faut.",
    seen=lambda failure: type(failure.error) is TemplateSyntaxError,
)(variant(page, ("{{ url_for('index') }}", "{% url_for('index') %}")))

EXERCISE.mistake(
    "Votre lien est écrit en toutes lettres : il se casse le jour où le site déménage. "
    "`url_for('index')` suit.",
    on=links_moved,
)(variant(page, ("{{ url_for('index') }}", "/")))

EXERCISE.mistake(
    "L'adresse de la feuille de style est écrite en toutes lettres : `url_for('static', "
    "filename=…)` suit le site quand il déménage.",
    on=sheet_moved,
)(variant(page, (SHEET, "/static/css/style.css")))
