"""Exercises of lesson 14: a field more in demo5, a counter of visits, a form that remembers."""

import os
import re
from html.parser import HTMLParser

from flask import Flask, make_response, redirect, render_template_string, request, url_for
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, TemplateError
from werkzeug.test import TestResponse
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage
from sandbox.running.catalogue import DEMO_FOLDER

# Solutions


def strip(text: str | None) -> str | None:
    return text and text.strip()  # None as long as nothing was sent


def with_code(login_form: type) -> type:
    """Return a form that asks for a code of six digits besides what `login_form` asks for."""

    class LoginForm(login_form):
        code = StringField(
            "Code",
            [DataRequired("Donnez votre code."), Regexp("[0-9]{6}$", message="Six chiffres.")],
            filters=[strip],
        )

    return LoginForm


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


BOOKING = """
<form method="post" novalidate>
  {% for key, label in [("name", "Votre nom"), ("seats", "Places, de 1 à 8")] %}
  <p><label>{{ label }} <input name="{{ key }}" value="{{ typed[key] }}" required></label></p>
  {% if key in errors %}<p class="error">{{ errors[key] }}</p>{% endif %}
  {% endfor %}
  <button>Réserver</button>
</form>
"""


def booking() -> Flask:
    """Return an application that books seats on a boat, and gives back what it refuses."""
    app = Flask("traversee")

    @app.route("/", methods=["GET", "POST"])
    def book():
        typed = {key: request.form.get(key, "").strip() for key in ("name", "seats")}
        errors = faults(typed) if request.method == "POST" else {}
        if request.method == "GET" or errors:
            page = render_template_string(BOOKING, typed=typed, errors=errors)
            return page, 400 if errors else 200
        return redirect(url_for("thanks"), 303)

    @app.get("/merci")
    def thanks():
        return "<p>C’est noté. Bonne traversée !</p>"

    return app


