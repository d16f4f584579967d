"""Exercises of lesson 13: a typed route, parameters to check, a table, a site and its base."""

import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask, abort, render_template, render_template_string, request, url_for
from werkzeug.test import TestResponse

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage

# Solutions


def add_square(app: Flask) -> None:
    """Add to demo4 ``/carre/<number>``, negative numbers included, up to a million."""

    @app.route("/carre/<int(signed=True):number>")
    def square(number: int) -> str:
        if abs(number) > 1_000_000:
            abort(404)
        return f"Le carré de {number} est {number**2}."


def add_age(app: Flask) -> None:
    """Add to demo3 ``/age``, whose `age` is compulsory and whose `name` is not."""

    @app.route("/age")
    def age() -> str:
        name = request.args.get("name") or "Une personne"
        try:
            years = int(request.args["age"])
        except ValueError:
            abort(400, "L’âge (age) doit être un nombre entier.")
        if not 0 <= years <= 150:
            abort(400, "L’âge (age) doit être compris entre 0 et 150.")
        sentence = "{{ name }} a {{ years }} an{{ 's' if years > 1 }}."
        return render_template_string(sentence, name=name, years=years)


def lighthouse_table() -> str:
    """Return the template of a table of lighthouses."""
    return """
    {% if lighthouses %}
    <table>
      <tr><th>Rang</th><th>Nom</th><th>Hauteur</th></tr>
      {% for lighthouse in lighthouses %}
      <tr>
        <td>{{ loop.index }}</td>
        <td>{{ lighthouse.name }}</td>
        <td>{{ "inconnue" if lighthouse.height is none else lighthouse.height ~ " m" }}</td>
      </tr>
      {% endfor %}
    </table>
    {% else %}
    <p>Aucun phare.</p>
    {% endif %}
    """


BASE = """
<!doctype html>
<title>{% block title %}{% endblock %} – Archipel</title>
<nav>
  <a href="{{ url_for('index') }}">Accueil</a>
  <a href="{{ url_for('lighthouses') }}">Les phares</a>
</nav>
{% block content %}{% endblock %}
"""

HOME = """
{% extends "base.html" %}
{% block title %}Accueil{% endblock %}
{% block content %}<h1>Bienvenue</h1>{% endblock %}
"""

LIGHTHOUSES = """
{% extends "base.html" %}
{% block title %}Les phares{% endblock %}
{% block content %}
<ul>{% for name in names %}<li>{{ name }}</li>{% endfor %}</ul>
{% endblock %}
"""

LOST = """
{% extends "base.html" %}
{% block title %}Page introuvable{% endblock %}
{% block content %}<h1>Page introuvable</h1>{% endblock %}
"""


def create_app(folder: Path, names: list[str]) -> Flask:
    """Write a site of three pages in `folder`, an empty one, and return its application.

    Args:
        names: the lighthouses'.
    """
    templates = folder / "templates"
    templates.mkdir()
    pages = {"base": BASE, "index": HOME, "lighthouses": LIGHTHOUSES, "404": LOST}
    for name, text in pages.items():
        (templates / f"{name}.html").write_text(text.strip(), encoding="utf-8")
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


# What they are tried on

KEEPERS = [
    {"name": "Port-Clair", "height": 31},
    {"name": "La Vigie", "height": None},
    {"name": "Rase-Flots", "height": 0},
]
HEADER = ["Rang", "Nom", "Hauteur"]
NAMES = ["Port-Clair", "La Vigie"]
SIGN = "<p>Un panneau planté dans base.html</p>"


class Seen(HTMLParser):
    """What one sees of a page: its texts, those of the tags asked for, where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.texts: dict[str, list[str]] = {"title": [], "h1": [], "li": []}
        self._into: list[str] | None = None  # where the current tag's text goes
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attributes).get("href") or "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self._into = self.rows[-1]
            self._into.append("")
        if tag in self.texts:
            self._into = self.texts[tag]
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", *self.texts):
            self._into = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._into is not None:
            self._into[-1] = " ".join(f"{self._into[-1]}{data}".split())


def seen_of(response: TestResponse) -> tuple[int, str]:
    """Return a response's status and what one reads of its body."""
    text = Seen(response.text).text if response.mimetype == "text/html" else response.text
    return response.status_code, " ".join(text.split())


