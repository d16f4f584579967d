"""A site of three pages, whose templates extend a common base."""

# Solution
from pathlib import Path

from flask import Flask, render_template

TEMPLATES = {
    "base": """<!doctype html>
<title>{% block title %}{% endblock %} – Archipel</title>
<a href="{{ url_for('index') }}">Accueil</a> <a href="{{ url_for('lighthouses') }}">Les phares</a>
{% block content %}{% endblock %}""",
    "index": """{% extends "base.html" %}{% block title %}Accueil{% endblock %}
{% block content %}<h1>Bienvenue</h1>{% endblock %}""",
    "lighthouses": """{% extends "base.html" %}{% block title %}Les phares{% endblock %}
{% block content %}<ul>{% for name in names %}<li>{{ name }}</li>{% endfor %}</ul>{% endblock %}""",
    "404": """{% extends "base.html" %}{% block title %}Page introuvable{% endblock %}
{% block content %}<h1>Page introuvable</h1>{% endblock %}""",
}


def create_app(folder: Path, names: list[str]) -> Flask:
    """Write a site of three pages in `folder`; return its application."""
    (folder / "templates").mkdir()
    for name, text in TEMPLATES.items():
        (folder / "templates" / f"{name}.html").write_text(text, encoding="utf-8")
    app = Flask("archipel", root_path=folder)

    @app.route("/")
    def index() -> str:
        return render_template("index.html")

    @app.route("/phares")
    def lighthouses() -> str:
        return render_template("lighthouses.html", names=names)

    @app.errorhandler(404)
    def not_found(error: Exception) -> tuple[str, int]:
        return render_template("404.html"), 404

    return app


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.flask import pages_of, pages_that_show_a_sign

EXERCISE = Exercise(
    create_app,
    hints=(
        'Quatre fichiers dans `folder / "templates"`, que vous créez d\'abord par `.mkdir()` : le '
        'squelette et trois gabarits, qui commencent par `{% extends "base.html" %}`.',
        "Dans `base.html`, `<title>{% block title %}{% endblock %} – Archipel</title>`, deux liens "
        "par `url_for` et `{% block content %}{% endblock %}`. Un enfant n'écrit que des blocs.",
        '`app = Flask("archipel", root_path=folder)`, trois fonctions qui rendent '
        "`render_template(…)`, dont `@app.errorhandler(404)`, qui rend aussi `, 404` ; enfin "
        "`return app`.",
    ),
)
NAMES = ["Port-Clair", "La Vigie"]
MOVED = ["/archipel", "/archipel/phares"]


@EXERCISE.case(
    "les titres (`<title>`) de `/` et de `/phares`",
    expect=["Accueil – Archipel", "Les phares – Archipel"],
)
def titles(stage: Stage, program: Program):
    return [page.title for page in pages_of(program.client(stage.folder(), NAMES), "/", "/phares")]


@EXERCISE.case("les noms, dans des `<li>` : `Port-Clair`, `La Vigie`", expect=NAMES)
def items(stage: Stage, program: Program):
    return pages_of(program.client(stage.folder(), NAMES), "/phares")[0].texts["li"]


@EXERCISE.case("un phare nommé `<i>La Vigie</i>`, dans la liste", expect=["<i>La Vigie</i>"])
def marked_name(stage: Stage, program: Program):
    return pages_of(program.client(stage.folder(), ["<i>La Vigie</i>"]), "/phares")[0].texts["li"]


@EXERCISE.case(
    "les liens, quand le site est installé sous `/archipel`",
    expect=Expect("`/archipel/` et `/archipel/phares`", lambda links: links == MOVED),
)
def links_moved(stage: Stage, program: Program):
    client = program.client(stage.folder(), NAMES)
    pages = pages_of(client, "/", "/phares", base_url="http://localhost/archipel/")
    return sorted({link.rstrip("/") for page in pages for link in page.links})


@EXERCISE.case("`/perdu` : son code et son `<h1>`", expect=(404, ["Page introuvable"]))
def lost_page(stage: Stage, program: Program):
    [page] = pages_of(program.client(stage.folder(), NAMES), "/perdu")
    return page.status, page.texts["h1"]


@EXERCISE.case(
    "un panneau planté dans `base.html` : se voit-il sur les trois pages ?", expect=[True] * 3
)
def sign_in_base(stage: Stage, program: Program):
    folder = stage.folder()
    client = program.client(folder, NAMES)
    return pages_that_show_a_sign(client, folder, "base.html", "/", "/phares", "/perdu")


EXERCISE.mistake(
    "Votre fonction ne rend rien : il manque `return app`.",
    seen=lambda failure: str(failure.error).endswith(" None"),
)(variant(create_app, ("    return app\n", "")))

EXERCISE.mistake(
    "Rien de la page des phares ne paraît : ce qu'un enfant écrit dans un bloc que la base "
    "n'a pas est perdu. Le bloc s'appelle-t-il pareil des deux côtés ?",
    on=items,
    gives=[],
)(variant(create_app, ("text,", "text.replace('content %}<ul', 'contents %}<ul'),")))

EXERCISE.mistake(
    "« – Archipel » est le même partout : écrivez-le une fois, dans `base.html`, après le "
    "bloc `title`.",
    on=titles,
    seen=lambda failure: "Archipel" not in failure.value[0],
)(variant(create_app, ("text,", "text.replace(' – Archipel', ''),")))

EXERCISE.mistake(
    "Le nom du phare est devenu du HTML : ôtez `|safe`, ce nom ne vient pas de vous.",
    on=marked_name,
    gives=["La Vigie"],
)(variant(create_app, ("text,", "text.replace('{{ name }}', '{{ name|safe }}'),")))

EXERCISE.mistake(
    "Un lien est écrit à la main, et se perd quand le site déménage : "
    "`href=\"{{ url_for('lighthouses') }}\"`.",
    on=links_moved,
    seen=lambda failure: "/phares" in failure.value,
)(variant(create_app, ("text,", "text.replace('{{ url_for(\\'lighthouses\\') }}', '/phares'),")))

EXERCISE.mistake(
    "La page dit « introuvable », et sa réponse 200, « tout va bien » : ajoutez `, 404`.",
    on=lost_page,
    seen=lambda failure: failure.value[0] == 200,
)(variant(create_app, (", 404\n", "\n")))

EXERCISE.mistake(
    "Une page au moins ne vient pas de `base.html` : commencez son gabarit par "
    '`{% extends "base.html" %}`, sans y recopier la base.',
    on=sign_in_base,
    seen=lambda failure: False in failure.value,
)(variant(create_app, ('render_template("index.html")', "'<title>Accueil – Archipel</title>'")))
