"""Exercises of lesson 12: routes, a page with its style and a link, a traceback read."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

from flask import Flask, request
from jinja2 import DictLoader
from werkzeug.test import Client

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage

# Solutions


def add_routes(app: Flask) -> None:
    """Add ``GET /bonsoir``, which greets, and ``POST /echo``, which gives the body back."""

    @app.route("/bonsoir")
    def bonsoir():
        return "Bonsoir !"

    @app.route("/echo", methods=["POST"])
    def echo():
        return request.get_data(as_text=True)


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


def read_traceback(log: str, path: str) -> tuple[int, str]:
    """Return the line of the file at `path` where the last traceback leads, and the error's name.

    Raises:
        ValueError: there is no traceback in `log`, or the last one does not go through that file.
    """
    _, found, last = log.rpartition("Traceback (most recent call last):")
    lines = re.findall(rf'File "{re.escape(path)}", line (\d+)', last)
    errors = re.findall(r"^([\w.]+)(?::|$)", last, re.MULTILINE)
    if not (found and lines and errors):
        raise ValueError(f"aucune trace d'erreur qui passe par {path}")
    return int(lines[-1]), errors[0]


# What they are tried on


def answer(
    stage: Stage, function: Callable[[Flask], None], method: str, path: str, data: str = ""
) -> tuple[int, str]:
    """Return the status and the text that demo1 answers once the routes are added."""
    app = stage.demo("demo1").app
    function(app)
    response = app.test_client().open(path, method=method, data=data)
    return response.status_code, response.text if response.status_code == 200 else ""


class Page(HTMLParser):
    """What a page holds: its headings, its links, its style sheets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings = 0
        self.links: list[str] = []
        self.sheets: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.headings += tag == "h1"
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag == "link" and "stylesheet" in (values.get("rel") or ""):
            self.sheets.append(values.get("href") or "")


def rendered(stage: Stage, function: Callable[[], str], prefix: str = "") -> tuple[Page, Client]:
    """Serve the template at ``/page`` of demo2, itself installed under `prefix`."""
    app = stage.demo("demo2").app
    app.jinja_env.loader = DictLoader({"page.html": function(), "index.html": "", "wheel.html": ""})
    app.add_url_rule("/page", "page", lambda: app.jinja_env.get_template("page.html").render())
    client = app.test_client()
    response = client.get("/page", base_url=f"http://localhost{prefix}")
    return Page(response.text), client


def style_of(stage: Stage, function: Callable[[], str]) -> list[tuple[int, str]]:
    """Return, for each style sheet of the page, its status and type when it is asked for."""
    found, client = rendered(stage, function)
    answers = [client.get(sheet) for sheet in found.sheets]
    return [(each.status_code, each.mimetype) for each in answers]


def read(function: Callable[[str, str], tuple[int, str]], log: str) -> object:
    """Return what is read in a log, the exception's name when it is ValueError."""
    try:
        return function(log, MINE)
    except ValueError:
        return "ValueError"


MINE = "/home/ada/site/app.py"
HERE = '  File "/home/ada/site/app.py", line {line}, in {view}\n    …\n'
FLASK = '  File "/home/ada/.venv/lib/flask/app.py", line 1511, in wsgi_app\n    …\n'
JINJA = '  File "/home/ada/site/templates/index.html", line 3, in top-level template code\n'
START = "Traceback (most recent call last):\n"
REQUEST = '127.0.0.1 - - [20/Mar/2026 08:30:00] "GET / HTTP/1.1" 500 -\n'


# Mistakes foreseen


def forgets_to_return(app: Flask) -> None:
    @app.route("/bonsoir")
    def bonsoir():
        print("Bonsoir !")

    @app.route("/echo", methods=["POST"])
    def echo():
        return request.get_data(as_text=True)


def no_slash(app: Flask) -> None:
    @app.route("bonsoir")
    def bonsoir():
        return "Bonsoir !"


def same_name(app: Flask) -> None:
    @app.route("/bonsoir")
    def index():
        return "Bonsoir !"


def get_as_well(app: Flask) -> None:
    @app.route("/bonsoir")
    def bonsoir():
        return "Bonsoir !"

    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return request.get_data(as_text=True)


