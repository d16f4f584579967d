"""A formula refused kindly: what is wrong with it, and what was perhaps meant."""

# Solution
import ast
import difflib

ALLOWED = (
    *(ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub),
)


def refusal(text, names):
    """Return why a formula is refused, in a sentence; an empty string if it is not."""
    if len(text) > 200:
        return "Cette formule est trop longue : 200 signes au plus."
    try:
        nodes = list(ast.walk(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "Cette formule est incomplète ou mal écrite : a-t-on mis tous les * ?"
    for node in nodes:
        if not isinstance(node, ALLOWED):
            return f"« {ast.unparse(node)} » n’est pas permis."
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            return f"« {ast.unparse(node)} » n’est pas un nombre."
    found = {node.id: None for node in nodes if isinstance(node, ast.Name)}
    return " ".join(unknown_name(name, names) for name in found if name not in names)


def unknown_name(name, names):
    close = difflib.get_close_matches(name, names, n=1)
    return f"« {name} » est inconnu" + (f" : vouliez-vous dire « {close[0]} » ?" if close else ".")


# Exercise
from sandbox.checking import Case, Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays import ode

EXERCISE = Exercise(
    refusal,
    hints=(
        "Trois raisons de refuser, dans l'ordre : le texte ne se lit pas, l'arbre contient un "
        "nœud qui n'est pas permis, un nom est inconnu.",
        "`ast.walk(ast.parse(text.strip(), mode='eval').body)` donne tous les nœuds, opérateurs "
        "compris. Comparez le type de chacun à une liste de types permis, dont `ast.Load`.",
        "`ast.parse` lève `SyntaxError`, et parfois `ValueError`, `RecursionError` ou "
        "`MemoryError`. Les noms sont les `node.id` des `ast.Name` ; "
        "`difflib.get_close_matches(nom, names, n=1)` rend une liste, peut-être vide.",
    ),
)
SENTENCE = Expect("une phrase", ode.speaks)
CLOSE = Expect("une phrase avec sim et sin, sans énumérer le reste", ode.suggests)
BOTH = Expect("une phrase avec x et zoe", lambda got: {"x", "zoe"} <= ode.names_in(got))
FOUR = Expect("quatre phrases", lambda got: len(got) == 4 and all(map(ode.speaks, got)))
UNHARMED = Expect("une phrase, et rien d'exécuté", ode.is_unharmed)
UNDER = Expect("400, et votre phrase sous le champ", ode.suggests_below)


def judged(formula: str, expect: object = "", given: str = "") -> Case:
    judge = EXERCISE.case(given or formula, expect=expect)
    return judge(lambda stage, program: program(formula, ode.NAMES))


judged("y * (1 - y)")
judged(" -2.5 * exp(-t) ** 2 / pi")
close = judged("sim(t) + y", CLOSE)
two = judged("x + 3 * zoe", BOTH)
unfinished = judged("2 * (y", SENTENCE)


@EXERCISE.case("sans nom inconnu : `'a' * 9`, `[y]`, `y if t else 0`, `True`", expect=FOUR)
def others(stage: Stage, program: Program):
    return [program(text, ode.NAMES) for text in ("'a' * 9", "[y]", "y if t else 0", "True")]


long = judged("+".join(["y"] * 1001), SENTENCE, "une formule de 2001 signes")


@EXERCISE.case("une formule qui attrape les variables d'environnement", expect=UNHARMED)
def trapped(stage: Stage, program: Program):
    return program.beside(ode.sprung)


@EXERCISE.case("dans la page : sim(t) * y", expect=UNDER)
def in_the_page(stage: Stage, program: Program):
    return program.beside(ode.beside_the_field, "sim(t) * y")


@EXERCISE.mistake(
    "La formule a été exécutée. `eval` ne se désarme pas : lisez l'arbre, avec `ast`.",
    on=trapped,
    gives=ode.FALLEN,
)
def by_eval(text, names):
    eval(text, {"__builtins__": {}}, dict.fromkeys(names, 1.0))
    return ""


EXERCISE.mistake(
    "Une formule mal écrite doit donner une phrase, pas une exception : entourez `ast.parse` d'un "
    "`try`.",
    on=unfinished,
    raises=SyntaxError,
)(variant(refusal, ("except (SyntaxError, ", "except (")))


@EXERCISE.mistake(
    "Dites *quel* nom est inconnu : celui qui a écrit la formule le cherche peut-être depuis dix "
    "minutes.",
    on=close,
    seen=lambda failure: "sim" not in ode.names_in(failure.value),
)
def vague(text, names):
    return "Formule incorrecte." if refusal(text, names) else ""


@EXERCISE.mistake(
    "Vous énumérez tous les noms permis : proposez seulement celui qui ressemble, avec "
    "`difflib.get_close_matches`.",
    on=close,
    seen=lambda failure: "log" in ode.names_in(failure.value),
)
def whole_list(text, names):
    return refusal(text, names) and f"{refusal(text, names)} On connaît {', '.join(sorted(names))}."


EXERCISE.mistake(
    "Vous vous arrêtez au premier nom inconnu : qui en a mal écrit deux veut le savoir d'un coup.",
    on=two,
    seen=lambda failure: len({"x", "zoe"} & ode.names_in(failure.value)) == 1,
)(variant(refusal, ("for name in found", "for name in list(found)[:1]")))

EXERCISE.mistake(
    "Vous ne regardez que les noms : un texte, une liste ou un `if` n'en contiennent pas "
    "d'inconnu. Dressez la liste des nœuds permis, et refusez tous les autres.",
    on=others,
    seen=lambda failure: "" in failure.value,
)(variant(refusal, ("for node in nodes:", "for node in ():")))

EXERCISE.mistake(
    "Une formule de 2000 signes passe : fixez une limite de 200 avant même de la lire.",
    on=long,
    gives="",
)(variant(refusal, ("> 200", "> 20_000")))
