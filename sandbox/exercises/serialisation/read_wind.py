"""Bytes from anybody: what is acceptable is read, the rest is refused with its reason."""

# Solution
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class WindMessage(BaseModel):
    """What the station may say; nothing is converted."""

    model_config = ConfigDict(strict=True)

    sensor: str = Field(min_length=1)
    wind: float = Field(ge=0, le=120, allow_inf_nan=False)


#: What pydantic finds wrong with a field, said in French to whoever sent it.
REASONS = {
    "missing": "manque",
    "string_type": "doit être un texte",
    "string_too_short": "ne doit pas être vide",
    "float_type": "doit être un nombre",
    "finite_number": "doit être un nombre fini",
    "greater_than_equal": "doit valoir au moins 0",
    "less_than_equal": "doit valoir au plus 120",
}


def read_wind(payload: bytes) -> dict:
    """Return the valid message in `payload`: ``sensor`` and ``wind``.

    Raises:
        ValueError: anything else; its text names the field at fault, or JSON.
    """
    try:
        return WindMessage.model_validate_json(payload).model_dump()
    except ValidationError as error:
        reasons = " ; ".join(map(reason, error.errors()))
        raise ValueError(reasons) from None


def reason(problem: Mapping[str, Any]) -> str:
    """Say in French what one of pydantic's errors is about."""
    if not problem["loc"]:
        return "il faut un objet JSON en UTF-8"
    complaint = REASONS.get(problem["type"], "ne convient pas")
    return f"{problem['loc'][0]} {complaint}"


# Exercise
import json

from sandbox.checking import Exercise, Expect, variant
from sandbox.checking.plays.refusals import naming, reading, reading_each

EXERCISE = Exercise(
    read_wind,
    hints=(
        "Écrivez ce qui est acceptable, plutôt que la liste de ce qui ne l'est pas : c'est le "
        "travail d'un schéma.",
        "Un `BaseModel` de pydantic, avec `ConfigDict(strict=True)`, `Field(min_length=1)` et "
        "`Field(ge=0, le=120, allow_inf_nan=False)`, puis `model_validate_json`.",
        "`error.errors()` donne une liste de problèmes : `problem['loc'][0]` est le nom du champ, "
        "et `problem['loc']` est vide quand ce n'est pas un objet JSON. Levez `ValueError` avec.",
    ),
)
WIND = b'{"sensor": "toit", "wind": %b}'
BOUND = b'{"sensor": "x", "wind": %b, "jour": "lundi"}'

EXERCISE.case('`{"sensor": "toit", "wind": 12}`', expect={"sensor": "toit", "wind": 12})(
    reading(WIND % b"12")
)
EXERCISE.case(
    "les bornes, et un champ de plus",
    expect=[{"sensor": "x", "wind": 0}, {"sensor": "x", "wind": 120}],
)(reading_each(BOUND % b"0", BOUND % b"120.0"))
missing = EXERCISE.case('`{"sensor": "toit"}`', expect=naming("wind"))(
    reading(b'{"sensor": "toit"}')
)
EXERCISE.case('`sensor` vaut `""`', expect=naming("sensor"))(reading(b'{"sensor": "", "wind": 12}'))
boolean = EXERCISE.case("`wind` vaut `true`", expect=naming("wind"))(reading(WIND % b"true"))
text = EXERCISE.case('`wind` vaut `"12"`', expect=naming("wind"))(reading(WIND % b'"12"'))
too_much = EXERCISE.case(
    "`wind` vaut `121`, puis `1e999` (l'infini)",
    expect=Expect(
        "deux ValueError, avec « wind »",
        lambda value: all(each[0] == "refusé" and "wind" in each[1] for each in value),
    ),
)(reading_each(WIND % b"121", WIND % b"1e999"))
EXERCISE.case("`wind` vaut `NaN`", expect=naming("wind", "JSON"))(reading(WIND % b"NaN"))
EXERCISE.case('`["toit", 12]`', expect=naming("JSON"))(reading(b'["toit", 12]'))
EXERCISE.case("`b'\xff\xfe'`", expect=naming("JSON"))(reading(b"\xff\xfe"))
deep = EXERCISE.case("cent mille crochets ouvrants", expect=naming("JSON"))(reading(b"[" * 100_000))

EXERCISE.mistake(
    "Un refus se dit par une exception : rendre `None` laisse l'appelant continuer comme "
    "si de rien n'était. Levez `ValueError`.",
    on=missing,
    seen=lambda failure: failure.value in (None, False, {}),
)(variant(read_wind, ("raise ValueError(reasons) from None", "return None")))

EXERCISE.mistake(
    "Votre refus ne dit pas quel champ est en cause : l'expéditeur ne saura pas quoi "
    "corriger. Mettez son nom dans le message.",
    on=missing,
    seen=lambda failure: failure.value[0] == "refusé" and "wind" not in failure.value[1],
)(variant(read_wind, ("ValueError(reasons)", 'ValueError("message invalide")')))

EXERCISE.mistake(
    "`True` est un `int` pour Python : `isinstance(value, (int, float))` ne suffit pas.",
    on=boolean,
    seen=lambda failure: isinstance(failure.value, dict),
)(variant(read_wind, ("payload)", 'payload.replace(b"true", b"1"))')))

EXERCISE.mistake(
    'Vous convertissez le texte `"12"` en nombre : en JSON, un nombre s\'écrit sans '
    "guillemets, et l'autre s'est trompé. Refusez.",
    on=text,
    seen=lambda failure: isinstance(failure.value, dict),
)(variant(read_wind, ("payload)", """payload.replace(b'"12"', b"12"))""")))

EXERCISE.mistake(
    "Un vent trop fort, ou infini, est passé : `1e999` se lit comme l'infini. Vérifiez "
    "`0 <= wind <= 120`.",
    on=too_much,
    seen=lambda failure: any(isinstance(each, dict) for each in failure.value),
)(variant(read_wind, ("payload)", 'payload.replace(b"121", b"120"))')))


@EXERCISE.mistake(
    "Un champ absent, ou un tableau à la place d'un objet, lève chez vous une autre "
    "exception. Seule `ValueError` est promise.",
    raises=(KeyError, TypeError, AttributeError),
)
def fields_by_force(payload: bytes) -> dict:
    message = json.loads(payload)
    return read_wind(json.dumps({name: message[name] for name in ("sensor", "wind")}).encode())


@EXERCISE.mistake(
    "Cent mille crochets font perdre pied au lecteur : `RecursionError` n'est pas une "
    "`ValueError`. Attrapez-la aussi.",
    on=deep,
    raises=RecursionError,
)
def no_depth(payload: bytes) -> dict:
    return read_wind(json.dumps(json.loads(payload)).encode())
