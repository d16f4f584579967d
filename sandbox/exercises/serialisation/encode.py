"""A measurement becomes JSON, and comes back as it was."""

# Solution
import base64
import json
from datetime import datetime

from sandbox.checking.plays.measurements import Measurement


def encode(measurement: Measurement) -> bytes:
    """Return `measurement` as JSON: date in ISO 8601, bytes in base64."""
    signature = base64.b64encode(measurement.signature)
    fields = {
        "sensor": measurement.sensor,
        "taken": measurement.taken.isoformat(),
        "values": measurement.values,
        "signature": signature.decode("ascii"),
    }
    return json.dumps(fields).encode()


def decode(data: bytes) -> Measurement:
    """Return the measurement that `encode` wrote.

    Raises:
        ValueError: not JSON, or a field is missing or cannot be read.
    """
    try:
        fields = json.loads(data)
        return Measurement(
            sensor=fields["sensor"],
            taken=datetime.fromisoformat(fields["taken"]),
            values=tuple(fields["values"]),
            signature=base64.b64decode(fields["signature"], validate=True),
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"mesure illisible : {error}") from error


# Exercise
import pickle
from dataclasses import replace
from datetime import UTC, timedelta, timezone

from sandbox.checking import Exercise, Expect, Program, variant
from sandbox.checking.plays import measurements
from sandbox.checking.plays.refusals import refusals

EXERCISE = Exercise(
    encode,
    decode,
    hints=(
        "JSON n'a de place ni pour une date ni pour des octets : ces deux champs s'écrivent en "
        "texte. Au retour, un troisième a changé de type sans rien dire.",
        "À l'aller, `isoformat()` et `base64.b64encode(…).decode()`. Au retour, "
        "`datetime.fromisoformat`, `base64.b64decode` et `tuple`.",
        "Dans `decode`, entourez tout d'un `try` : un champ absent lève `KeyError`, autre chose "
        "qu'un objet `TypeError`. Attrapez-les, et levez `ValueError`.",
    ),
    provided=(Measurement,),
)
MORNING = datetime(2026, 3, 20, 8, 30, tzinfo=UTC)
IN_PARIS = datetime(2026, 3, 20, 9, 30, 0, 123456, timezone(timedelta(hours=1)))
MEASUREMENT = Measurement("girouette", MORNING, (12.5, 13.0), b"\x00\xff")
ONE_LESS = measurements.without_each_field(encode(MEASUREMENT))
BARE = {"sensor": "été\n« toit »", "taken": datetime(2026, 3, 20), "values": (), "signature": b""}


def is_well_written(value: tuple[str, dict]) -> bool:
    """Tell whether the four fields stand as asked; ISO 8601 allows several forms."""
    kind, fields = value
    return kind in ("bytes", "bytearray") and (
        fields.keys() == {"sensor", "taken", "values", "signature"}
        and datetime.fromisoformat(fields["taken"]) == MORNING
        and (fields["values"], fields["signature"]) == ([12.5, 13.0], "AP8=")
    )


def there_and_back(program: Program, look=measurements.fields_of, **changes: object):
    """Return what one sees of a measurement that was encoded, then decoded."""
    data = program(replace(MEASUREMENT, **changes))
    return program.beside(look, data, of="decode")


written = EXERCISE.case(
    "`encode` de la mesure de l'énoncé",
    expect=Expect("du JSON : quatre champs, date ISO 8601, octets en base64", is_well_written),
)(lambda stage, program: measurements.json_in(program(MEASUREMENT)))
types = EXERCISE.case(
    "le type de chaque champ au retour", expect=["str", "datetime", "tuple", "bytes"]
)(lambda stage, program: measurements.types(there_and_back(program)))
zone = EXERCISE.case(
    "une date à l'heure de Paris, avec ses microsecondes",
    expect="2026-03-20T09:30:00.123456+01:00",
)(lambda stage, program: there_and_back(program, measurements.date_of, taken=IN_PARIS))
EXERCISE.case(
    "aucune valeur, aucun octet, une date sans fuseau, un nom en deux lignes", expect=BARE
)(lambda stage, program: measurements.values(there_and_back(program, **BARE)))
EXERCISE.case(
    "`decode` sans `sensor`, puis sans `taken`, `values`, `signature`", expect=["ValueError"] * 4
)(lambda stage, program: refusals(program.decode, *ONE_LESS))
EXERCISE.case("`decode` de `b'bonjour'`, `b'\xff'`, `b''`, `b'[]'`", expect=["ValueError"] * 4)(
    lambda stage, program: refusals(program.decode, b"bonjour", b"\xff", b"", b"[]")
)

EXERCISE.mistake(
    "`encode` rend un texte, et le réseau veut des octets : terminez par `.encode()`.",
    on=written,
    seen=lambda failure: failure.value[0] == "str",
    beside=(decode,),
)(variant(encode, ("dumps(fields).encode()", "dumps(fields)")))

EXERCISE.mistake(
    "Ce sont des octets de pickle : c'est du JSON qui est demandé, que tout langage sait "
    "lire et qui n'exécute rien.",
    on=written,
    seen=lambda failure: failure.value[1].startswith(b"\x80"),
    beside=(pickle.loads,),
)(pickle.dumps)

EXERCISE.mistake(
    "Votre signature est en hexadécimal. L'énoncé veut de la base64, plus courte : "
    "`base64.b64encode(…).decode()`.",
    on=written,
    seen=lambda failure: failure.value[1]["signature"] == "00ff",
    beside=(variant(decode, ("base64.b64decode", "bytes.fromhex"), (", validate=True", "")),),
)(variant(encode, ('signature.decode("ascii")', "measurement.signature.hex()")))

EXERCISE.mistake(
    "Le tuple est revenu en liste, seule suite que JSON connaisse : passez-la à `tuple`.",
    on=types,
    seen=lambda failure: failure.value[2] == "list",
    beside=(variant(decode, ('tuple(fields["values"])', 'fields["values"]')),),
)(encode)

EXERCISE.mistake(
    "La date a perdu ses secondes ou son fuseau en route : `isoformat()` n'oublie rien.",
    on=zone,
    verdict="faux",
    beside=(decode,),
)(variant(encode, ("isoformat()", 'strftime("%Y-%m-%dT%H:%M+00:00")')))

EXERCISE.mistake(
    "Un champ absent lève `KeyError`, un tableau `TypeError` : attrapez-les, et levez "
    "`ValueError`, la seule que l'appelant attend.",
    seen=lambda failure: {"KeyError", "TypeError"} & set(failure.value),
    beside=(variant(decode, ("KeyError, TypeError, ", "")),),
)(encode)
