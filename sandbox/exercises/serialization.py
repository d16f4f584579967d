"""Exercises of lesson 04: values become bytes, come back, and are not taken at their word."""

import base64
import contextlib
import json
import math
import pickle
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.checking import Case, Exercise, Expect, Failure, Mistake, Stage
from sandbox.exercises.client_tcp import read_exactly
from sandbox.serving.tcp import close_gently
from sandbox.wire import BadNetwork

# Solutions

#: How many bytes a client of `serve_wind` may announce.
MAX_SIZE = 65_536

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

Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


@dataclass(frozen=True)
class Measurement:
    """What one sensor saw at one moment."""

    sensor: str
    taken: datetime
    values: tuple[float, ...]
    signature: bytes


class WindMessage(BaseModel):
    """What the station may say; nothing is converted."""

    model_config = ConfigDict(strict=True)

    sensor: str = Field(min_length=1)
    wind: float = Field(ge=0, le=120, allow_inf_nan=False)


def encode(measurement: Measurement) -> bytes:
    """Return `measurement` as a JSON object in UTF-8.

    The date is in ISO 8601, the bytes are in base64.
    """
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
        signature = base64.b64decode(fields["signature"], validate=True)
        return Measurement(
            sensor=fields["sensor"],
            taken=datetime.fromisoformat(fields["taken"]),
            values=tuple(fields["values"]),
            signature=signature,
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"mesure illisible : {error}") from error


def read_wind(payload: bytes) -> dict:
    """Return the valid message in `payload`: ``sensor`` and ``wind``.

    Raises:
        ValueError: the bytes hold anything else; its text names the
            fields at fault, or JSON.
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


def serve_wind(connection: socket.socket) -> None:
    """Answer each length-prefixed message until the client leaves.

    Answers are JSON objects with ``status``, ``msg`` and ``data``, framed
    the same way. A client that announces more than `MAX_SIZE` bytes is told
    so, then left.
    """
    count = 0
    with contextlib.suppress(ConnectionError):  # it hangs up when it likes
        while True:
            size = int.from_bytes(read_exactly(connection, 4), "big")
            if size > MAX_SIZE:
                why = f"{size} octets annoncés, {MAX_SIZE} au plus"
                send_json(connection, refusal(why))
                return close_gently(connection)
            try:
                read_wind(read_exactly(connection, size))
            except ValueError as error:
                answer = refusal(str(error))
            else:
                count += 1
                data = {"count": count}
                answer = {"status": True, "msg": "noté", "data": data}
            send_json(connection, answer)


def refusal(why: str) -> dict:
    """Return the answer that says no."""
    return {"status": False, "msg": why, "data": {}}


def send_json(connection: socket.socket, answer: dict) -> None:
    """Send `answer`, preceded by its length on four bytes."""
    payload = json.dumps(answer).encode()
    connection.sendall(len(payload).to_bytes(4, "big") + payload)


def compare(value: Any, codecs: Mapping[str, Codec], tries: int = 5) -> dict:
    """Send `value` there and back through each ``(dumps, loads)``.

    Returns:
        By name: ``size`` in bytes, ``seconds`` there and back (best of
        `tries`), ``faithful`` (does what comes back equal what left?);
        None for a format that refuses the value.
    """
    results = {}
    for name, (dumps, loads) in codecs.items():
        seconds = math.inf
        try:
            for _ in range(tries):
                start = time.perf_counter()
                data = dumps(value)
                back = loads(data)
                seconds = min(seconds, time.perf_counter() - start)
        except Exception:  # each format has its own way of saying no
            results[name] = None
        else:
            results[name] = {
                "size": len(data),
                "seconds": seconds,
                "faithful": back == value,
            }
    return results


# What they are tried on

MORNING = datetime(2026, 3, 20, 8, 30, tzinfo=UTC)
MEASUREMENT = Measurement("girouette", MORNING, (12.5, 13.0), b"\x00\xff")
PARIS = timezone(timedelta(hours=1))

ENCODE = Callable[[Measurement], bytes]
DECODE = Callable[[bytes], Measurement]


def there_and_back(encode: ENCODE, decode: DECODE, **changes: object) -> Measurement:
    return decode(encode(replace(MEASUREMENT, **changes)))


def types_of(measurement: Measurement) -> list[str]:
    return [type(value).__name__ for value in vars(measurement).values()]


def written(encode: ENCODE) -> tuple[str, object]:
    """Return the type of what `encode` gives, and the JSON value it holds."""
    data = encode(MEASUREMENT)
    try:
        return type(data).__name__, json.loads(data)
    except ValueError:
        return type(data).__name__, data


def is_well_written(value: tuple[str, dict]) -> bool:
    """Tell whether the four fields stand as asked; ISO 8601 allows several forms."""
    kind, fields = value
    return kind in ("bytes", "bytearray") and (
        fields.keys() == {"sensor", "taken", "values", "signature"}
        and datetime.fromisoformat(fields["taken"]) == MORNING
        and fields["values"] == [12.5, 13.0]
        and fields["signature"] == "AP8="
    )


def refusals(function: Callable[[bytes], object], *payloads: bytes) -> list[str]:
    """Return what each payload raises, by its type's name; "accepté" when nothing."""
    found = []
    for payload in payloads:
        try:
            function(payload)
            found.append("accepté")
        except ValueError:
            found.append("ValueError")
        except Exception as error:
            found.append(type(error).__name__)
    return found