def no_method(app: Flask) -> None:
    @app.route("/bonsoir")
    def bonsoir():
        return "Bonsoir !"

    @app.route("/echo")
    def echo():
        return request.get_data(as_text=True)


def repr_of_bytes(app: Flask) -> None:
    @app.route("/bonsoir")
    def bonsoir():
        return "Bonsoir !"

    @app.route("/echo", methods=["POST"])
    def echo():
        return str(request.data)


def by_hand() -> str:
    return page().replace("{{ url_for('index') }}", "/")


def sheet_by_hand() -> str:
    return page().replace(
        "{{ url_for('static', filename='css/style.css') }}", "/static/css/style.css"
    )


def by_the_path() -> str:
    return page().replace("url_for('index')", "url_for('/')")


def sheet_elsewhere() -> str:
    return page().replace("css/style.css", "style.css")


def no_style() -> str:
    return re.sub(r"<link .*>", "", page())


def statement_marks() -> str:
    return page().replace("{{ url_for('index') }}", "{% url_for('index') %}")


def first_of_all(log: str, path: str) -> tuple[int, str]:
    _, _, first = log.partition(START)
    return read_traceback(START + first.partition(START)[0], path)


def top_of_the_stack(log: str, path: str) -> tuple[int, str]:
    _, error = read_traceback(log, path)
    lines = re.findall(rf'File "{path}", line (\d+)', log.rpartition(START)[2])
    return int(lines[0]), error


def any_app(log: str, path: str) -> tuple[int, str]:
    return read_traceback(re.sub(r'File ".*/app\.py"', f'File "{path}"', log), path)


def with_its_message(log: str, path: str) -> tuple[int, str]:
    line, error = read_traceback(log, path)
    return line, re.findall(rf"^{re.escape(error)}.*$", log.rpartition(START)[2], re.MULTILINE)[0]


def line_as_text(log: str, path: str) -> tuple[str, str]:
    line, error = read_traceback(log, path)
    return str(line), error


def gives_none(log: str, path: str) -> tuple[int, str] | None:
    try:
        return read_traceback(log, path)
    except ValueError:
        return None


# Exercises

GREETS = "`GET /bonsoir`"
POST_GREETS = "`POST /bonsoir`"
ECHO = "`POST /echo`, le corps est « été, 10 € »"
GET_ECHO = "`GET /echo`"

ADD_ROUTES = Exercise(
    add_routes,
    label="ex-flask-first-add-routes",
    hints=(
        "Chaque route est une petite fonction précédée de `@app.route(…)`, à l'intérieur de "
        "`add_routes`. Ce qu'elle rend est la réponse.",
        "Sans rien dire, une route n'accepte que `GET` (et ce qui en dépend). L'autre méthode se "
        'demande : `@app.route("/echo", methods=["POST"])`.',
        "Le corps de la requête, en texte : `request.get_data(as_text=True)`. N'oubliez pas "
        "`from flask import request`.",
    ),
    cases=[
        Case(GREETS, lambda stage, f: answer(stage, f, "GET", "/bonsoir"), (200, "Bonsoir !")),
        Case(POST_GREETS, lambda stage, f: answer(stage, f, "POST", "/bonsoir"), (405, "")),
        Case(
            ECHO,
            lambda stage, f: answer(stage, f, "POST", "/echo", "été, 10 €"),
            (200, "été, 10 €"),
        ),
        Case(
            "`POST /echo`, un corps vide",
            lambda stage, f: answer(stage, f, "POST", "/echo"),
            (200, ""),
        ),
        Case(GET_ECHO, lambda stage, f: answer(stage, f, "GET", "/echo"), (405, "")),
        Case(
            "`GET /`, qui doit marcher encore",
            lambda stage, f: answer(stage, f, "GET", "/")[0],
            200,
        ),
    ],
    mistakes=[
        Mistake(
            "Votre fonction ne rend rien : `print` écrit dans le journal, seul `return` répond au "
            "navigateur.",
            forgets_to_return,
            lambda failure: "did not return a valid response" in str(failure.error),
        ),
        Mistake(
            "Le chemin d'une route commence par `/`.",
            no_slash,
            lambda failure: "must start with a slash" in str(failure.error),
        ),
        Mistake(
            "demo1 a déjà une fonction de ce nom, et le nom d'une fonction est celui de sa route "
            "(son endpoint) : choisissez-en un autre.",
            same_name,
            lambda failure: "overwriting an existing endpoint" in str(failure.error),
        ),
        Mistake(
            "`/echo` n'accepte pas `POST` : sans `methods`, une route n'accepte que `GET`.",
            no_method,
            lambda failure: failure.case == ECHO and failure.value[0] == 405,
        ),
        Mistake(
            "`/echo` accepte aussi `GET`, que l'énoncé n'a pas demandé : ne laissez que `POST` "
            "dans `methods`.",
            get_as_well,
            lambda failure: failure.case == GET_ECHO and failure.value[0] == 200,
        ),
        Mistake(
            "Vous renvoyez l'écriture Python des octets, `b'…'` : demandez du texte, par "
            "`get_data(as_text=True)`.",
            repr_of_bytes,
            lambda failure: failure.case == ECHO and failure.value[1].startswith("b'"),
        ),
    ],
)

