"""Exercises of lesson 15: the random numbers' API, a CRUD under tests, a list written by a page."""

import contextlib
import html
import re
import threading
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from flask import Flask, abort, jsonify, request, url_for
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from sandbox.checking import Case, Exercise, Expect, Failure, Mistake, Stage
from sandbox.running.browser import rendered
from sandbox.running.catalogue import LOOPBACK

# Solutions


def random_api() -> Flask:
    """Return an application that serves ``/api/random/int`` and ``/api/random/float``."""
    app = Flask("nombres")
    draws = {"int": lambda generator: generator.randrange(100), "float": Random.random}

    def whole(name, default, low, high):
        if name not in request.args:
            return default
        number = request.args.get(name, type=int)
        if number is None or not low <= number <= high:
            abort(400, f"{name} doit être un nombre entier de {low} à {high}")
        return number

    @app.get("/api/random/<any(int, float):kind>")
    def numbers(kind):
        n = whole("n", 1, 0, 1000)
        generator = Random(whole("seed", None, -(10**9), 10**9))  # None : du vrai hasard
        return [draws[kind](generator) for _ in range(n)]

    @app.errorhandler(HTTPException)
    def refuse(error):
        return {"error": error.description}, error.code

    return app


def tasks_api() -> Flask:
    """Return an application that keeps tasks, ``{"id", "text", "done"}``, in memory."""
    app = Flask("taches")
    tasks, numbers = {}, count(1)

    def find(task_id):
        return tasks.get(task_id) or abort(404, f"il n'y a pas de tâche {task_id}")

    def check(task):
        if not isinstance(task, dict) or set(task) != {"text", "done"}:
            abort(400, "on attend un objet : text, et done si l'on veut")
        if not isinstance(task["text"], str) or not task["text"].strip():
            abort(400, "text doit être un texte qui n'est pas vide")
        if not isinstance(task["done"], bool):
            abort(400, "done doit être true ou false")
        return task

    def received(default):
        data = request.get_json()
        return check(default | data if isinstance(data, dict) else data)

    @app.get("/api/tasks")
    def list_tasks():
        return list(tasks.values())

    @app.post("/api/tasks")
    def create_task():
        task = received({"done": False})
        task_id = next(numbers)
        tasks[task_id] = {"id": task_id} | task
        return tasks[task_id], 201, {"Location": url_for("get_task", task_id=task_id)}

    @app.get("/api/tasks/<int:task_id>")
    def get_task(task_id):
        return find(task_id)

    @app.patch("/api/tasks/<int:task_id>")
    def change_task(task_id):
        old = find(task_id)
        tasks[task_id] = {"id": task_id} | received({"text": old["text"], "done": old["done"]})
        return tasks[task_id]

    @app.delete("/api/tasks/<int:task_id>")
    def delete_task(task_id):
        find(task_id)
        del tasks[task_id]
        return "", 204

    @app.errorhandler(HTTPException)
    def refuse(error):
        return {"error": error.description}, error.code

    return app


TITLES_PAGE = """<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <title>Titres</title>
    <script src="/titres.js" defer></script>
  </head>
  <body>
    <ul id="titles"></ul>
  </body>
</html>"""

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


# What they are tried on: the random numbers


def application_of(function: Callable[[], Flask]) -> Flask:
    """Return the student's application; its views' exceptions come out."""
    app = function()
    if not isinstance(app, Flask):
        raise TypeError(f"votre fonction doit rendre une application Flask, et elle rend {app!r}")
    app.testing = True
    return app


def client_of(function: Callable[[], Flask]) -> FlaskClient:
    return application_of(function).test_client()


def draw(client: FlaskClient, **query: object) -> object:
    return client.get("/api/random/int", query_string=query).json


def seeded_and_not(function: Callable[[], Flask]) -> tuple[bool, bool]:
    """Tell whether two draws with the same seed are equal, and two without."""
    client = client_of(function)
    draws = [draw(client, n=50, **seed) for seed in ({"seed": 7}, {}, {"seed": 7}, {})]
    return draws[0] == draws[2], draws[1] == draws[3]


