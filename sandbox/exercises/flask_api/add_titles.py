"""A list that the page's script fills, in a browser."""

# Solution
from flask import Flask

TITLES_PAGE = """
<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <title>Titres</title>
    <script src="/titres.js" defer></script>
  </head>
  <body>
    <ul id="titles"></ul>
  </body>
</html>
"""

TITLES_SCRIPT = """
async function show() {
  const response = await fetch("/api/books");
  const answer = await response.json();
  for (const book of answer.items) {
    const item = document.createElement("li");
    item.textContent = book.title; // du texte, quoi qu'il contienne
    document.getElementById("titles").append(item);
  }
}

show();
"""


def add_titles(app: Flask) -> None:
    """Add to the demo ``api`` a page, ``/titres``, that its script fills with books' titles."""

    @app.get("/titres")
    def titles_page():
        return TITLES_PAGE

    @app.get("/titres.js")
    def titles_script():
        return TITLES_SCRIPT, {"Content-Type": "text/javascript"}


# Exercise
import html
import re

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.browser import SHOWN, books, scripts_of, titles_shown
from sandbox.checking.plays.flask import client_of_demo

EXERCISE = Exercise(
    add_titles,
    hints=(
        "Deux vues : l'une rend la page (un texte HTML, avec la liste vide), l'autre le script (un "
        "texte aussi, mais pas de ce type-là). Écrivez-les dans deux chaînes entre triples "
        "guillemets.",
        'La page contient `<ul id="titles"></ul>` et charge `<script src="/titres.js" '
        "defer></script>`. La vue de `/titres.js` rend `script, {'Content-Type': "
        "'text/javascript'}`.",
        "Le script : `fetch('/api/books')`, puis `await response.json()` ; pour chaque livre de "
        "`answer.items`, `document.createElement('li')`, `item.textContent = book.title`, et "
        "`append` sur la liste.",
    ),
)
JAVASCRIPT = {(200, "text/javascript"), (200, "application/javascript")}
INLINE = f'<ul id="titles"></ul><script>{TITLES_SCRIPT}</script>'
EARLY_PAGE = TITLES_PAGE.replace(" defer", "")
EARLY_SCRIPT = "document.getElementById('titles').id;" + TITLES_SCRIPT
BROWSER_SECONDS = 15.0  # a browser that starts on a busy machine
IN_BROWSER = Expect("les dix derniers titres, chacun dans un li", lambda got: got in SHOWN)
ALL_TYPED = Expect(
    "au moins un, et tous (200, 'text/javascript')", lambda got: got and set(got) <= JAVASCRIPT
)
MARKUP = '<b>Nadja</b> <img src="x" alt="">'
ADDED = f"dans un navigateur, après l'ajout du livre `{MARKUP}`"


@EXERCISE.case("`/titres`", expect="200 text/html, avec la liste")
def page(stage: Stage, program: Program):
    answer = client_of_demo(stage, "api", program).get("/titres")
    with_list = re.search(r"<ul\b[^>]*\bid=[\"']?titles\b", answer.text)
    return f"{answer.status_code} {answer.mimetype}, {'avec' if with_list else 'sans'} la liste"


@EXERCISE.case("la source de la page : les titres qui y sont écrits", expect=[])
def source(stage: Stage, program: Program):
    client = client_of_demo(stage, "api", program)
    text = html.unescape(client.get("/titres").text)
    return [title for title in books(client, "?per_page=100") if title in text]


@EXERCISE.case("les scripts que la page fait charger : code et type de chacun", expect=ALL_TYPED)
def scripts(stage: Stage, program: Program):
    return scripts_of(client_of_demo(stage, "api", program), "/titres")


@EXERCISE.case("dans un navigateur : les titres affichés", expect=IN_BROWSER, limit=BROWSER_SECONDS)
def in_browser(stage: Stage, program: Program):
    return titles_shown(stage, program)


@EXERCISE.case(ADDED, expect=IN_BROWSER, limit=BROWSER_SECONDS)
def marked(stage: Stage, program: Program):
    return titles_shown(stage, program, MARKUP)


@EXERCISE.mistake(
    "Les titres sont déjà dans la source : c'est le serveur qui les a écrits. Laissez la "
    "liste vide, le script la remplira.",
    on=source,
    seen=lambda failure: failure.value,
)
def written_by_the_server(app: Flask) -> None:
    @app.get("/titres")
    def titles_page():
        items = "".join(f"<li>{html.escape(title)}</li>" for title in books(app.test_client()))
        return f'<ul id="titles">{items}</ul>'


EXERCISE.mistake(
    "La page ne nomme aucun script par `src`. Écrit dans la page même, le navigateur le "
    "refuserait : la politique de sécurité de la démonstration (CSP) l'interdit.",
    on=scripts,
    gives=[],
)(variant(add_titles, ("TITLES_PAGE", "INLINE")))

EXERCISE.mistake(
    "Votre script arrive sous le nom de `text/html`, et le navigateur refuse de "
    "l'exécuter : donnez son type, `{'Content-Type': 'text/javascript'}`.",
    on=scripts,
    seen=lambda failure: (200, "text/html") in failure.value,
)(variant(add_titles, ("text/javascript", "text/html")))

EXERCISE.mistake(
    "Un titre qui contient du HTML est devenu du HTML dans votre page. Mettez-y du texte : "
    "`textContent`, jamais `innerHTML`.",
    on=marked,
    seen=lambda failure: failure.value[:1] == ["Nadja"],
)(variant(add_titles, ("TITLES_SCRIPT", 'TITLES_SCRIPT.replace("textContent", "innerHTML")')))

EXERCISE.mistake(
    "La liste reste vide dans le navigateur. Le script cherche-t-il la liste avant qu'elle "
    "existe (`defer`) ? La console du navigateur vous dira le reste.",
    on=in_browser,
    gives=[],
)(variant(add_titles, ("TITLES_PAGE", "EARLY_PAGE"), ("TITLES_SCRIPT", "EARLY_SCRIPT")))