def asked(stage: Stage, demo: str, add: Callable, path: str) -> tuple[int, str]:
    """Ask a demo for a path, once the student has added to it."""
    app = stage.demo(demo).app
    add(app)
    return seen_of(app.test_client().get(path))


def square_of(stage: Stage, add: Callable, number: object) -> tuple[int, str]:
    return asked(stage, "demo4", add, f"/carre/{number}")


def status_of_square(stage: Stage, add: Callable, number: object) -> int:
    return square_of(stage, add, number)[0]


def link_to_square(stage: Stage, add: Callable) -> str:
    app = stage.demo("demo4").app
    add(app)
    with app.test_request_context():
        return url_for("square", number=-3)


def age_of(stage: Stage, add: Callable, **query: str) -> tuple[int, str]:
    app = stage.demo("demo3").app
    add(app)
    return seen_of(app.test_client().get("/age", query_string=query))


def status_of_age(stage: Stage, add: Callable, **query: str) -> int:
    return age_of(stage, add, **query)[0]


def says(sentence: str) -> Expect:
    """Expect a page, whatever its shape, that holds a sentence."""
    return Expect(f"200 et « {sentence} »", lambda got: got[0] == 200 and sentence in got[1])


def table_of(template: Callable[[], str], lighthouses: list[dict]) -> Seen:
    app = Flask("essai")
    with app.test_request_context():
        return Seen(render_template_string(template(), lighthouses=lighthouses))


def rows_of(template: Callable[[], str], lighthouses: list[dict]) -> list[list[str]]:
    return table_of(template, lighthouses).rows


def nothing_shown(template: Callable[[], str]) -> tuple[int, str]:
    """Return how many tables there are, and what one reads, of no lighthouse at all."""
    seen = table_of(template, [])
    return seen.tags.count("table"), " ".join(seen.text.split())


def visited(create: Callable, *paths: str, names: list[str] = NAMES, **options: str) -> list:
    """Return the responses of a student's site, which lives in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create(Path(folder), names)
        app.testing = True  # a view's exception comes out instead of a page
        client = app.test_client()
        return [client.get(path, **options) for path in paths]


def titles_of(create: Callable) -> list[str]:
    return [" ".join(Seen(each.text).texts["title"]) for each in visited(create, "/", "/phares")]


def items_of(create: Callable, names: list[str]) -> list[str]:
    [response] = visited(create, "/phares", names=names)
    return Seen(response.text).texts["li"]


def links_under_prefix(create: Callable) -> list[str]:
    """Return where the pages' links lead when the site is installed under a prefix."""
    base_url = "http://localhost/archipel/"
    pages = visited(create, "/", "/phares", base_url=base_url)
    return sorted({link.rstrip("/") for page in pages for link in Seen(page.text).links})


