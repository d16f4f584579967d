"""The blocks of an event stream, whose lines come one by one."""

# Solution
from collections.abc import Iterable, Iterator


def parse_events(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the fields of each block of an event stream, given line by line.

    A block ends with an empty line: one that is cut is not yielded, no more than comments are.
    """
    block: dict[str, str] = {}
    for line in lines:
        if not line and block:
            yield block
            block = {}
        name, _, value = line.partition(":")
        if not name:  # an empty line, or a comment
            continue
        value = value.removeprefix(" ")
        block[name] = f"{block[name]}\n{value}" if name == "data" and name in block else value


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant

EXERCISE = Exercise(
    parse_events,
    hints=(
        "Une boucle sur les lignes, un dictionnaire que l'on remplit. Quelle ligne dit que "
        "l'événement est complet ?",
        "`line.partition(':')` coupe au *premier* deux-points. Une ligne vide finit le bloc ; une "
        "ligne qui commence par deux-points est un commentaire.",
        "À la ligne vide : `yield block`, puis `block = {}` pour le suivant, si le bloc n'est pas "
        "vide. À la fin du flux, rien : ce qui n'est pas fini n'a pas été reçu.",
    ),
)


def blocks(program: Program, text: str) -> object:
    """Return what is read of a stream."""
    return [dict(block) for block in program(text.splitlines())]


@EXERCISE.case(
    "un événement et ses trois champs", expect=[{"id": "7", "event": "user", "data": "12"}]
)
def three_fields(stage: Stage, program: Program):
    return blocks(program, "id: 7\nevent: user\ndata: 12\n\n")


@EXERCISE.case("`retry` et `id` seulement, sans espace", expect=[{"retry": "2000", "id": "6"}])
def no_space(stage: Stage, program: Program):
    return blocks(program, "retry:2000\nid:6\n\n")


@EXERCISE.case("des deux-points dans la valeur", expect=[{"id": "7", "data": '{"at": "08:00:07"}'}])
def colons(stage: Stage, program: Program):
    return blocks(program, 'id: 7\ndata: {"at": "08:00:07"}\n\n')


@EXERCISE.case(
    "deux événements, dont le second n'a pas d'identifiant",
    expect=[{"id": "7", "data": "a"}, {"data": "b"}],
)
def two_events(stage: Stage, program: Program):
    return blocks(program, "id: 7\ndata: a\n\ndata: b\n\n")


@EXERCISE.case("un commentaire, puis un événement", expect=[{"id": "8", "data": "a"}])
def comment(stage: Stage, program: Program):
    return blocks(program, ": toujours là\n\nid: 8\ndata: a\n\n")


@EXERCISE.case("des données sur deux lignes", expect=[{"data": "a\nb"}])
def two_lines(stage: Stage, program: Program):
    return blocks(program, "data: a\ndata: b\n\n")


@EXERCISE.case("le flux est coupé au milieu du second événement", expect=[{"id": "7", "data": "a"}])
def cut(stage: Stage, program: Program):
    return blocks(program, "id: 7\ndata: a\n\nid: 8\ndata: moi")


EXERCISE.mistake(
    "La valeur aussi contient des deux-points : ne coupez qu'au premier "
    "(`partition`, ou `split(':', 1)`).",
    on=colons,
    verdict="faux",
)(
    variant(
        parse_events,
        ('name, _, value = line.partition(":")', 'name, value = (line + ":").split(":")[:2]'),
    )
)

EXERCISE.mistake(
    "Le second événement a gardé des champs du premier : repartez d'un dictionnaire neuf.",
    on=two_events,
    seen=lambda failure: len(failure.value) == 2,
)(variant(parse_events, ("yield block\n            block = {}", "yield dict(block)")))

EXERCISE.mistake(
    "Une ligne qui commence par deux-points est un commentaire : on l'ignore.",
    on=comment,
    seen=lambda failure: len(failure.value) == 2,
)(variant(parse_events, ("if not name:", "if not line:")))

EXERCISE.mistake(
    "Plusieurs lignes `data` font un seul texte de plusieurs lignes : la seconde "
    "n'efface pas la première.",
    on=two_lines,
    gives=[{"data": "b"}],
)(
    variant(
        parse_events,
        ('f"{block[name]}\\n{value}" if name == "data" and name in block else value', "value"),
    )
)


@EXERCISE.mistake(
    "Sans ligne vide, l'événement n'est pas fini : le donner, c'est risquer d'en donner la moitié.",
    on=cut,
    seen=lambda failure: len(failure.value) == 2,
)
def unfinished(lines):
    yield from parse_events([*lines, ""])