def without_each_field() -> list[bytes]:
    fields = json.loads(encode(MEASUREMENT))
    return [
        json.dumps({name: value for name, value in fields.items() if name != missing}).encode()
        for missing in fields
    ]


def wind(value: str) -> bytes:
    """Return a message whose wind is written `value`."""
    return b'{"sensor": "toit", "wind": ' + value.encode() + b"}"


def told(function: Callable[[bytes], dict], payload: bytes) -> object:
    """Return what the message is read as, or the refusal with its reason."""
    try:
        return function(payload)
    except ValueError as error:
        return "refusé", str(error)


def naming(*words: str) -> Expect:
    """Expect a ValueError whose text has one of `words`."""
    return Expect(
        f"ValueError, avec « {' » ou « '.join(words)} »",
        lambda value: value[0] == "refusé" and any(word in value[1] for word in words),
    )


def next_answer(connection: socket.socket) -> object:
    """Return the next answer of a server, or tell what came instead."""
    try:
        size = int.from_bytes(read_exactly(connection, 4), "big")
        if size > MAX_SIZE:
            return f"une longueur annoncée de {size} octets"
        return json.loads(read_exactly(connection, size))
    except TimeoutError:
        return SILENCE
    except ConnectionError:
        return GONE
    except ValueError:
        return "des octets qui ne sont pas du JSON"


SILENCE = "rien : votre serveur se tait"
GONE = "plus rien : votre serveur a raccroché"


def answers(
    stage: Stage, function: Callable, *payloads: bytes, network: BadNetwork | tuple = ()
) -> list:
    """Send each payload after the answer to the one before; stop at what is no answer."""
    connection = stage.connect(stage.serve(function, network))
    found = []
    for payload in payloads:
        send_message(connection, payload)
        found.append(next_answer(connection))
        if isinstance(found[-1], str):
            break
    return found


def counts(stage: Stage, function: Callable, *payloads: bytes, **network: Any) -> list:
    """Return the count in each answer, "refusé" for a refusal."""
    found = answers(stage, function, *payloads, **network)
    return [
        answer
        if not isinstance(answer, dict)
        else answer["data"]["count"]
        if answer["status"]
        else "refusé"
        for answer in found
    ]


def two_at_once(stage: Stage, function: Callable) -> list:
    connection = stage.connect(stage.serve(function))
    connection.sendall(2 * (len(GOOD).to_bytes(4, "big") + GOOD))
    return [next_answer(connection)["data"], next_answer(connection)["data"]]


def announce_too_much(stage: Stage, function: Callable) -> tuple:
    connection = stage.connect(stage.serve(function))
    connection.sendall((MAX_SIZE + 1).to_bytes(4, "big"))
    answer = next_answer(connection)
    return (answer["status"], next_answer(connection)) if isinstance(answer, dict) else (answer,)