def codes(function: Callable[[], Flask], queries: list[str]) -> list[int]:
    client = client_of(function)
    return [client.get(f"/api/random/int?{query}").status_code for query in queries]


def explained(response: TestResponse) -> tuple[int, str]:
    """Return the code of a refusal, and what explains it."""
    if not response.is_json:
        return response.status_code, response.mimetype
    body = response.json
    said = isinstance(body, dict) and isinstance(body.get("error"), str) and body["error"].strip()
    return response.status_code, "une phrase dans error" if said else f"JSON sans error : {body!r}"


# What they are tried on: the tests of the tasks' API


def test_create(client):
    """POST crée une tâche, et dit où elle est"""
    response = client.post("/api/tasks", json={"text": "Relire"})
    assert response.status_code == 201
    assert response.json["text"] == "Relire"
    assert response.json["done"] is False
    assert client.get(response.headers["Location"]).json == response.json


def test_new_application(client):
    """une application neuve n'a pas de tâche, et numérote à partir de 1"""
    assert client.get("/api/tasks").json == []
    assert client.post("/api/tasks", json={"text": "Un"}).json["id"] == 1
    assert client.post("/api/tasks", json={"text": "Deux", "done": True}).json["id"] == 2
    assert [task["done"] for task in client.get("/api/tasks").json] == [False, True]


def test_change(client):
    """PATCH ne change que ce qu'on lui dit"""
    task = client.post("/api/tasks", json={"text": "Relire"}).json
    address = f"/api/tasks/{task['id']}"
    assert client.patch(address, json={"done": True}).json == task | {"done": True}
    assert client.get(address).json == task | {"done": True}


def test_delete(client):
    """DELETE efface, et un numéro ne sert qu'une fois"""
    first = client.post("/api/tasks", json={"text": "Un"}).json["id"]
    second = client.post("/api/tasks", json={"text": "Deux"}).json["id"]
    assert client.delete(f"/api/tasks/{first}").status_code == 204
    assert client.get(f"/api/tasks/{first}").status_code == 404
    assert client.post("/api/tasks", json={"text": "Trois"}).json["id"] > second


def test_not_found(client):
    """une tâche qui n'existe pas : 404, en JSON"""
    answers = [client.get("/api/tasks/404"), client.delete("/api/tasks/404")]
    answers.append(client.patch("/api/tasks/404", json={"done": True}))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all("error" in answer.json for answer in answers)


def test_what_is_no_task(client):
    """ce qui n'est pas une tâche : 400, en JSON"""
    for wrong in (["Relire"], {}, {"text": " "}, {"text": 3}, {"text": "a", "done": "oui"}):
        answer = client.post("/api/tasks", json=wrong)
        assert answer.status_code == 400
        assert "error" in answer.json


def test_what_is_no_json(client):
    """ce qui n'est pas du JSON : 400 ou 415, en JSON aussi"""
    form = client.post("/api/tasks", data={"text": "Relire"})
    broken = client.post("/api/tasks", data='{"text": ', content_type="application/json")
    assert [form.status_code, broken.status_code] == [415, 400]
    assert "error" in form.json
    assert "error" in broken.json


def test_wrong_change(client):
    """un PATCH refusé ne change rien"""
    task = client.post("/api/tasks", json={"text": "Relire"}).json
    address = f"/api/tasks/{task['id']}"
    assert client.patch(address, json={"text": "Relier", "done": "oui"}).status_code == 400
    assert client.get(address).json == task


# How they are tried

PASSED = "il passe"
TESTS = [
    test_create,
    test_new_application,
    test_change,
    test_delete,
    test_not_found,
    test_what_is_no_task,
    test_what_is_no_json,
    test_wrong_change,
]


class Watched(FlaskClient):
    """A client that remembers the last answer."""

    last: TestResponse | None = None

    def open(self, *args: object, **options: object) -> TestResponse:
        self.last = super().open(*args, **options)
        return self.last


