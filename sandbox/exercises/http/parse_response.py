"""Read an HTTP response by hand."""

# Solution
import re


def parse_response(data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers (names in lower case) and the body of an HTTP response.

    Raises:
        ValueError: it is no HTTP response, its length is none, or some of it is missing.
    """
    head, empty_line, rest = data.partition(b"\r\n\r\n")
    if not empty_line:
        raise ValueError("les en-têtes ne sont pas finis")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    match = re.fullmatch(r"HTTP/1\.[01] (\d{3})(?: .*)?", status_line)
    if not match:
        raise ValueError(f"ce n'est pas une réponse HTTP : {status_line!r}")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = headers.get("content-length", str(len(rest)))
    if not length.isdecimal():  # int() would take "-1"
        raise ValueError(f"ce n'est pas une longueur : {length!r}")
    if len(rest) < int(length):
        raise ValueError(f"le corps a {len(rest)} octets sur {length}")
    return int(match[1]), headers, rest[: int(length)]


# Exercise
from sandbox.checking import Exercise, Program, Raises, Stage, variant

EXERCISE = Exercise(
    parse_response,
    hints=(
        "Une réponse se coupe en deux, à la première ligne vide. Que contient la gauche ?",
        "`head, empty, rest = data.partition(b'\\r\\n\\r\\n')`, puis `head.decode('latin-1')` et "
        "`split('\\r\\n')` : la première ligne est à part.",
        "Le code est le deuxième mot de la première ligne. Pour chaque autre ligne, "
        "`partition(':')`, le nom en minuscules, la valeur sans ses espaces. Puis comparez "
        "`len(rest)` à `content-length`.",
    ),
)


@EXERCISE.case(
    "`b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'`",
    expect=(200, {"content-length": "2"}, b"ok"),
)
def plain(stage: Stage, program: Program):
    return program(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@EXERCISE.case(
    "des noms d'en-têtes en majuscules, une valeur avec « : »",
    expect=(301, {"location": "http://a:80/"}, b""),
)
def capitals(stage: Stage, program: Program):
    return program(b"HTTP/1.1 301 Moved\r\nLOCATION: http://a:80/\r\n\r\n")


@EXERCISE.case("un corps qui contient `\\r\\n`", expect=b"a\r\n\r\nb\xff")
def two_lines(stage: Stage, program: Program):
    return program(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\na\r\n\r\nb\xff")[2]


@EXERCISE.case("des octets en trop après le corps", expect=b"ok")
def more(stage: Stage, program: Program):
    return program(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404")[2]


@EXERCISE.case(
    "sans Content-Length : `…\\r\\n\\r\\ntout le reste`", expect=(200, {}, b"tout le reste")
)
def no_length(stage: Stage, program: Program):
    return program(b"HTTP/1.0 200 OK\r\n\r\ntout le reste")


@EXERCISE.case("une raison absente : `HTTP/1.1 204`", expect=204)
def no_reason(stage: Stage, program: Program):
    return program(b"HTTP/1.1 204\r\n\r\n")[0]


@EXERCISE.case("Content-Length annonce 10 octets, il y en a 3", expect=Raises(ValueError))
def less(stage: Stage, program: Program):
    return program(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")


@EXERCISE.case("`Content-Length: -1`", expect=Raises(ValueError))
def negative(stage: Stage, program: Program):
    return program(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc")


@EXERCISE.case("`b'Bonjour !\\r\\n\\r\\n'`", expect=Raises(ValueError))
def not_http(stage: Stage, program: Program):
    return program(b"Bonjour !\r\n\r\n")


EXERCISE.mistake(
    "Le code doit être un entier : `int('200')`.",
    seen=lambda it: isinstance(it.value, tuple) and isinstance(it.value[0], str),
)(variant(parse_response, ("int(match[1])", "match[1]")))

EXERCISE.mistake(
    "Les noms d'en-têtes ne distinguent pas les majuscules : mettez-les en minuscules.",
    seen=lambda failure: any(name != name.lower() for name in failure.value[1]),
)(variant(parse_response, ("name.lower()", "name")))

EXERCISE.mistake(
    "Une valeur peut contenir « : ». Ne coupez qu'au premier, par `partition(':')`.",
    on=capitals,
    seen=lambda failure: failure.value[1]["location"] == "http",
)(
    variant(
        parse_response,
        ('name, _, value = line.partition(":")', 'name, value, *_ = line.split(":")'),
    )
)

EXERCISE.mistake(
    "Le corps est fait d'octets quelconques, retours à la ligne compris : ne coupez "
    "qu'à la première ligne vide.",
    on=two_lines,
    verdict="faux",
)(variant(parse_response, ("rest[: int(length)]", 'data.split(b"\\r\\n")[-1]')))

EXERCISE.mistake(
    "Le corps a la longueur que dit Content-Length ; ce qui suit appartient à la réponse suivante.",
    on=more,
    seen=lambda failure: failure.value.startswith(b"okHTTP"),
)(variant(parse_response, ("rest[: int(length)]", "rest")))

EXERCISE.mistake(
    "Il manque des octets au corps, et personne ne le sait : levez `ValueError`.",
    on=less,
    verdict="faux",
)(variant(parse_response, ("len(rest) < int(length)", "False")))

EXERCISE.mistake(
    "`int('-1')` réussit, et `rest[:-1]` ôte un octet sans le dire : levez `ValueError` "
    "quand la longueur n'est pas faite de chiffres (`isdecimal`).",
    on=negative,
    verdict="faux",
)(variant(parse_response, ("not length.isdecimal()", "False")))