def each_its_own_count(stage: Stage, function: Callable) -> list:
    tap = stage.serve(function)
    found = []
    for _ in range(2):
        connection = stage.connect(tap)
        send_message(connection, GOOD)
        found.append(next_answer(connection)["data"]["count"])
    return found


def leave_in_the_middle(stage: Stage, function: Callable) -> object:
    ours, theirs = stage.pair()
    ours.sendall(len(GOOD).to_bytes(4, "big") + GOOD[:5])
    ours.close()
    return function(theirs)


def send_message(connection: socket.socket, payload: bytes) -> None:
    connection.sendall(len(payload).to_bytes(4, "big") + payload)


JSON: Codec = (lambda value: json.dumps(value).encode(), json.loads)
PICKLE: Codec = (pickle.dumps, pickle.loads)


def impossible(value: object) -> bytes:
    raise OverflowError("je refuse")


def slow_codec(writing: float, reading: float, fast: int = 0) -> Codec:
    """Return JSON slowed down by that many seconds, except for its `fast`-th writing."""
    calls = 0

    def dumps(value: object) -> bytes:
        nonlocal calls
        calls += 1
        time.sleep(0 if calls == fast or calls > 20 else writing)
        return JSON[0](value)

    def loads(data: bytes) -> object:
        time.sleep(reading)
        return json.loads(data)

    return dumps, loads


# Mistakes foreseen


def list_left(data: bytes) -> Measurement:
    measurement = decode(data)
    return replace(measurement, values=list(measurement.values))


def as_text(measurement: Measurement) -> str:
    return encode(measurement).decode()


def in_hexadecimal(measurement: Measurement) -> bytes:
    fields = json.loads(encode(measurement))
    return json.dumps({**fields, "signature": measurement.signature.hex()}).encode()


def from_hexadecimal(data: bytes) -> Measurement:
    fields = json.loads(data)
    signature = base64.b64encode(bytes.fromhex(fields["signature"])).decode()
    return decode(json.dumps({**fields, "signature": signature}).encode())


def to_the_minute(measurement: Measurement) -> bytes:
    taken = measurement.taken.strftime("%Y-%m-%dT%H:%M+00:00")
    return json.dumps({**json.loads(encode(measurement)), "taken": taken}).encode()


def key_error(data: bytes) -> Measurement:
    fields = json.loads(data)
    return Measurement(
        sensor=fields["sensor"],
        taken=datetime.fromisoformat(fields["taken"]),
        values=tuple(fields["values"]),
        signature=base64.b64decode(fields["signature"]),
    )


def by_hand(payload: bytes) -> dict:
    """Read a wind without a schema, nearly right: the mistakes below differ from it."""
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError):
        raise ValueError("pas du JSON") from None
    if not isinstance(message, dict):
        raise ValueError("pas un objet JSON")
    sensor, speed = message.get("sensor"), message.get("wind")
    if not isinstance(sensor, str) or not sensor:
        raise ValueError("sensor doit être un texte")
    if type(speed) not in (int, float) or not 0 <= speed <= 120:
        raise ValueError("wind doit être un nombre de 0 à 120")
    return {"sensor": sensor, "wind": speed}


def bool_is_int(payload: bytes) -> dict:
    return by_hand(payload.replace(b"true", b"1"))


def converts(payload: bytes) -> dict:
    return by_hand(payload.replace(b'"12"', b"12"))


def no_upper_bound(payload: bytes) -> dict:
    return by_hand(payload.replace(b"1e999", b"120").replace(b"121", b"120"))


def fields_by_force(payload: bytes) -> dict:
    message = json.loads(payload)
    message["sensor"], message["wind"]
    return by_hand(payload)


def no_depth(payload: bytes) -> dict:
    if payload.startswith(b"[[["):
        raise RecursionError("maximum recursion depth exceeded")
    return by_hand(payload)


def mute(payload: bytes) -> dict:
    try:
        return by_hand(payload)
    except ValueError:
        raise ValueError("message invalide") from None


def gives_none(payload: bytes) -> dict | None:
    try:
        return by_hand(payload)
    except ValueError:
        return None