def outcome_of(test: Callable[[FlaskClient], None], function: Callable[[], Flask]) -> str:
    """Run a test; return the line where it stops, if it does, after the last answer."""
    client = Watched(application_of(function))
    try:
        test(client)
    except Exception as error:
        stop = traceback.extract_tb(error.__traceback__)[-1]
        if client.last is None or stop.filename != __file__:
            raise  # the student's own exception
        return f"{client.last.status_code} {client.last.mimetype}, puis : {stop.line}"
    return PASSED


def passes(test: Callable[[FlaskClient], None]) -> Case:
    return Case(
        f"`{test.__name__}` : {test.__doc__}",
        lambda stage, function: outcome_of(test, function),
        PASSED,
    )


def stopped_at(failure: Failure, test: Callable[[FlaskClient], None], text: str, code: int) -> bool:
    """Tell whether a test stopped at a line that contains `text`, after an answer of that code."""
    value = str(failure.value)
    return f"`{test.__name__}`" in failure.case and text in value and value.startswith(f"{code} ")


# What they are tried on: the page

ALL = "tous"
NO_BROWSER = "aucun navigateur ici : à essayer vous-même"
JAVASCRIPT = ("text/javascript", "application/javascript")
BROWSER_LIMIT = 15.0  # s: a browser that starts on a busy machine
MARKUP = '<b>Nadja</b> <img src="x" alt="">'


@contextlib.contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; give its address."""
    server = make_server(LOOPBACK, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page_client(stage: Stage, function: Callable[[Flask], None]) -> FlaskClient:
    app = stage.demo("api").app
    function(app)
    return app.test_client()


def page_kind(response: TestResponse) -> str:
    kind = f"{response.status_code} {response.mimetype}"
    with_list = re.search(r"<ul\b[^>]*\bid=[\"']?titles\b", response.text)
    return f"{kind}, {'avec' if with_list else 'sans'} la liste"


def titles_in_source(client: FlaskClient) -> list[str]:
    source = html.unescape(client.get("/titres").text)
    books = client.get("/api/books?per_page=100").json["items"]
    return [book["title"] for book in books if book["title"] in source]


def scripts(client: FlaskClient) -> list[tuple[int, str]]:
    """Return the code and the type of each script that the page names."""
    source = client.get("/titres").text
    addresses = re.findall(r"<script\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)", source)
    found = [client.get(f"/{address.lstrip('/')}") for address in addresses]
    return [(each.status_code, each.mimetype) for each in found]


def shown(stage: Stage, function: Callable[[Flask], None], *titles: str) -> list[str] | str:
    """Add books, then return the items that a browser shows in the list."""
    app = stage.demo("api").app
    function(app)
    for title in titles:
        book = {"title": title, "author": "André Breton", "year": 1928}
        app.test_client().post("/api/books", json=book)
    with serving(app) as url:
        page = rendered(f"{url}/titres")
    if page is None:
        return NO_BROWSER
    inside = re.search(r"(?s)<ul\b[^>]*\bid=\"titles\".*?</ul>", page)
    items = re.findall(r"(?s)<li\b[^>]*>(.*?)</li>", inside[0] if inside else "")
    return [html.unescape(re.sub(r"<[^>]+>", "", item)).strip() for item in items]


def first_titles(stage: Stage, *added: str) -> list[str]:
    books = stage.demo("api").app.test_client().get("/api/books").json["items"]
    return [*reversed(added), *(book["title"] for book in books)][: len(books)]


def all_or_some(stage: Stage, function: Callable[[Flask], None], *added: str) -> object:
    """Return "tous" when all the titles are shown in order, or else those that are."""
    items = shown(stage, function, *added)
    return ALL if items == first_titles(stage, *added) else items


# Mistakes foreseen: the random numbers


def numbers_app(
    *,
    checked: bool = True,
    bounded: bool = True,
    spoken: bool = True,
    bare: bool = False,
    own_generator: bool = True,
) -> Flask:
    """Return the random numbers' API, with what a mistake takes away."""
    import random

    app = Flask("nombres")

    @app.get("/api/random/<any(int, float):kind>")
    def numbers(kind):
        n = request.args.get("n", 1, type=int)
        seed = request.args.get("seed", type=int)
        wrong = [request.args.get(name, "0", type=int) is None for name in ("n", "seed")]
        if (checked and any(wrong)) or (bounded and not 0 <= n <= 1000):
            abort(400, "n et seed doivent être des nombres entiers ; n, de 0 à 1000")
        generator = Random(seed)
        if not own_generator:
            generator = random
            if seed is not None:
                random.seed(seed)
        drawn = [generator.randrange(100) if kind == "int" else generator.random()]
        drawn += [generator.random() if kind == "float" else generator.randrange(100)] * (n - 1)
        return jsonify(drawn[0] if bare and n == 1 else drawn[:n])

    if spoken:

        @app.errorhandler(HTTPException)
        def refuse(error):
            return {"error": error.description}, error.code

    return app