STYLE = "sa feuille de style, demandée au serveur"
BACK = "ses liens"
MOVED = "ses liens, le site étant installé sous `/cours`"
SHEET_MOVED = "sa feuille de style, le site étant installé sous `/cours`"

PAGE = Exercise(
    page,
    label="ex-flask-first-page",
    hints=(
        "Partez de `index.html` de demo2, que voici plus haut, et ôtez ce qui est en trop.",
        "Dans un gabarit, `{{ … }}` écrit la valeur d'une expression. `url_for` prend le nom de "
        "la fonction, pas le chemin.",
        "`{{ url_for('static', filename='css/style.css') }}` pour la feuille de style, "
        "`{{ url_for('index') }}` pour le lien.",
    ),
    cases=[
        Case("ses titres `<h1>`", lambda stage, f: rendered(stage, f)[0].headings, 1),
        Case(STYLE, style_of, [(200, "text/css")]),
        Case(
            BACK,
            lambda stage, f: rendered(stage, f)[0].links,
            Expect("un lien vers /", lambda links: "/" in links),
        ),
        Case(
            MOVED,
            lambda stage, f: rendered(stage, f, "/cours")[0].links,
            Expect("un lien vers /cours/", lambda links: "/cours/" in links),
        ),
        Case(
            SHEET_MOVED,
            lambda stage, f: rendered(stage, f, "/cours")[0].sheets,
            Expect(
                "/cours/static/css/style.css",
                lambda sheets: sheets == ["/cours/static/css/style.css"],
            ),
        ),
    ],
    mistakes=[
        Mistake(
            'Votre page n\'a pas de feuille de style : il lui faut un `<link rel="stylesheet" '
            "href=…>`.",
            no_style,
            lambda failure: failure.case == STYLE and failure.value == [],
        ),
        Mistake(
            "La feuille de style est introuvable : dans `static`, elle est rangée sous "
            "`css/style.css`.",
            sheet_elsewhere,
            lambda failure: failure.case == STYLE and failure.value[0][0] == 404,
        ),
        Mistake(
            "`url_for` prend le nom de la fonction, `'index'`, et pas le chemin.",
            by_the_path,
            lambda failure: type(failure.error).__name__ == "BuildError",
        ),
        Mistake(
            "`{% … %}` donne un ordre à Jinja, `{{ … }}` écrit une valeur : c'est elle qu'il faut.",
            statement_marks,
            lambda failure: type(failure.error).__name__ == "TemplateSyntaxError",
        ),
        Mistake(
            "Votre lien est écrit en toutes lettres : il se casse le jour où le site déménage. "
            "`url_for('index')` suit.",
            by_hand,
            lambda failure: failure.case == MOVED,
        ),
        Mistake(
            "L'adresse de la feuille de style est écrite en toutes lettres : `url_for('static', "
            "filename=…)` suit le site quand il déménage.",
            sheet_by_hand,
            lambda failure: failure.case == SHEET_MOVED,
        ),
    ],
)