def serve_badly(
    connection: socket.socket,
    *,
    read: Callable[[socket.socket, int], bytes] = read_exactly,
    reply: Callable[[socket.socket, dict], None] = send_json,
    once: bool = False,
    limit: int = MAX_SIZE,
    counts_all: bool = False,
    after_refusal: Callable[[ValueError], None] = lambda error: None,
    shared: list | None = None,
) -> None:
    """Serve as `serve_wind`, but for what is asked otherwise."""
    received = [] if shared is None else shared
    with contextlib.suppress(ConnectionError):
        while True:
            size = int.from_bytes(read(connection, 4), "big")
            if size > limit:
                return reply(connection, refusal(f"{size} octets"))
            payload = read(connection, size)
            received += [payload] if counts_all else []
            try:
                read_wind(payload)
                received += [] if counts_all else [payload]
                reply(connection, {"status": True, "msg": "noté", "data": {"count": len(received)}})
            except ValueError as error:
                reply(connection, refusal(str(error)))
                after_refusal(error)
            if once:
                return None


def one_message(connection: socket.socket) -> None:
    serve_badly(connection, once=True)


def no_length(connection: socket.socket) -> None:
    serve_badly(connection, reply=lambda to, answer: to.sendall(json.dumps(answer).encode()))


def one_recv(connection: socket.socket) -> None:
    serve_badly(connection, read=lambda of, size: of.recv(size) or read_exactly(of, size))


def no_limit(connection: socket.socket) -> None:
    serve_badly(connection, limit=2**32)


def counts_everything(connection: socket.socket) -> None:
    serve_badly(connection, counts_all=True)


def stops_at_a_refusal(connection: socket.socket) -> None:
    def give_up(error: ValueError) -> None:
        raise error

    serve_badly(connection, after_refusal=give_up)


def one_count_for_all(connection: socket.socket) -> None:
    serve_badly(connection, shared=EVERYBODY_S)


EVERYBODY_S: list[bytes] = []


def leaves_a_trace(connection: socket.socket) -> None:
    serve_badly(connection)
    raise ConnectionError("le client est parti")


def compare_badly(
    value: object,
    codecs: Mapping[str, Codec],
    *,
    timed: Callable[[float, float], float] = lambda writing, reading: writing + reading,
    chosen: Callable[[list[float]], float] = min,
    same: Callable[[object, object], bool] = lambda back, value: back == value,
    tries: int = 5,
) -> dict:
    """Compare as `compare`, but for what is asked otherwise; a refusal is not foreseen."""
    results = {}
    for name, (dumps, loads) in codecs.items():
        times = []
        for _ in range(tries):
            started = time.perf_counter()
            data = dumps(value)
            written_at = time.perf_counter()
            back = loads(data)
            times.append(timed(written_at - started, time.perf_counter() - written_at))
        results[name] = {
            "size": len(data),
            "seconds": chosen(times),
            "faithful": same(back, value),
        }
    return results


def without_refusals(codecs: Mapping[str, Codec]) -> dict[str, Codec]:
    return {name: codec for name, codec in codecs.items() if codec[0] is not impossible}