def lenient() -> Flask:
    """Draws one number when n is no number: what ``type=int`` does in silence."""
    return numbers_app(checked=False)


def unbounded() -> Flask:
    return numbers_app(bounded=False)


def html_errors() -> Flask:
    return numbers_app(spoken=False)


def bare_number() -> Flask:
    return numbers_app(bare=True)


def shared_generator() -> Flask:
    return numbers_app(own_generator=False)


def code_200() -> Flask:
    """Explains refusals, and calls them successes."""
    app = numbers_app(spoken=False)
    app.register_error_handler(HTTPException, lambda error: {"error": error.description})
    return app


# Mistakes foreseen: the tasks

_everybody_s: dict[int, dict] = {}


def tasks_app(
    tasks: dict | None = None,
    *,
    created: int = 201,
    reuse: bool = False,
    replace: bool = False,
    checked: bool = True,
    spoken: bool = True,
    hasty: bool = False,
) -> Flask:
    """Return the tasks' API, with what a mistake changes in it."""
    app = Flask("taches")
    tasks = {} if tasks is None else tasks
    numbers = count(1)

    def check(task):
        text, done = task.get("text"), task.get("done")
        if checked and not (isinstance(text, str) and text.strip() and isinstance(done, bool)):
            abort(400, "on attend text et done")
        return task

    def received():
        data = request.get_json()
        return data if isinstance(data, dict) else abort(400, "on attend un objet")

    @app.get("/api/tasks")
    def list_tasks():
        return list(tasks.values())

    @app.post("/api/tasks")
    def create_task():
        task = check({"done": False} | received())
        task_id = len(tasks) + 1 if reuse else next(numbers)
        tasks[task_id] = {"id": task_id} | task
        return tasks[task_id], created, {"Location": f"/api/tasks/{task_id}"}

    @app.get("/api/tasks/<int:task_id>")
    def get_task(task_id):
        return tasks.get(task_id) or abort(404, "pas de telle tâche")

    @app.patch("/api/tasks/<int:task_id>")
    def change_task(task_id):
        old = get_task(task_id)
        if hasty:
            old.update(received())
            return check(old)
        new = {"id": task_id} | received() if replace else old | received()
        tasks[task_id] = new if replace else check(new)
        return tasks[task_id]

    @app.delete("/api/tasks/<int:task_id>")
    def delete_task(task_id):
        get_task(task_id)
        del tasks[task_id]
        return "", 204

    if spoken:

        @app.errorhandler(HTTPException)
        def refuse(error):
            return {"error": error.description}, error.code

    return app


def tasks_of_everybody() -> Flask:
    return tasks_app(_everybody_s)


def says_200() -> Flask:
    return tasks_app(created=200)


def reuses_numbers() -> Flask:
    return tasks_app(reuse=True)


def replaces_all() -> Flask:
    return tasks_app(replace=True)


def takes_anything() -> Flask:
    return tasks_app(checked=False)


def speaks_html() -> Flask:
    return tasks_app(spoken=False)