def faults(typed: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with each field, in French."""
    errors = {}
    if not 1 <= len(typed["name"]) <= 50:
        errors["name"] = "Donnez un nom, de 50 signes au plus."
    if not re.fullmatch("[1-8]", typed["seats"]):
        errors["seats"] = "Un nombre de places, de 1 à 8."
    return errors


# What they are tried on


class Page(HTMLParser):
    """What a page holds, as a browser would see it.

    Attributes:
        tags: the names of its elements.
        fields: what each named field contains.
        hidden: the same, for those that one does not see: they are sent back as they came.
        errors: how many elements are of the class ``error``.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fields: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self.errors = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append(tag)
        self.errors += "error" in (attributes.get("class") or "").split()
        if tag == "input" and "name" in attributes and attributes.get("type") != "submit":
            kept = self.hidden if attributes.get("type") == "hidden" else self.fields
            kept[attributes["name"]] = attributes.get("value") or ""


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """Send the form of ``/``, with what its page hides, if it hides something."""
    return client.post("/", data=Page(client.get("/").text).hidden | fields)


IN = "302, vers /home"  # signed in
LOGIN = (DEMO_FOLDER / "demo5" / "templates" / "login.html").read_text(encoding="utf-8")
OURS = "[form.username, form.password]"
MARKUP = '"><i>Ada</i>'
ADA = {"username": "ada", "password": "machine analytique"}


def demo5(stage: Stage, extend) -> FlaskClient:
    """Return a client of demo5 with the student's form, which its template shows whole."""
    os.environ["FLASK_SECRET_KEY"] = "celle de l'épreuve"
    demo = stage.demo("demo5")
    demo.app.logger.disabled = True
    template = LOGIN.replace(OURS, "[form.username, form.password, form.code]")
    demo.app.jinja_loader = ChoiceLoader(
        [DictLoader({"login.html": template}), demo.app.jinja_loader]
    )
    demo.LoginForm = extend(demo.LoginForm)
    return demo.app.test_client()


def signing_in(code: str | None, **fields: str):
    """Return what signs in with a code, and tells what was answered."""

    def run(stage: Stage, extend) -> str:
        sent = ADA | fields | ({} if code is None else {"code": code})
        return told(send(demo5(stage, extend), **sent))

    return run


def told(answer: TestResponse) -> str:
    if answer.location:
        return f"{answer.status_code}, vers {answer.location}"
    errors = re.findall(r'class="error" id="(\w+)-error">(.*?)<', answer.text)
    said = " ; ".join(f"{name} : {text}" for name, text in errors)
    return f"{answer.status_code}, {said or 'sans un mot'}"


def refused(field: str) -> Expect:
    return Expect(
        f"400, et un mot sous le champ {field}",
        lambda got: re.search(rf"^400, .*\b{field} : ", got) is not None,
    )


def first_look(stage: Stage, extend) -> list[str]:
    return sorted(Page(demo5(stage, extend).get("/").text).fields)


def built(make) -> Flask:
    """Return the student's application, whose exceptions come out instead of a page.

    Raises:
        TypeError: it is no application; the message is in French.
    """
    app = make()
    if not isinstance(app, Flask):
        raise TypeError(f"la fonction doit rendre l'application (return app), et voici {app!r}")
    app.testing = True
    return app


def visits(client: FlaskClient) -> str:
    """Return what ``/`` tells, without its markup."""
    answer = client.get("/")
    text = re.sub(r"<[^>]*>", "", answer.text)
    found = re.search(r"Visites\s*:\s*\d+", text)
    return re.sub(r"\s*:\s*", " : ", found[0]) if found else f"{answer.status_code}, {text[:60]}"


def altered(stage: Stage, make) -> list[str]:
    """Return what is told to those who come with an odd cookie."""
    told = []
    app = built(make)
    for value in ("abc", "-3", "", "1.5", "²", "9" * 50):
        client = app.test_client()
        client.set_cookie("visits", value)
        told.append(visits(client))
    return told


def protections(stage: Stage, make) -> list[str]:
    client = built(make).test_client()
    header = client.get("/").headers.get("Set-Cookie", "pas de cookie")
    attributes = {part.strip().lower() for part in header.split(";")[1:]}
    return sorted(attributes & {"httponly", "samesite=lax", "samesite=strict"})


def three_visits(stage: Stage, make) -> list[str]:
    client = built(make).test_client()
    return [visits(client) for _ in range(3)]


def two_visitors(stage: Stage, make) -> list[str]:
    app = built(make)
    ada, grace = app.test_client(), app.test_client()
    return [visits(ada), visits(ada), visits(grace), visits(ada)]


def forgotten(stage: Stage, make) -> tuple:
    client = built(make).test_client()
    visits(client)
    visits(client)
    answer = client.post("/oublier")
    return answer.status_code in (302, 303), answer.location, visits(client)


def shown(answer: TestResponse) -> tuple[int, dict[str, str]]:
    """Return the status of an answer, and what the fields of its page contain."""
    return answer.status_code, Page(answer.text).fields


def booked(**fields: str):
    """Return what sends the form, and tells the status and what the fields then contain."""
    return lambda stage, make: shown(send(built(make).test_client(), **fields))


def redirected(stage: Stage, make) -> tuple:
    client = built(make).test_client()
    answer = send(client, name="Ada", seats="3")
    return answer.status_code, answer.location, client.get("/merci").status_code


def blank_page(stage: Stage, make) -> tuple[int, list[str], int]:
    answer = built(make).test_client().get("/")
    page = Page(answer.text)
    return answer.status_code, sorted(page.fields), page.errors


def marked_up(stage: Stage, make) -> tuple[int, str | None, bool]:
    answer = send(built(make).test_client(), name=MARKUP, seats="0")
    page = Page(answer.text)
    return answer.status_code, page.fields.get("name"), "i" in page.tags


def two_or_more(number: int) -> bool:
    return number >= 2


def number_of_errors(stage: Stage, make) -> int:
    return Page(send(built(make).test_client(), name="", seats="douze").text).errors


def seats_at_the_limits(stage: Stage, make) -> list[int]:
    app = built(make)
    answers = [send(app.test_client(), name="Ada", seats=seats) for seats in ("0", "1", "8", "9")]
    return [303 if answer.location else answer.status_code for answer in answers]


# Mistakes foreseen


def code_alone(login_form: type) -> type:
    from flask_wtf import FlaskForm

    class LoginForm(FlaskForm):
        code = StringField("Code", [Regexp("[0-9]{6}$")])

    return LoginForm


def code_as_number(login_form: type) -> type:
    class LoginForm(login_form):
        code = IntegerField("Code", [DataRequired("Donnez votre code.")])

    return LoginForm


def code_unfinished(login_form: type) -> type:
    class LoginForm(login_form):
        code = StringField("Code", [Regexp("[0-9]{6}", message="Six chiffres.")], filters=[strip])

    return LoginForm


def code_of_six_signs(login_form: type) -> type:
    class LoginForm(login_form):
        code = StringField("Code", [DataRequired(), Length(min=6, max=6)], filters=[strip])

    return LoginForm


def code_stripped_too_early(login_form: type) -> type:
    class LoginForm(login_form):
        code = StringField("Code", [Regexp("[0-9]{6}$")], filters=[str.strip])

    return LoginForm


def code_with_its_spaces(login_form: type) -> type:
    class LoginForm(login_form):
        code = StringField("Code", [Regexp("[0-9]{6}$", message="Six chiffres.")])

    return LoginForm


def code_of_any_script(login_form: type) -> type:
    class LoginForm(login_form):
        code = StringField("Code", [Regexp(r"\d{6}$", message="Six chiffres.")], filters=[strip])

    return LoginForm


def counter_for_all() -> Flask:
    app = Flask("visites")
    seen = []

    @app.get("/")
    def index():
        seen.append(1)
        return f"Visites : {len(seen)}"

    return app


def counter_that_trusts() -> Flask:
    app = visit_counter()

    def index():
        known = int(request.cookies.get("visits", 0)) + 1
        response = make_response(f"Visites : {known}")
        response.set_cookie("visits", str(known), httponly=True, samesite="Lax")
        return response

    app.view_functions["index"] = index
    return app


def counter_unprotected() -> Flask:
    app = visit_counter()

    @app.after_request
    def strip_protection(response):
        if cookie := response.headers.get("Set-Cookie"):
            response.headers["Set-Cookie"] = re.sub("; (HttpOnly|SameSite=Lax)", "", cookie)
        return response

    return app


def counter_never_set() -> Flask:
    app = Flask("visites")

    @app.get("/")
    def index():
        return f"Visites : {int(request.cookies.get('visits', 0)) + 1}"

    return app


def counter_by_link() -> Flask:
    app = visit_counter()
    forget = app.view_functions["forget"]
    app.add_url_rule("/oublier", "link", forget, methods=["GET"])
    return app


def booking_variant(page: str, refusal: int = 400) -> Flask:
    """Return the same application with another template, or another status for a refusal."""
    app = Flask("traversee")

    @app.route("/", methods=["GET", "POST"])
    def book():
        typed = {key: request.form.get(key, "").strip() for key in ("name", "seats")}
        errors = faults(typed) if request.method == "POST" else {}
        if request.method == "POST" and not errors:
            return redirect(url_for("thanks"))
        shown = render_template_string(page, typed=typed, errors=errors)
        return shown, refusal if errors else 200

    app.add_url_rule("/merci", "thanks", lambda: "Merci !")
    return app


def booking_that_forgets() -> Flask:
    return booking_variant(BOOKING.replace("{{ typed[key] }}", ""))


def booking_unescaped() -> Flask:
    return booking_variant(BOOKING.replace("typed[key]", "typed[key]|safe"))


def booking_all_is_well() -> Flask:
    return booking_variant(BOOKING, refusal=200)


def booking_mute() -> Flask:
    return booking_variant(re.sub("{% if .*endif %}", "", BOOKING))


def booking_that_converts() -> Flask:
    app = booking()
    book = app.view_functions["book"]

    def convert_first():
        int(request.form.get("seats", "1"))
        return book()

    app.view_functions["book"] = convert_first
    return app


def booking_on_the_spot() -> Flask:
    app = booking()
    book = app.view_functions["book"]

    def at_once():
        answer = book()
        return answer if isinstance(answer, tuple) else "C'est noté."

    app.view_functions["book"] = at_once
    return app


# Exercises

LOOK = "GET : les champs de la page"
ZEROS = "le code 000042, avec des espaces autour"
SHORT = "le code 42"
LETTER = "le code 31415a"
LONG = "le code 3141592"
ARABIC = "le code ٣١٤١٥٩ : d'autres chiffres que 0 à 9"

CODE = Exercise(
    with_code,
    label="ex-flask-forms-with-code",
    hints=(
        "Une classe hérite de ses champs comme de ses méthodes : `class LoginForm(login_form):`, "
        "et il ne reste à écrire que le champ de plus.",
        "Un code n'est pas un nombre : 000042 n'est pas 42. Prenez un `StringField`, et le "
        "validateur `Regexp`, qui compare le *début* du texte à un motif.",
        '`code = StringField("Code", [DataRequired(), Regexp("[0-9]{6}$")], filters=[strip])`, où '
        "`strip(text)` ôte les espaces, et rend `None` tel quel : c'est ce qu'il reçoit au GET.",
    ),
    cases=[
        Case(LOOK, first_look, ["code", "password", "username"]),
        Case("Ada, et le code 314159", signing_in("314159"), IN),
        Case(ZEROS, signing_in(" 000042 "), IN),
        Case("sans code", signing_in(None), refused("code")),
        Case(SHORT, signing_in("42"), refused("code")),
        Case(LETTER, signing_in("31415a"), refused("code")),
        Case(LONG, signing_in("3141592"), refused("code")),
        Case(ARABIC, signing_in("٣١٤١٥٩"), refused("code")),
        Case(
            "le bon code, et un mot de passe faux",
            signing_in("314159", password="faux"),
            refused("password"),
        ),
    ],
    mistakes=[
        Mistake(
            "Votre formulaire a perdu le nom et le mot de passe : héritez de `login_form`, non de "
            "`FlaskForm`.",
            code_alone,
            lambda failure: isinstance(failure.error, TemplateError),
        ),
        Mistake(
            "Un filtre est appelé aussi quand rien n'a été envoyé, et reçoit alors `None` : "
            "laissez-le passer.",
            code_stripped_too_early,
            lambda failure: (
                failure.case == LOOK and isinstance(failure.error, (TypeError, AttributeError))
            ),
        ),
        Mistake(
            "Deux chiffres ont suffi. Un code n'est pas un nombre : `IntegerField` ne compte pas "
            "ses chiffres, et 000042 y vaut 42. Prenez un `StringField`.",
            code_as_number,
            lambda failure: failure.case == SHORT and failure.value == IN,
        ),
        Mistake(
            "`Regexp` compare le début du texte, et se moque de la suite : finissez le motif par "
            "`$`.",
            code_unfinished,
            lambda failure: failure.case == LONG and failure.value == IN,
        ),
        Mistake(
            "Six signes ne sont pas six chiffres : `Length` compte, sans regarder. `Regexp` fait "
            "les deux.",
            code_of_six_signs,
            lambda failure: failure.case == LETTER and failure.value == IN,
        ),
        Mistake(
            "Un code copié vient souvent avec une espace : ôtez celles du début et de la fin, par "
            "`filters=[…]`.",
            code_with_its_spaces,
            lambda failure: failure.case == ZEROS and failure.value.startswith("400, code"),
        ),
        Mistake(
            r"`\d` et `isdigit` acceptent les chiffres de toutes les écritures : pour 0 à 9, "
            "écrivez `[0-9]`.",
            code_of_any_script,
            lambda failure: failure.case == ARABIC and failure.value == IN,
        ),
    ],
)

THREE = "trois visites"
TWO = "Ada, Ada, Grace, puis Ada"
PROTECTED = "les attributs du cookie"
ODD = "un cookie qui vaut abc, -3, rien, 1.5, ² ou un nombre de 50 chiffres"
BY_LINK = "GET /oublier"

VISITS = Exercise(
    visit_counter,
    label="ex-flask-forms-visit-counter",
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
    cases=[
        Case(THREE, three_visits, ["Visites : 1", "Visites : 2", "Visites : 3"]),
        Case(TWO, two_visitors, ["Visites : 1", "Visites : 2", "Visites : 1", "Visites : 3"]),
        Case(
            PROTECTED,
            protections,
            Expect("HttpOnly et SameSite", lambda got: "httponly" in got and len(got) == 2),
        ),
        Case(ODD, altered, ["Visites : 1"] * 6),
        Case("POST /oublier, puis une visite", forgotten, (True, "/", "Visites : 1")),
        Case(
            BY_LINK, lambda stage, make: built(make).test_client().get("/oublier").status_code, 405
        ),
    ],
    mistakes=[
        Mistake(
            "Votre compteur est dans le programme : tous les visiteurs s'y ajoutent. Mettez-le "
            "dans un cookie, chez chacun d'eux.",
            counter_for_all,
            lambda failure: (
                failure.case == TWO and failure.value[2:] == ["Visites : 3", "Visites : 4"]
            ),
        ),
        Mistake(
            "Vous lisez le cookie, mais personne ne l'a écrit : `response.set_cookie(…)`, sur la "
            "réponse que vous rendez.",
            counter_never_set,
            lambda failure: failure.case == THREE and set(failure.value) == {"Visites : 1"},
        ),
        Mistake(
            "Un cookie arrive de chez le visiteur, qui y met ce qu'il veut. Ne donnez à `int` "
            "que ce que vous avez reconnu.",
            counter_that_trusts,
            lambda failure: failure.case == ODD and (failure.error or failure.value),
        ),
        Mistake(
            "Ce cookie ne sert qu'au serveur : mettez-le hors de portée des scripts "
            '(`httponly=True`) et des autres sites (`samesite="Lax"`).',
            counter_unprotected,
            lambda failure: failure.case == PROTECTED and len(failure.value) < 2,
        ),
        Mistake(
            "`/oublier` répond aussi à GET : le premier robot qui suit vos liens effacera tout. "
            "POST seulement.",
            counter_by_link,
            lambda failure: failure.case == BY_LINK and failure.value in (200, 302, 303),
        ),
    ],
)

WORD = "le nom Ada, et « douze » places"
MARKED = f"le nom {MARKUP}, et 0 place"
BOTH = "les deux champs sont faux : que dit la page ?"
GOOD = "le nom Ada et 3 places, puis la page d'après"

BOOKING_EXERCISE = Exercise(
    booking,
    label="ex-flask-forms-booking",
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
    cases=[
        Case(
            "GET : le formulaire vide",
            blank_page,
            (200, ["name", "seats"], 0),
        ),
        Case(
            GOOD,
            redirected,
            Expect(
                "une redirection vers /merci, qui répond 200",
                lambda got: got[0] in (302, 303) and got[1:] == ("/merci", 200),
            ),
        ),
        Case(
            "Ada, et 0, 1, 8, puis 9 places",
            seats_at_the_limits,
            [400, 303, 303, 400],
        ),
        Case(WORD, booked(name="Ada", seats="douze"), (400, {"name": "Ada", "seats": "douze"})),
        Case(
            "un nom vide, et 3 places",
            booked(name=" ", seats="3"),
            Expect(
                "400, et le 3 est toujours là",
                lambda got: got[0] == 400 and got[1]["seats"] == "3",
            ),
        ),
        Case(MARKED, marked_up, (400, MARKUP, False)),
        Case(BOTH, number_of_errors, Expect("un élément de classe error par champ", two_or_more)),
        Case(
            "un POST sans aucun champ",
            lambda stage, make: send(built(make).test_client()).status_code,
            400,
        ),
    ],
    mistakes=[
        Mistake(
            "« douze » est arrivé jusqu'à `int`, qui a levé une exception : une faute de frappe ne "
            "doit pas faire une erreur 500.",
            booking_that_converts,
            lambda failure: failure.case == WORD and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Le formulaire revient vide : il faut tout retaper. Remettez dans `value` ce qui a été "
            "reçu.",
            booking_that_forgets,
            lambda failure: failure.case == WORD and not any(failure.value[1].values()),
        ),
        Mistake(
            "Ce qui a été tapé est devenu du HTML ! Laissez Jinja l'échapper (ni `|safe`, ni "
            "f-string), entre guillemets.",
            booking_unescaped,
            lambda failure: failure.case == MARKED and failure.value[2],
        ),
        Mistake(
            "La page refuse, mais son code dit 200 : un programme croira que c'est réservé. "
            "Rendez aussi `400`.",
            booking_all_is_well,
            lambda failure: failure.case == WORD and failure.value[0] == 200,
        ),
        Mistake(
            "La page est refusée sans un mot : dites, à côté de chaque champ, ce qui ne va pas, "
            "dans un élément de classe `error`.",
            booking_mute,
            lambda failure: failure.case == BOTH and failure.value == 0,
        ),
        Mistake(
            "Vous répondez au POST par une page : la recharger réserverait encore. Redirigez vers "
            "`/merci`.",
            booking_on_the_spot,
            lambda failure: failure.case == GOOD and failure.value[0] == 200,
        ),
    ],
)