def writing_only(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(value, without_refusals(codecs), timed=lambda writing, reading: writing)


def average(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(
        value, without_refusals(codecs), chosen=lambda times: sum(times) / len(times)
    )


def once_only(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(value, without_refusals(codecs), tries=1)


def always_faithful(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(value, without_refusals(codecs), same=lambda back, value: True)


def same_object(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(value, without_refusals(codecs), same=lambda back, value: back is value)


def forgets_refusals(value: object, codecs: Mapping[str, Codec]) -> dict:
    return compare_badly(value, without_refusals(codecs))


# Exercises

WRITTEN = "`encode` de la mesure de l'énoncé"
TYPES = "le type de chaque champ au retour"
ZONE = "une date à l'heure de Paris, avec ses microsecondes"
NO_FIELD = "`decode` sans `sensor`, puis sans `taken`, `values`, `signature`"
NO_JSON = "`decode` de `b'bonjour'`, `b'\xff'`, `b''`, `b'[]'`"

ENCODE_DECODE = Exercise(
    encode,
    decode,
    label="ex-serialisation-encode",
    hints=(
        "JSON n'a de place ni pour une date ni pour des octets : ces deux champs s'écrivent en "
        "texte. Au retour, un troisième a changé de type sans rien dire.",
        "À l'aller, `isoformat()` et `base64.b64encode(…).decode()`. Au retour, "
        "`datetime.fromisoformat`, `base64.b64decode` et `tuple`.",
        "Dans `decode`, entourez tout d'un `try` : un champ absent lève `KeyError`, autre chose "
        "qu'un objet `TypeError`. Attrapez-les, et levez `ValueError`.",
    ),
    cases=[
        Case(
            WRITTEN,
            lambda stage, encode, decode: written(encode),
            Expect("du JSON : quatre champs, date ISO 8601, octets en base64", is_well_written),
        ),
        Case(
            TYPES,
            lambda stage, encode, decode: types_of(there_and_back(encode, decode)),
            ["str", "datetime", "tuple", "bytes"],
        ),
        Case(
            ZONE,
            lambda stage, encode, decode: there_and_back(
                encode, decode, taken=datetime(2026, 3, 20, 9, 30, 0, 123456, PARIS)
            ).taken.isoformat(),
            "2026-03-20T09:30:00.123456+01:00",
        ),
        Case(
            "aucune valeur, aucun octet, une date sans fuseau, un nom en deux lignes",
            lambda stage, encode, decode: vars(
                there_and_back(
                    encode,
                    decode,
                    sensor="été\n« toit »",
                    taken=datetime(2026, 3, 20),
                    values=(),
                    signature=b"",
                )
            ),
            {
                "sensor": "été\n« toit »",
                "taken": datetime(2026, 3, 20),
                "values": (),
                "signature": b"",
            },
        ),
        Case(
            NO_FIELD,
            lambda stage, encode, decode: refusals(decode, *without_each_field()),
            ["ValueError"] * 4,
        ),
        Case(
            NO_JSON,
            lambda stage, encode, decode: refusals(decode, b"bonjour", b"\xff", b"", b"[]"),
            ["ValueError"] * 4,
        ),
    ],
    mistakes=[
        Mistake(
            "`encode` rend un texte, et le réseau veut des octets : terminez par `.encode()`.",
            (as_text, decode),
            lambda failure: failure.case == WRITTEN and failure.value[0] == "str",
        ),
        Mistake(
            "Ce sont des octets de pickle : c'est du JSON qui est demandé, que tout langage sait "
            "lire et qui n'exécute rien.",
            (pickle.dumps, pickle.loads),
            lambda failure: failure.case == WRITTEN and failure.value[1].startswith(b"\x80"),
        ),
        Mistake(
            "Votre signature est en hexadécimal. L'énoncé veut de la base64, plus courte : "
            "`base64.b64encode(…).decode()`.",
            (in_hexadecimal, from_hexadecimal),
            lambda failure: failure.case == WRITTEN and failure.value[1]["signature"] == "00ff",
        ),
        Mistake(
            "Le tuple est revenu en liste, seule suite que JSON connaisse : passez-la à `tuple`.",
            (encode, list_left),
            lambda failure: failure.case == TYPES and failure.value[2] == "list",
        ),
        Mistake(
            "La date a perdu ses secondes ou son fuseau en route : `isoformat()` n'oublie rien.",
            (to_the_minute, decode),
            lambda failure: failure.case == ZONE and failure.verdict == "faux",
        ),
        Mistake(
            "Un champ absent lève `KeyError`, un tableau `TypeError` : attrapez-les, et levez "
            "`ValueError`, la seule que l'appelant attend.",
            (encode, key_error),
            lambda failure: {"KeyError", "TypeError"} & set(failure.value),
        ),
    ],
)

GOOD = b'{"sensor": "toit", "wind": 12}'
NO_WIND = b'{"sensor": "toit"}'
BOOLEAN = "`wind` vaut `true`"
TEXT = '`wind` vaut `"12"`'
TOO_MUCH = "`wind` vaut `121`, puis `1e999` (l'infini)"
DEEP = "cent mille crochets ouvrants"
MISSING = '`{"sensor": "toit"}`'
NOT_AN_OBJECT = '`["toit", 12]`'


def told_nothing(failure: Failure) -> bool:
    return failure.value[0] == "refusé" and "wind" not in failure.value[1]


READ_WIND = Exercise(
    read_wind,
    label="ex-serialisation-read-wind",
    hints=(
        "Écrivez ce qui est acceptable, plutôt que la liste de ce qui ne l'est pas : c'est le "
        "travail d'un schéma.",
        "Un `BaseModel` de pydantic, avec `ConfigDict(strict=True)`, `Field(min_length=1)` et "
        "`Field(ge=0, le=120, allow_inf_nan=False)`, puis `model_validate_json`.",
        "`error.errors()` donne une liste de problèmes : `problem['loc'][0]` est le nom du champ, "
        "et `problem['loc']` est vide quand ce n'est pas un objet JSON. Levez `ValueError` avec.",
    ),
    cases=[
        Case(
            '`{"sensor": "toit", "wind": 12}`',
            lambda stage, f: told(f, GOOD),
            {"sensor": "toit", "wind": 12},
        ),
        Case(
            "les bornes, et un champ de plus",
            lambda stage, f: [
                told(f, b'{"sensor": "x", "wind": %b, "jour": "lundi"}' % speed)
                for speed in (b"0", b"120.0")
            ],
            [{"sensor": "x", "wind": 0}, {"sensor": "x", "wind": 120}],
        ),
        Case(MISSING, lambda stage, f: told(f, NO_WIND), naming("wind")),
        Case(
            '`sensor` vaut `""`',
            lambda stage, f: told(f, b'{"sensor": "", "wind": 12}'),
            naming("sensor"),
        ),
        Case(BOOLEAN, lambda stage, f: told(f, wind("true")), naming("wind")),
        Case(TEXT, lambda stage, f: told(f, wind('"12"')), naming("wind")),
        Case(
            TOO_MUCH,
            lambda stage, f: [told(f, wind("121")), told(f, wind("1e999"))],
            Expect(
                "deux ValueError, avec « wind »",
                lambda value: all(each[0] == "refusé" and "wind" in each[1] for each in value),
            ),
        ),
        Case("`wind` vaut `NaN`", lambda stage, f: told(f, wind("NaN")), naming("wind", "JSON")),
        Case(NOT_AN_OBJECT, lambda stage, f: told(f, b'["toit", 12]'), naming("JSON")),
        Case("`b'\xff\xfe'`", lambda stage, f: told(f, b"\xff\xfe"), naming("JSON")),
        Case(DEEP, lambda stage, f: told(f, b"[" * 100_000), naming("JSON")),
    ],
    mistakes=[
        Mistake(
            "Un refus se dit par une exception : rendre `None` laisse l'appelant continuer comme "
            "si de rien n'était. Levez `ValueError`.",
            gives_none,
            lambda failure: failure.case == MISSING and failure.value in (None, False, {}),
        ),
        Mistake(
            "Votre refus ne dit pas quel champ est en cause : l'expéditeur ne saura pas quoi "
            "corriger. Mettez son nom dans le message.",
            mute,
            lambda failure: failure.case == MISSING and told_nothing(failure),
        ),
        Mistake(
            "`True` est un `int` pour Python : `isinstance(value, (int, float))` ne suffit pas.",
            bool_is_int,
            lambda failure: failure.case == BOOLEAN and isinstance(failure.value, dict),
        ),
        Mistake(
            'Vous convertissez le texte `"12"` en nombre : en JSON, un nombre s\'écrit sans '
            "guillemets, et l'autre s'est trompé. Refusez.",
            converts,
            lambda failure: failure.case == TEXT and isinstance(failure.value, dict),
        ),
        Mistake(
            "Un vent trop fort, ou infini, est passé : `1e999` se lit comme l'infini. Vérifiez "
            "`0 <= wind <= 120`.",
            no_upper_bound,
            lambda failure: (
                failure.case == TOO_MUCH and any(isinstance(each, dict) for each in failure.value)
            ),
        ),
        Mistake(
            "Un champ absent, ou un tableau à la place d'un objet, lève chez vous une autre "
            "exception. Seule `ValueError` est promise.",
            fields_by_force,
            lambda failure: isinstance(failure.error, KeyError | TypeError | AttributeError),
        ),
        Mistake(
            "Cent mille crochets font perdre pied au lecteur : `RecursionError` n'est pas une "
            "`ValueError`. Attrapez-la aussi.",
            no_depth,
            lambda failure: failure.case == DEEP and isinstance(failure.error, RecursionError),
        ),
    ],
)

ONE = "un message valable"
THREE = "valable, refusé, valable, sur une même connexion"
IN_PIECES = "les mêmes, sur un réseau qui coupe"
TOO_BIG = "le client annonce 65 537 octets, et attend"
LEAVES = "le client raccroche au milieu d'un message"
TWO_CLIENTS = "deux clients, un message chacun"
FULL = wind("12").replace(b"toit", b"t" * (MAX_SIZE - len(GOOD) + 4))

SERVE_WIND = Exercise(
    serve_wind,
    label="ex-serialisation-serve-wind",
    hints=(
        "Une boucle sans fin : lire une longueur, lire autant d'octets, répondre. Qu'est-ce qui "
        "l'arrête ?",
        "`read_exactly` (leçon précédente) lit la longueur puis le message, et lève "
        "`ConnectionError` quand le client est parti : c'est la fin normale.",
        "Contrôlez la longueur avant de lire ; puis `try: read_wind(…)`, `except ValueError as "
        "error` pour répondre le refus, et continuez la boucle. Encadrez aussi vos réponses.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, f: answers(stage, f, GOOD),
            [{"status": True, "msg": "noté", "data": {"count": 1}}],
        ),
        Case(THREE, lambda stage, f: counts(stage, f, GOOD, NO_WIND, GOOD), [1, "refusé", 2]),
        Case(
            "un refus dit pourquoi",
            lambda stage, f: answers(stage, f, NO_WIND),
            Expect(
                "status false, le champ dans msg, data vide",
                lambda value: (
                    value[0]["status"] is False
                    and "wind" in value[0]["msg"]
                    and value[0]["data"] == {}
                ),
            ),
        ),
        Case(
            IN_PIECES,
            lambda stage, f: counts(
                stage,
                f,
                GOOD,
                NO_WIND,
                GOOD,
                network=BadNetwork(fragment=9, direction="client→server"),
            ),
            [1, "refusé", 2],
        ),
        Case(
            "deux messages d'un coup, dans le même envoi", two_at_once, [{"count": 1}, {"count": 2}]
        ),
        Case(
            "un message de 65 536 octets juste",
            lambda stage, f: counts(stage, f, FULL),
            [1],
        ),
        Case(TOO_BIG, announce_too_much, (False, GONE)),
        Case(TWO_CLIENTS, each_its_own_count, [1, 1]),
        Case(
            LEAVES,
            leave_in_the_middle,
            Expect("la fonction se termine, sans exception", lambda value: True),
        ),
    ],
    mistakes=[
        Mistake(
            "Votre réponse part sans sa longueur : le client prend ses quatre premiers octets pour "
            "une longueur.",
            no_length,
            lambda failure: failure.received.startswith(b"{"),
        ),
        Mistake(
            "Vous raccrochez après un message : recommencez, jusqu'à ce que le client parte.",
            one_message,
            lambda failure: failure.case == THREE and failure.value == [1, GONE],
        ),
        Mistake(
            "Un seul message refusé, et votre serveur s'arrête : répondez le refus, puis passez au "
            "message suivant.",
            stops_at_a_refusal,
            lambda failure: (
                isinstance(failure.error, ValueError) or failure.value == [1, "refusé", GONE]
            ),
        ),
        Mistake(
            "Vous comptez aussi les messages refusés : seuls les valables comptent.",
            counts_everything,
            lambda failure: failure.case == THREE and failure.value[2] == 3,
        ),
        Mistake(
            "Vous n'avez lu qu'un morceau : `recv` rend au plus n octets. `read_exactly` insiste.",
            one_recv,
            lambda failure: failure.case == IN_PIECES,
        ),
        Mistake(
            "Le client a annoncé trop, et vous attendez quand même ses octets : un malotru vous "
            "ferait lire quatre gigaoctets. Refusez avant de lire.",
            no_limit,
            lambda failure: failure.case == TOO_BIG and failure.value[0] == SILENCE,
        ),
        Mistake(
            "Le compte d'un client continue chez le suivant : c'est une variable de la connexion, "
            "pas du programme.",
            one_count_for_all,
            lambda failure: failure.case == TWO_CLIENTS and failure.value[1] != 1,
        ),
        Mistake(
            "Le client est parti, ce qui est son droit : attrapez `ConnectionError` et terminez "
            "sans bruit.",
            leaves_a_trace,
            lambda failure: failure.case == LEAVES and isinstance(failure.error, ConnectionError),
        ),
    ],
)

SIZES = "JSON, sur `[1, 2]` : la taille et la fidélité"
TUPLE = "JSON et pickle, sur `('toit', 3)` : la fidélité"
REFUSES = "un format qui refuse la valeur, puis JSON"
BOTH_WAYS = "un format qui met 0,02 s à écrire et 0,06 s à lire"
BEST = "un format lent, sauf une fois sur cinq"


def faithful(results: dict) -> dict:
    return {name: row["faithful"] for name, row in results.items()}


COMPARE = Exercise(
    compare,
    label="ex-serialisation-compare",
    hints=(
        "Une boucle sur les formats ; dedans, une boucle sur les essais. Chaque essai écrit, "
        "relit, et regarde sa montre avant et après.",
        "`time.perf_counter()` est la montre. Gardez le plus petit des temps ; comparez par `==` "
        "ce qui revient à ce qui est parti.",
        "Mettez les essais d'un format dans un `try` : s'il refuse, quelle que soit l'exception, "
        "`results[name] = None`, et au suivant.",
    ),
    cases=[
        Case(
            SIZES,
            lambda stage, f: {
                name: row[name]
                for row in f([1, 2], {"JSON": JSON}).values()
                for name in row
                if name != "seconds"
            },
            {"size": 6, "faithful": True},
        ),
        Case(
            TUPLE,
            lambda stage, f: faithful(f(("toit", 3), {"JSON": JSON, "pickle": PICKLE})),
            {"JSON": False, "pickle": True},
        ),
        Case(
            BOTH_WAYS,
            lambda stage, f: f([1], {"lent": slow_codec(0.02, 0.06)})["lent"]["seconds"],
            Expect("au moins 0,08 s", lambda seconds: 0.08 <= seconds < 1.5),
        ),
        Case(
            BEST,
            lambda stage, f: f([1], {"lent": slow_codec(0.1, 0, fast=2)})["lent"]["seconds"],
            Expect("le meilleur temps, sous 0,05 s", lambda seconds: 0 <= seconds < 0.05),
        ),
        Case(
            REFUSES,
            lambda stage, f: [
                row and row["size"]
                for row in f([1], {"têtu": (impossible, json.loads), "JSON": JSON}).values()
            ],
            [None, 3],
        ),
        Case("aucun format", lambda stage, f: f([1], {}), {}),
    ],
    mistakes=[
        Mistake(
            "`is` demande si c'est le même objet, ce qui n'arrive jamais après un voyage : "
            "comparez par `==`.",
            same_object,
            lambda failure: failure.case == SIZES and failure.value["faithful"] is False,
        ),
        Mistake(
            "JSON rend une liste pour un tuple, et vous le dites fidèle : comparez ce qui revient "
            "à ce qui est parti.",
            always_faithful,
            lambda failure: failure.case == TUPLE and failure.value["JSON"] is True,
        ),
        Mistake(
            "Vous n'avez chronométré que l'écriture : l'aller-retour comprend la lecture.",
            writing_only,
            lambda failure: failure.case == BOTH_WAYS and failure.value < 0.06,
        ),
        Mistake(
            "Un essai peut être ralenti par un voisin, jamais accéléré : essayez plusieurs fois et "
            "gardez le plus petit des temps, pas la moyenne ni le premier.",
            average,
            lambda failure: failure.case == BEST and failure.verdict == "faux",
        ),
        Mistake(
            "Un format refuse la valeur, et tout s'arrête, ou il manque dans vos résultats : "
            "attrapez son exception, quelle qu'elle soit, et rendez `None` pour lui.",
            forgets_refusals,
            lambda failure: failure.case == REFUSES,
        ),
    ],
)