def changes_before_checking() -> Flask:
    return tasks_app(hasty=True)


# Mistakes foreseen: the page


def titles_app(
    app: Flask, page: str = TITLES_PAGE, script: str = TITLES_SCRIPT, kind: str = "text/javascript"
) -> None:
    app.add_url_rule("/titres", "titles", lambda: page)
    app.add_url_rule("/titres.js", "script", lambda: (script, {"Content-Type": kind}))


def written_by_the_server(app: Flask) -> None:
    def page():
        books = app.test_client().get("/api/books").json["items"]
        items = "".join(f"<li>{html.escape(book['title'])}</li>" for book in books)
        return f'<ul id="titles">{items}</ul>'

    app.add_url_rule("/titres", "titles", page)


def inline_script(app: Flask) -> None:
    titles_app(app, f'<ul id="titles"></ul><script>{TITLES_SCRIPT}</script>')


def script_as_html(app: Flask) -> None:
    titles_app(app, kind="text/html")


def inner_html(app: Flask) -> None:
    titles_app(app, script=TITLES_SCRIPT.replace("textContent", "innerHTML"))


def too_early(app: Flask) -> None:
    """Looks for the list before the browser has read it."""
    script = "const list = document.getElementById('titles');\n" + TITLES_SCRIPT.replace(
        'document.getElementById("titles")', "list"
    )
    titles_app(app, page=TITLES_PAGE.replace(" defer", ""), script=script)


# Exercises

ONE = "`/api/random/int`"
FLOATS = "`/api/random/float?n=5`"
SEEDS = "avec `seed=7`, sans, avec, sans : cinquante nombres chaque fois"
NOT_NUMBERS = "`n=abc`, `n=`, `n=2.5`, `seed=abc`"
OUT_OF_BOUNDS = "`n=-1`, `n=1001`, `n=1000000000`"
REASON = "`n=abc` : la réponse"
UNKNOWN = "`/api/random/complexe` : la réponse"
WRONG_METHOD = "POST sur `/api/random/int` : la réponse"
REFUSALS = (REASON, UNKNOWN, WRONG_METHOD)

