"""The last traceback of a log: where it leads in a file, and the error's name."""

# Solution
import re


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


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant

EXERCISE = Exercise(
    read_traceback,
    hints=(
        "Une trace commence par `Traceback (most recent call last):` ; la plus récente est la "
        "dernière du journal. Elle se lit de bas en haut.",
        '`log.rpartition(…)` isole la dernière trace. Les lignes `File "…", line N` donnent la '
        "pile : la dernière qui passe par `path` est la bonne.",
        "`re.findall(rf'File \"{re.escape(path)}\", line (\\d+)', last)[-1]` donne la ligne. "
        "L'erreur est en début de ligne, avant `:`. Si rien n'est trouvé, levez `ValueError`.",
    ),
)
MINE = "/home/ada/site/app.py"
HERE = '  File "/home/ada/site/app.py", line {line}, in {view}\n    …\n'
FLASK = '  File "/home/ada/.venv/lib/flask/app.py", line 1511, in wsgi_app\n    …\n'
JINJA = '  File "/home/ada/site/templates/index.html", line 3, in top-level template code\n'
START = "Traceback (most recent call last):\n"
REQUEST = '127.0.0.1 - - [20/Mar/2026 08:30:00] "GET / HTTP/1.1" 500 -\n'
GOOD_LINE = REQUEST.replace("500", "200")
ZERO = "ZeroDivisionError: division by zero\n"
IN_INDEX = HERE.format(line=12, view="index")
IN_WHEEL = HERE.format(line=31, view="wheel")


def read(program: Program, *log: str) -> object:
    """Return what is read in a log, the exception's name when it is ValueError."""
    try:
        return program("".join(log), MINE)
    except ValueError:
        return "ValueError"


@EXERCISE.case("une erreur, après trois requêtes réussies", expect=(12, "ZeroDivisionError"))
def one(stage: Stage, program: Program):
    return read(program, GOOD_LINE * 3, START, FLASK, IN_INDEX, ZERO, REQUEST)


@EXERCISE.case("deux erreurs l'une après l'autre", expect=(31, "KeyError"))
def twice(stage: Stage, program: Program):
    first, second = (START, IN_INDEX, ZERO, REQUEST), (START, IN_WHEEL, "KeyError: 'name'\n")
    return read(program, *first, *second, REQUEST)


@EXERCISE.case("l'erreur est dans une fonction que la vue appelle", expect=(20, "ValueError"))
def deep(stage: Stage, program: Program):
    stack = HERE.format(line=8, view="index"), HERE.format(line=20, view="helper")
    return read(program, START, *stack, "ValueError: trop grand : 12\n")


@EXERCISE.case("l'erreur vient d'un gabarit", expect=(9, "jinja2.exceptions.UndefinedError"))
def in_a_template(stage: Stage, program: Program):
    error = "jinja2.exceptions.UndefinedError: 'nom' is undefined\n"
    return read(program, START, HERE.format(line=9, view="home"), JINJA, error)


@EXERCISE.case("une exception sans message", expect=(5, "AssertionError"))
def no_message(stage: Stage, program: Program):
    return read(program, START, HERE.format(line=5, view="index"), "AssertionError\n")


@EXERCISE.case("une trace qui ne passe que par Flask", expect="ValueError")
def not_mine(stage: Stage, program: Program):
    error = "TypeError: The view function did not return…\n"
    return read(program, START, FLASK, error, REQUEST)


@EXERCISE.case("un journal sans erreur", expect="ValueError")
def nothing(stage: Stage, program: Program):
    return read(program, GOOD_LINE * 2)


@EXERCISE.mistake(
    "Vous lisez la première trace du journal ; c'est la dernière qui vient d'arriver : "
    "`rpartition` coupe à partir de la fin.",
    on=twice,
    gives=(12, "ZeroDivisionError"),
)
def first_of_all(log: str, path: str) -> tuple[int, str]:
    _, _, first = log.partition(START)
    return read_traceback(START + first.partition(START)[0], path)


EXERCISE.mistake(
    "Flask a aussi un fichier nommé `app.py`, et il est dans toutes les traces : comparez "
    "le chemin entier.",
    on=not_mine,
    seen=lambda failure: failure.value[0] == 1511,
)(variant(read_traceback, ("{re.escape(path)}", ".*/app.py")))

EXERCISE.mistake(
    "Vous vous arrêtez en haut de la pile. L'erreur a eu lieu tout en bas : prenez la "
    "dernière ligne qui passe par votre fichier.",
    on=deep,
    gives=(8, "ValueError"),
)(variant(read_traceback, ("lines[-1]", "lines[0]")))

EXERCISE.mistake(
    "Le nom de l'erreur s'arrête aux deux points : son message n'en fait pas partie.",
    on=one,
    seen=lambda failure: ":" in failure.value[1],
)(variant(read_traceback, (r"([\w.]+)(?::|$)", r"([\w.]+(?::.*)?)$")))

EXERCISE.mistake(
    "La ligne est un nombre : `int(…)`.",
    seen=lambda failure: failure.value[0] == "12",
)(variant(read_traceback, ("int(lines[-1])", "lines[-1]")))


@EXERCISE.mistake(
    "Quand il n'y a pas d'erreur à lire, levez `ValueError` : rendre `None` fera planter "
    "l'appelant plus loin.",
    on=(not_mine, nothing),
    gives=None,
)
def gives_none(log: str, path: str) -> tuple[int, str] | None:
    try:
        return read_traceback(log, path)
    except ValueError:
        return None