def signs(create: Callable) -> list[bool] | str:
    """Plant a sign in ``base.html``, and tell which pages show it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create(folder, NAMES)
        base = folder / "templates" / "base.html"
        if not base.exists():
            return "pas de templates/base.html"
        base.write_text(base.read_text(encoding="utf-8") + SIGN, encoding="utf-8")
        client = app.test_client()
        return [SIGN in client.get(path).text for path in ("/", "/phares", "/perdu")]


def lost(create: Callable) -> tuple[int, list[str]]:
    [response] = visited(create, "/perdu")
    return response.status_code, Seen(response.text).texts["h1"]


# Mistakes foreseen


def unsigned(app: Flask) -> None:
    @app.route("/carre/<int:number>")
    def square(number: int) -> str:
        if number > 1_000_000:
            abort(404)
        return f"Le carré de {number} est {number**2}."


def untyped(app: Flask) -> None:
    @app.route("/carre/<number>")
    def square(number: str) -> str:
        return f"Le carré de {number} est {number * number}."


def converted_by_hand(app: Flask) -> None:
    @app.route("/carre/<number>")
    def square(number: str) -> str:
        if abs(int(number)) > 1_000_000:
            abort(404)
        return f"Le carré de {number} est {int(number) ** 2}."


def boundless(app: Flask) -> None:
    @app.route("/carre/<int(signed=True):number>")
    def square(number: int) -> str:
        return f"Le carré de {number} est {number**2}."


def other_name(app: Flask) -> None:
    @app.route("/carre/<int(signed=True):number>")
    def carre(number: int) -> str:
        if abs(number) > 1_000_000:
            abort(404)
        return f"Le carré de {number} est {number**2}."


def swallowing(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        name = request.args.get("name") or "Une personne"
        years = request.args.get("age", 0, int)
        return render_template_string("{{ name }} a {{ years }} ans.", name=name, years=years)


def crashing(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        name = request.args.get("name") or "Une personne"
        years = int(request.args["age"])
        return render_template_string("{{ name }} a {{ years }} ans.", name=name, years=years)


def unescaped(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        years = request.args.get("age", -1, int)
        if not 0 <= years <= 150:
            abort(400)
        name = request.args.get("name") or "Une personne"
        return f"{name} a {years} an{'s' if years > 1 else ''}."


def always_plural(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        years = request.args.get("age", -1, int)
        if not 0 <= years <= 150:
            abort(400)
        name = request.args.get("name") or "Une personne"
        return render_template_string("{{ name }} a {{ years }} ans.", name=name, years=years)


def name_required(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        years = request.args.get("age", -1, int)
        if not 0 <= years <= 150:
            abort(400)
        sentence = "{{ request.args['name'] }} a {{ years }} an{{ 's' if years > 1 }}."
        request.args["name"]
        return render_template_string(sentence, years=years)


def no_bounds(app: Flask) -> None:
    @app.route("/age")
    def age() -> str:
        years = request.args.get("age", None, int)
        if years is None:
            abort(400)
        name = request.args.get("name") or "Une personne"
        sentence = "{{ name }} a {{ years }} an{{ 's' if years > 1 }}."
        return render_template_string(sentence, name=name, years=years)


def from_zero() -> str:
    return lighthouse_table().replace("loop.index ", "loop.index0 ")


def zero_unknown() -> str:
    return lighthouse_table().replace("lighthouse.height is none", "not lighthouse.height")


def says_none() -> str:
    cell = '"inconnue" if lighthouse.height is none else lighthouse.height'
    return lighthouse_table().replace(cell, "lighthouse.height|default('inconnue')")


def trusting() -> str:
    return lighthouse_table().replace("lighthouse.name", "lighthouse.name|safe")


def empty_table() -> str:
    return """
    <table>
      <tr><th>Rang</th><th>Nom</th><th>Hauteur</th></tr>
      {% for lighthouse in lighthouses %}
      <tr>
        <td>{{ loop.index }}</td>
        <td>{{ lighthouse.name }}</td>
        <td>{{ lighthouse.height ~ " m" if lighthouse.height is not none else "inconnue" }}</td>
      </tr>
      {% else %}
      <tr><td>Aucun phare.</td></tr>
      {% endfor %}
    </table>
    """


def rewritten(mistake: str, template: str, old: str, new: str) -> Callable:
    """Return `create_app`, named after a mistake, with something else in a template."""

    def create(folder: Path, names: list[str]) -> Flask:
        app = create_app(folder, names)
        path = folder / "templates" / template
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return app

    create.__name__ = mistake
    return create


COPY = """
<!doctype html>
<title>Les phares – Archipel</title>
<a href="{{ url_for('index') }}">Accueil</a> <a href="{{ url_for('lighthouses') }}">Les phares</a>
<ul>{% for name in names %}<li>{{ name }}</li>{% endfor %}</ul>
"""

PHARES = "{{ url_for('lighthouses') }}"
hard_coded = rewritten("hard_coded", "base.html", PHARES, "/phares")
misnamed = rewritten("misnamed", "lighthouses.html", "block content", "block contents")
copied = rewritten("copied", "lighthouses.html", LIGHTHOUSES.strip(), COPY)
trusted = rewritten("trusted", "lighthouses.html", "{{ name }}", "{{ name|safe }}")
own_title = rewritten("own_title", "base.html", " – Archipel", "")


def no_return(folder: Path, names: list[str]) -> None:
    create_app(folder, names)


def all_is_well(folder: Path, names: list[str]) -> Flask:
    app = create_app(folder, names)
    app.register_error_handler(404, lambda error: render_template("404.html"))
    return app


# Exercises

ABC = "`/carre/abc` : son code"
NEGATIVE = "`/carre/-3`"
BIG = "`/carre/1000001` et `/carre/-1000001` : leurs codes"
LINK = "`url_for('square', number=-3)`"

SQUARE = Exercise(
    add_square,
    label="ex-flask-templates-add-square",
    hints=(
        "Une route est une fonction décorée par `@app.route(…)` ; `app` est ici le paramètre de "
        "votre fonction, et la vue s'écrit dedans.",
        "`/carre/<int:number>` donne un entier à la vue. Pour les nombres négatifs, le "
        "convertisseur a un réglage : `int(signed=True)`.",
        "`@app.route('/carre/<int(signed=True):number>')`, puis `def square(number):`, qui appelle "
        "`abort(404)` si `abs(number) > 1_000_000` et rend sinon la phrase.",
    ),
    cases=[
        Case(
            "`/carre/7`", lambda stage, add: square_of(stage, add, 7), says("Le carré de 7 est 49.")
        ),
        Case(NEGATIVE, lambda stage, add: square_of(stage, add, -3), says("Le carré de -3 est 9.")),
        Case(ABC, lambda stage, add: status_of_square(stage, add, "abc"), 404),
        Case("`/carre/` : son code", lambda stage, add: status_of_square(stage, add, ""), 404),
        Case(
            BIG,
            lambda stage, add: [
                status_of_square(stage, add, number) for number in (1_000_001, -1_000_001)
            ],
            [404, 404],
        ),
        Case(LINK, link_to_square, "/carre/-3"),
        Case(
            "`/forloop/2`, qui était là avant vous : son code",
            lambda stage, add: asked(stage, "demo4", add, "/forloop/2")[0],
            200,
        ),
    ],
    mistakes=[
        Mistake(
            "Le convertisseur `int` ne reconnaît pas les nombres négatifs, sauf si on l'en prie : "
            "`int(signed=True)`.",
            unsigned,
            lambda failure: failure.case == NEGATIVE and failure.value[0] == 404,
        ),
        Mistake(
            "Sans convertisseur, la vue reçoit du texte : écrivez `<int(signed=True):number>` dans "
            "la route.",
            untyped,
            lambda failure: isinstance(failure.error, TypeError) and "'str'" in str(failure.error),
        ),
        Mistake(
            "Vous convertissez à la main, et « abc » fait tomber la vue : laissez faire le "
            "convertisseur de la route, qui répond 404.",
            converted_by_hand,
            lambda failure: failure.case == ABC and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Il manque la borne : au-delà d'un million, en valeur absolue, `abort(404)`.",
            boundless,
            lambda failure: failure.case == BIG and 200 in failure.value,
        ),
        Mistake(
            "`url_for` cherche la vue par son nom, celui de la fonction : appelez-la `square`, et "
            "son paramètre `number`.",
            other_name,
            lambda failure: failure.case == LINK and failure.verdict == "exception",
        ),
    ],
)

ADA = "`?name=Ada&age=36`"
NO_NAME = "`?age=36`, sans nom"
ONE = "`?name=Lou&age=1`"
NOT_A_NUMBER = "`?name=Ada&age=abc` : son code"
OUT = "`age=-5`, puis `age=151` : leurs codes"
MARKUP = "un nom qui contient du HTML, `<b>Ada</b>`"

AGE = Exercise(
    add_age,
    label="ex-flask-templates-add-age",
    hints=(
        "Lisez d'abord `forloop`, dans `app.py` de demo3 : elle fait presque la même chose.",
        "`name` a une valeur par défaut ; `age` n'en a pas. Convertissez-le par `int(…)` dans un "
        "`try`, et `abort(400, …)` s'il n'est pas un nombre, ou pas entre 0 et 150.",
        "Pour finir, `render_template_string(\"{{ name }} a {{ age }} an{{ 's' if age > 1 }}.\", "
        "name=name, age=age)` écrit la phrase, et l'échappe.",
    ),
    cases=[
        Case(
            ADA, lambda stage, add: age_of(stage, add, name="Ada", age="36"), says("Ada a 36 ans.")
        ),
        Case(
            NO_NAME, lambda stage, add: age_of(stage, add, age="36"), says("Une personne a 36 ans.")
        ),
        Case(ONE, lambda stage, add: age_of(stage, add, name="Lou", age="1"), says("Lou a 1 an.")),
        Case(
            "`?name=Ada`, sans âge : son code",
            lambda stage, add: status_of_age(stage, add, name="Ada"),
            400,
        ),
        Case(
            NOT_A_NUMBER, lambda stage, add: status_of_age(stage, add, name="Ada", age="abc"), 400
        ),
        Case(
            OUT,
            lambda stage, add: [status_of_age(stage, add, age=age) for age in ("-5", "151")],
            [400, 400],
        ),
        Case(
            MARKUP,
            lambda stage, add: age_of(stage, add, name="<b>Ada</b>", age="36"),
            says("<b>Ada</b> a 36 ans."),
        ),
    ],
    mistakes=[
        Mistake(
            "« abc » devient sans un mot votre valeur par défaut : `get(…, type=int)` avale "
            "l'erreur. Il faut la voir pour la refuser.",
            swallowing,
            lambda failure: failure.case == NOT_A_NUMBER and failure.value == 200,
        ),
        Mistake(
            '`int("abc")` lève `ValueError`, et le visiteur reçoit une erreur 500 : c\'est sa '
            "demande qui est fautive, `abort(400, …)`.",
            crashing,
            lambda failure: isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Un visiteur vient d'écrire du HTML dans votre page : passez son nom à un gabarit, qui "
            "l'échappe, plutôt que de le coller dans une chaîne.",
            unescaped,
            lambda failure: failure.case == MARKUP and "<b>" not in failure.value[1],
        ),
        Mistake(
            "Un an, deux ans : sans s au singulier.",
            always_plural,
            lambda failure: failure.case == ONE and "1 ans" in failure.value[1],
        ),
        Mistake(
            'Le nom peut manquer : `request.args.get("name")` rend alors `None`, tandis que '
            '`request.args["name"]` refuse la demande.',
            name_required,
            lambda failure: failure.case == NO_NAME and failure.value[0] == 400,
        ),
        Mistake(
            "Moins cinq ans ? Vérifiez aussi les bornes, 0 et 150.",
            no_bounds,
            lambda failure: failure.case == OUT and 200 in failure.value,
        ),
    ],
)

THREE = "trois phares, dont un de hauteur `None` et un de hauteur 0"
NONE_AT_ALL = "aucun phare : nombre de tableaux, et ce qu'on lit"
MARKED = "un phare nommé `<i>La Vigie</i>`"

TABLE = Exercise(
    lighthouse_table,
    label="ex-flask-templates-lighthouse-table",
    hints=(
        "Une ligne de titres, puis une boucle `{% for lighthouse in lighthouses %}` qui écrit un "
        "`<tr>` par phare.",
        "`loop.index` compte à partir de 1. Pour la hauteur, `{% if lighthouse.height is none %}`, "
        "car zéro est une hauteur, et `None` n'en est pas une.",
        "Entourez le tout de `{% if lighthouses %}` … `{% else %}<p>Aucun phare.</p>{% endif %}` : "
        "une liste vide est fausse.",
    ),
    cases=[
        Case(
            "un phare de 31 m",
            lambda stage, template: rows_of(template, KEEPERS[:1]),
            [HEADER, ["1", "Port-Clair", "31 m"]],
        ),
        Case(
            THREE,
            lambda stage, template: rows_of(template, KEEPERS),
            [
                HEADER,
                ["1", "Port-Clair", "31 m"],
                ["2", "La Vigie", "inconnue"],
                ["3", "Rase-Flots", "0 m"],
            ],
        ),
        Case(
            "les mêmes, dans l'autre sens",
            lambda stage, template: rows_of(template, KEEPERS[::-1])[1:],
            [
                ["1", "Rase-Flots", "0 m"],
                ["2", "La Vigie", "inconnue"],
                ["3", "Port-Clair", "31 m"],
            ],
        ),
        Case(
            MARKED,
            lambda stage, template: rows_of(template, [{"name": "<i>La Vigie</i>", "height": 12}])[
                1
            ],
            ["1", "<i>La Vigie</i>", "12 m"],
        ),
        Case(NONE_AT_ALL, lambda stage, template: nothing_shown(template), (0, "Aucun phare.")),
    ],
    mistakes=[
        Mistake(
            "Le premier rang est 1 : c'est `loop.index` ; `loop.index0` part de 0.",
            from_zero,
            lambda failure: failure.value[1][0] == "0",
        ),
        Mistake(
            "Zéro est une hauteur. En Jinja comme en Python, 0 est faux : demandez `is none`.",
            zero_unknown,
            lambda failure: failure.case == THREE and "inconnue" in failure.value[3][2],
        ),
        Mistake(
            "Une hauteur `None` existe bel et bien, et vaut rien : sans second argument vrai, "
            "`default` ne remplace que ce qui n'existe pas. Demandez `is none`.",
            says_none,
            lambda failure: failure.case == THREE and "None" in failure.value[2][2],
        ),
        Mistake(
            "Le nom du phare est devenu du HTML : ôtez `|safe`, ce nom ne vient pas de vous.",
            trusting,
            lambda failure: failure.case == MARKED and failure.value[1] == "La Vigie",
        ),
        Mistake(
            "Sans phare, il ne faut pas de tableau du tout : `{% if lighthouses %}` autour de lui.",
            empty_table,
            lambda failure: failure.case == NONE_AT_ALL and failure.value[0] == 1,
        ),
    ],
)

TITLES = "les titres (`<title>`) de `/` et de `/phares`"
ITEMS = "les noms, dans des `<li>` : `Port-Clair`, `La Vigie`"
MARKED_NAME = "un phare nommé `<i>La Vigie</i>`, dans la liste"
PREFIX = "les liens, quand le site est installé sous `/archipel`"
SIGNED = "un panneau planté dans `base.html` : se voit-il sur les trois pages ?"
LOST_PAGE = "`/perdu` : son code et son `<h1>`"

SITE = Exercise(
    create_app,
    label="ex-flask-templates-create-app",
    hints=(
        'Quatre fichiers dans `folder / "templates"`, que vous créez d\'abord par `.mkdir()` : le '
        'squelette et trois gabarits, qui commencent par `{% extends "base.html" %}`.',
        "Dans `base.html`, `<title>{% block title %}{% endblock %} – Archipel</title>`, deux liens "
        "par `url_for` et `{% block content %}{% endblock %}`. Un enfant n'écrit que des blocs.",
        '`app = Flask("archipel", root_path=folder)`, trois fonctions qui rendent '
        "`render_template(…)`, dont `@app.errorhandler(404)`, qui rend aussi `, 404` ; enfin "
        "`return app`.",
    ),
    cases=[
        Case(
            TITLES,
            lambda stage, create: titles_of(create),
            ["Accueil – Archipel", "Les phares – Archipel"],
        ),
        Case(ITEMS, lambda stage, create: items_of(create, NAMES), NAMES),
        Case(
            MARKED_NAME,
            lambda stage, create: items_of(create, ["<i>La Vigie</i>"]),
            ["<i>La Vigie</i>"],
        ),
        Case(
            PREFIX,
            lambda stage, create: links_under_prefix(create),
            Expect(
                "`/archipel/` et `/archipel/phares`",
                lambda links: {"/archipel", "/archipel/phares"} == set(links),
            ),
        ),
        Case(LOST_PAGE, lambda stage, create: lost(create), (404, ["Page introuvable"])),
        Case(SIGNED, lambda stage, create: signs(create), [True, True, True]),
    ],
    mistakes=[
        Mistake(
            "Votre fonction ne rend rien : il manque `return app`.",
            no_return,
            lambda failure: "NoneType" in str(failure.error),
        ),
        Mistake(
            "Rien de la page des phares ne paraît : ce qu'un enfant écrit dans un bloc que la base "
            "n'a pas est perdu. Le bloc s'appelle-t-il pareil des deux côtés ?",
            misnamed,
            lambda failure: failure.case == ITEMS and failure.value == [],
        ),
        Mistake(
            "« – Archipel » est le même partout : écrivez-le une fois, dans `base.html`, après le "
            "bloc `title`.",
            own_title,
            lambda failure: failure.case == TITLES and "Archipel" not in failure.value[0],
        ),
        Mistake(
            "Le nom du phare est devenu du HTML : ôtez `|safe`, ce nom ne vient pas de vous.",
            trusted,
            lambda failure: failure.case == MARKED_NAME and failure.value == ["La Vigie"],
        ),
        Mistake(
            "Un lien est écrit à la main, et se perd quand le site déménage : "
            "`href=\"{{ url_for('lighthouses') }}\"`.",
            hard_coded,
            lambda failure: failure.case == PREFIX and "/phares" in failure.value,
        ),
        Mistake(
            "La page dit « introuvable », et sa réponse 200, « tout va bien » : ajoutez `, 404`.",
            all_is_well,
            lambda failure: failure.case == LOST_PAGE and failure.value[0] == 200,
        ),
        Mistake(
            "Une page au moins ne vient pas de `base.html` : commencez son gabarit par "
            '`{% extends "base.html" %}`, sans y recopier la base.',
            copied,
            lambda failure: failure.case == SIGNED and False in failure.value,
        ),
    ],
)