RANDOM_API = Exercise(
    random_api,
    label="ex-flask-api-random-api",
    hints=(
        "Partez des quinze lignes de la leçon, dans une fonction qui crée l'application, lui donne "
        "ses routes et la rend. Il y manque les vérifications et les refus en JSON.",
        "`request.args.get('n', type=int)` vaut `None` quand `n` n'est pas un entier, mais aussi "
        "quand il n'est pas là : `'n' in request.args` distingue les deux. Pour refuser : "
        "`abort(400, 'une phrase')`.",
        "`@app.errorhandler(HTTPException)` reçoit tous les refus, ceux d'`abort` comme le 404 et "
        "le 405 de Flask : `return {'error': error.description}, error.code`. Et le tirage vient "
        "de `random.Random(seed)`, un générateur neuf à chaque requête.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, f: client_of(f).get("/api/random/int").json,
            Expect(
                "une liste d'un entier de 0 à 99",
                lambda got: len(got) == 1 and type(got[0]) is int and 0 <= got[0] <= 99,
            ),
        ),
        Case(
            FLOATS,
            lambda stage, f: client_of(f).get("/api/random/float?n=5").json,
            Expect(
                "cinq nombres de 0 à 1",
                lambda got: len(got) == 5 and all(type(x) is float and 0 <= x < 1 for x in got),
            ),
        ),
        Case(
            SEEDS,
            lambda stage, f: seeded_and_not(f),
            Expect("avec : les mêmes ; sans : jamais", lambda got: got == (True, False)),
        ),
        Case(
            NOT_NUMBERS,
            lambda stage, f: codes(f, ["n=abc", "n=", "n=2.5", "seed=abc"]),
            [400, 400, 400, 400],
        ),
        Case(
            OUT_OF_BOUNDS,
            lambda stage, f: codes(f, ["n=-1", "n=1001", "n=1000000000"]),
            [400, 400, 400],
        ),
        Case(
            REASON,
            lambda stage, f: explained(client_of(f).get("/api/random/int?n=abc")),
            (400, "une phrase dans error"),
        ),
        Case(
            UNKNOWN,
            lambda stage, f: explained(client_of(f).get("/api/random/complexe")),
            (404, "une phrase dans error"),
        ),
        Case(
            WRONG_METHOD,
            lambda stage, f: explained(client_of(f).post("/api/random/int")),
            (405, "une phrase dans error"),
        ),
    ],
    mistakes=[
        Mistake(
            "Un nombre seul, et c'est un deuxième cas à traiter pour tous vos clients : rendez "
            "toujours une liste.",
            bare_number,
            lambda failure: (
                failure.case == ONE
                and (type(failure.value) is int or "it was a int" in str(failure.error))
            ),
        ),
        Mistake(
            "Vous semez le générateur de tout le monde (`random.seed`) : après une requête avec "
            "`seed`, les suivantes se devinent. Donnez à chacune le sien, `random.Random(seed)`.",
            shared_generator,
            lambda failure: failure.case == SEEDS and failure.value == (True, True),
        ),
        Mistake(
            "`request.args.get('n', 1, type=int)` rend 1, sans un mot, quand `n` n'est pas un "
            "nombre : le client croit avoir été compris. Refusez : 400.",
            lenient,
            lambda failure: failure.case == NOT_NUMBERS and 200 in failure.value,
        ),
        Mistake(
            "Un milliard de nombres, et votre serveur n'est plus à personne : refusez ce qui "
            "dépasse 1000, avant de tirer.",
            unbounded,
            lambda failure: (
                failure.case == OUT_OF_BOUNDS
                and (failure.verdict in ("bloqué", "arrêt", "exception") or 200 in failure.value)
            ),
        ),
        Mistake(
            "La réponse est un refus, et son code dit 200 : rendez aussi `error.code`.",
            code_200,
            lambda failure: failure.case in REFUSALS and failure.value[0] == 200,
        ),
        Mistake(
            "Ce refus est une page HTML, celle de Flask : `@app.errorhandler(HTTPException)` peut "
            "les mettre toutes en JSON.",
            html_errors,
            lambda failure: failure.case in REFUSALS and failure.value[1] == "text/html",
        ),
    ],
)

TASKS_API = Exercise(
    tasks_api,
    label="ex-flask-api-tasks-api",
    hints=(
        "Lisez les tests comme un cahier des charges, et faites-les passer un par un, du premier "
        "au dernier. Un dictionnaire, numéro → tâche, créé dans la fonction, suffit à tout garder.",
        "Cinq vues, une par test ou presque : `@app.get`, `@app.post`, `@app.patch`, "
        "`@app.delete`. Une fonction qui trouve une tâche ou refuse (404), une autre qui vérifie "
        "ce qui arrive ou refuse (400), servent à plusieurs.",
        "`request.get_json()` refuse lui-même ce qui n'est pas du JSON (415, 400). Pour PATCH, "
        "vérifiez `ancienne | reçu`, puis rangez. `itertools.count(1)` donne des numéros qui ne "
        "servent qu'une fois, et `@app.errorhandler(HTTPException)` met tous les refus en JSON.",
    ),
    cases=[passes(test) for test in TESTS],
    mistakes=[
        Mistake(
            "Vous avez créé quelque chose : le code est 201, et `Location` dit où c'est.",
            says_200,
            lambda failure: stopped_at(failure, test_create, "== 201", 200),
        ),
        Mistake(
            "Une application toute neuve a déjà des tâches : vous les gardez hors de la fonction, "
            "et toutes les applications se les partagent. Créez le dictionnaire dedans.",
            tasks_of_everybody,
            lambda failure: stopped_at(failure, test_new_application, "== []", 200),
        ),
        Mistake(
            "PATCH retouche, il ne remplace pas : partez de l'ancienne tâche, `ancienne | reçu`.",
            replaces_all,
            lambda failure: stopped_at(failure, test_change, "client.", 200),
        ),
        Mistake(
            "Un numéro déjà donné a resservi : `len(tasks) + 1` recule quand on efface. Comptez à "
            "part.",
            reuses_numbers,
            lambda failure: stopped_at(failure, test_delete, "> second", 201),
        ),
        Mistake(
            "Vous acceptez ce qui n'est pas une tâche : vérifiez chaque champ, et son type, avant "
            "de ranger.",
            takes_anything,
            lambda failure: stopped_at(failure, test_what_is_no_task, "== 400", 201),
        ),
        Mistake(
            "Ce refus n'est pas en JSON : `@app.errorhandler(HTTPException)` vaut pour tous, même "
            "ceux de Flask.",
            speaks_html,
            lambda failure: (
                re.match(r'... text/html, puis : .*"error" in', failure.value) is not None
            ),
        ),
        Mistake(
            "Le PATCH est refusé, et la tâche a changé quand même : vérifiez d'abord, rangez "
            "ensuite.",
            changes_before_checking,
            lambda failure: stopped_at(failure, test_wrong_change, "== task", 200),
        ),
    ],
)