ONE = "une erreur, après trois requêtes réussies"
TWICE = "deux erreurs l'une après l'autre"
DEEP = "l'erreur est dans une fonction que la vue appelle"
NO_MESSAGE = "une exception sans message"
NOT_MINE = "une trace qui ne passe que par Flask"
NOTHING = "un journal sans erreur"
GOOD_LINE = REQUEST.replace("500", "200")
ZERO = "ZeroDivisionError: division by zero\n"

READ_TRACEBACK = Exercise(
    read_traceback,
    label="ex-flask-first-read-traceback",
    hints=(
        "Une trace commence par `Traceback (most recent call last):` ; la plus récente est la "
        "dernière du journal. Elle se lit de bas en haut.",
        '`log.rpartition(…)` isole la dernière trace. Les lignes `File "…", line N` donnent la '
        "pile : la dernière qui passe par `path` est la bonne.",
        "`re.findall(rf'File \"{re.escape(path)}\", line (\\d+)', last)[-1]` donne la ligne. "
        "L'erreur est en début de ligne, avant `:`. Si rien n'est trouvé, levez `ValueError`.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, f: read(
                f,
                GOOD_LINE * 3 + START + FLASK + HERE.format(line=12, view="index") + ZERO + REQUEST,
            ),
            (12, "ZeroDivisionError"),
        ),
        Case(
            TWICE,
            lambda stage, f: read(
                f,
                START
                + HERE.format(line=12, view="index")
                + ZERO
                + REQUEST
                + START
                + HERE.format(line=31, view="wheel")
                + "KeyError: 'name'\n"
                + REQUEST,
            ),
            (31, "KeyError"),
        ),
        Case(
            DEEP,
            lambda stage, f: read(
                f,
                START
                + HERE.format(line=8, view="index")
                + HERE.format(line=20, view="helper")
                + "ValueError: trop grand : 12\n",
            ),
            (20, "ValueError"),
        ),
        Case(
            "l'erreur vient d'un gabarit",
            lambda stage, f: read(
                f,
                START
                + HERE.format(line=9, view="home")
                + JINJA
                + "jinja2.exceptions.UndefinedError: 'nom' is undefined\n",
            ),
            (9, "jinja2.exceptions.UndefinedError"),
        ),
        Case(
            NO_MESSAGE,
            lambda stage, f: read(
                f, START + HERE.format(line=5, view="index") + "AssertionError\n"
            ),
            (5, "AssertionError"),
        ),
        Case(
            NOT_MINE,
            lambda stage, f: read(
                f, START + FLASK + "TypeError: The view function did not return…\n" + REQUEST
            ),
            "ValueError",
        ),
        Case(
            NOTHING,
            lambda stage, f: read(f, GOOD_LINE * 2),
            "ValueError",
        ),
    ],
    mistakes=[
        Mistake(
            "Vous lisez la première trace du journal ; c'est la dernière qui vient d'arriver : "
            "`rpartition` coupe à partir de la fin.",
            first_of_all,
            lambda failure: failure.case == TWICE and failure.value == (12, "ZeroDivisionError"),
        ),
        Mistake(
            "Flask a aussi un fichier nommé `app.py`, et il est dans toutes les traces : comparez "
            "le chemin entier.",
            any_app,
            lambda failure: failure.case == NOT_MINE and failure.value[0] == 1511,
        ),
        Mistake(
            "Vous vous arrêtez en haut de la pile. L'erreur a eu lieu tout en bas : prenez la "
            "dernière ligne qui passe par votre fichier.",
            top_of_the_stack,
            lambda failure: failure.case == DEEP and failure.value == (8, "ValueError"),
        ),
        Mistake(
            "Le nom de l'erreur s'arrête aux deux points : son message n'en fait pas partie.",
            with_its_message,
            lambda failure: failure.case == ONE and ":" in failure.value[1],
        ),
        Mistake(
            "La ligne est un nombre : `int(…)`.",
            line_as_text,
            lambda failure: failure.value[0] == "12",
        ),
        Mistake(
            "Quand il n'y a pas d'erreur à lire, levez `ValueError` : rendre `None` fera planter "
            "l'appelant plus loin.",
            gives_none,
            lambda failure: failure.case in (NOT_MINE, NOTHING) and failure.value is None,
        ),
    ],
)
