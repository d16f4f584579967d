"""A form of demo5 with a field more."""

# Solution
from wtforms import StringField
from wtforms.validators import DataRequired, Regexp


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


# Exercise
from jinja2 import TemplateError
from wtforms import IntegerField

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.flask import Page, look_at_demo5, refused, sign_in, told

EXERCISE = Exercise(
    with_code,
    hints=(
        "Une classe hérite de ses champs comme de ses méthodes : `class LoginForm(login_form):`, "
        "et il ne reste à écrire que le champ de plus.",
        "Un code n'est pas un nombre : 000042 n'est pas 42. Prenez un `StringField`, et le "
        "validateur `Regexp`, qui compare le *début* du texte à un motif.",
        '`code = StringField("Code", [DataRequired(), Regexp("[0-9]{6}$")], filters=[strip])`, où '
        "`strip(text)` ôte les espaces, et rend `None` tel quel : c'est ce qu'il reçoit au GET.",
    ),
)
SIGNED_IN = "302, vers /home"
ADA = {"username": "ada", "password": "machine analytique"}


def answer(program: Program, **fields: str) -> str:
    return told(*program.beside(sign_in, "code", ADA | fields))


@EXERCISE.case("GET : les champs de la page", expect=["code", "password", "username"])
def look(stage: Stage, program: Program):
    return sorted(Page(program.beside(look_at_demo5, "code")).fields)


@EXERCISE.case("Ada, et le code 314159", expect=SIGNED_IN)
def right(stage: Stage, program: Program):
    return answer(program, code="314159")


@EXERCISE.case("le code 000042, avec des espaces autour", expect=SIGNED_IN)
def zeros(stage: Stage, program: Program):
    return answer(program, code=" 000042 ")


@EXERCISE.case("sans code", expect=refused("code"))
def no_code(stage: Stage, program: Program):
    return answer(program)


@EXERCISE.case("le code 42", expect=refused("code"))
def short(stage: Stage, program: Program):
    return answer(program, code="42")


@EXERCISE.case("le code 31415a", expect=refused("code"))
def letter(stage: Stage, program: Program):
    return answer(program, code="31415a")


@EXERCISE.case("le code 3141592", expect=refused("code"))
def long(stage: Stage, program: Program):
    return answer(program, code="3141592")


@EXERCISE.case("le code ٣١٤١٥٩ : d'autres chiffres que 0 à 9", expect=refused("code"))
def arabic(stage: Stage, program: Program):
    return answer(program, code="٣١٤١٥٩")


@EXERCISE.case("le bon code, et un mot de passe faux", expect=refused("password"))
def wrong_password(stage: Stage, program: Program):
    return answer(program, code="314159", password="faux")


EXERCISE.mistake(
    "Votre formulaire a perdu le nom et le mot de passe : héritez de `login_form`, non de "
    "`FlaskForm`.",
    raises=TemplateError,
)(variant(with_code, ("LoginForm(login_form)", "LoginForm(login_form.__base__)")))

EXERCISE.mistake(
    "Un filtre est appelé aussi quand rien n'a été envoyé, et reçoit alors `None` : "
    "laissez-le passer.",
    on=look,
    raises=(TypeError, AttributeError),
)(variant(with_code, ("[strip]", "[str.strip]")))


@EXERCISE.mistake(
    "Deux chiffres ont suffi. Un code n'est pas un nombre : `IntegerField` ne compte pas "
    "ses chiffres, et 000042 y vaut 42. Prenez un `StringField`.",
    on=short,
    gives=SIGNED_IN,
)
def as_number(login_form: type) -> type:
    class LoginForm(login_form):
        code = IntegerField("Code", [DataRequired("Donnez votre code.")])

    return LoginForm


EXERCISE.mistake(
    "`Regexp` compare le début du texte, et se moque de la suite : finissez le motif par `$`.",
    on=long,
    gives=SIGNED_IN,
)(variant(with_code, ("{6}$", "{6}")))

EXERCISE.mistake(
    "Six signes ne sont pas six chiffres : `Length` compte, sans regarder. `Regexp` fait les deux.",
    on=letter,
    gives=SIGNED_IN,
)(variant(with_code, ("[0-9]{6}", ".{6}")))

EXERCISE.mistake(
    "Un code copié vient souvent avec une espace : ôtez celles du début et de la fin, par "
    "`filters=[…]`.",
    on=zeros,
    seen=lambda failure: failure.value.startswith("400, code"),
)(variant(with_code, ("filters=[strip],", "")))

EXERCISE.mistake(
    r"`\d` et `isdigit` acceptent les chiffres de toutes les écritures : pour 0 à 9, "
    "écrivez `[0-9]`.",
    on=arabic,
    gives=SIGNED_IN,
)(variant(with_code, ('"[0-9]{6}$"', r'r"\d{6}$"')))

EXERCISE.accepts()(variant(with_code, ('"[0-9]{6}$"', r'r"^[0-9]{6}\Z"')))