PAGE = "`/titres`"
SOURCE = "la source de la page : les titres qui y sont écrits"
SCRIPTS = "les scripts que la page fait charger : code et type de chacun"
BROWSER = "dans un navigateur : les titres affichés"
MARKED = f"dans un navigateur, après l'ajout du livre `{MARKUP}`"
IN_BROWSER = Expect(
    "les dix derniers titres, chacun dans un li", lambda got: got in (ALL, NO_BROWSER)
)

TITLES = Exercise(
    add_titles,
    label="ex-flask-api-add-titles",
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
    cases=[
        Case(
            PAGE,
            lambda stage, f: page_kind(page_client(stage, f).get("/titres")),
            "200 text/html, avec la liste",
        ),
        Case(SOURCE, lambda stage, f: titles_in_source(page_client(stage, f)), []),
        Case(
            SCRIPTS,
            lambda stage, f: scripts(page_client(stage, f)),
            Expect(
                "au moins un, et tous (200, 'text/javascript')",
                lambda got: bool(got) and all(c == 200 and kind in JAVASCRIPT for c, kind in got),
            ),
        ),
        Case(BROWSER, lambda stage, f: all_or_some(stage, f), IN_BROWSER, limit=BROWSER_LIMIT),
        Case(
            MARKED, lambda stage, f: all_or_some(stage, f, MARKUP), IN_BROWSER, limit=BROWSER_LIMIT
        ),
    ],
    mistakes=[
        Mistake(
            "Les titres sont déjà dans la source : c'est le serveur qui les a écrits. Laissez la "
            "liste vide, le script la remplira.",
            written_by_the_server,
            lambda failure: failure.case == SOURCE and bool(failure.value),
        ),
        Mistake(
            "La page ne nomme aucun script par `src`. Écrit dans la page même, le navigateur le "
            "refuserait : la politique de sécurité de la démonstration (CSP) l'interdit.",
            inline_script,
            lambda failure: failure.case == SCRIPTS and failure.value == [],
        ),
        Mistake(
            "Votre script arrive sous le nom de `text/html`, et le navigateur refuse de "
            "l'exécuter : donnez son type, `{'Content-Type': 'text/javascript'}`.",
            script_as_html,
            lambda failure: failure.case == SCRIPTS and (200, "text/html") in failure.value,
        ),
        Mistake(
            "Un titre qui contient du HTML est devenu du HTML dans votre page. Mettez-y du texte : "
            "`textContent`, jamais `innerHTML`.",
            inner_html,
            lambda failure: failure.case == MARKED and failure.value[:1] == ["Nadja"],
        ),
        Mistake(
            "La liste reste vide dans le navigateur. Le script cherche-t-il la liste avant qu'elle "
            "existe (`defer`) ? La console du navigateur vous dira le reste.",
            too_early,
            lambda failure: failure.case == BROWSER and failure.value == [],
        ),
    ],
)
