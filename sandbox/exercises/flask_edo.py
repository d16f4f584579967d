"""Exercises of lesson 16: a method behind the form, a second equation, a kind refusal."""

import ast
import difflib
import html
import itertools
import json
import math
import os
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from flask import abort, request
from scipy.integrate import OdeSolver, solve_ivp
from wtforms import ValidationError

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage

# Solutions


class RK4(OdeSolver):
    """The classical Runge–Kutta method, by steps of at most `max_step`."""

    def __init__(self, fun, t0, y0, t_bound, max_step, **options):
        super().__init__(fun, t0, y0, t_bound, vectorized=False)
        self.max_step = max_step

    def _step_impl(self):
        t, y = self.t, self.y
        h = min(self.max_step, self.t_bound - t)
        k1 = self.fun(t, y)
        k2 = self.fun(t + h / 2, y + h / 2 * k1)
        k3 = self.fun(t + h / 2, y + h / 2 * k2)
        k4 = self.fun(t + h, y + h * k3)
        self.t = t + h
        self.y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return True, None


def add_system(demo, max_evaluations=10_000):
    """Add to the demo the route ``/systeme``: y' = f(t, y, z) and z' = g(t, y, z), in JSON."""

    @demo.app.get("/systeme")
    def system():
        formulas = [request.args.get(name, "") for name in ("f", "g")]
        numbers = [request.args.get(name, math.nan, type=float) for name in ("y0", "z0", "end")]
        y0, z0, end = numbers
        if not all(map(math.isfinite, numbers)) or not 0 < end <= 50:
            return {"error": "y0, z0 et end sont des nombres, et end va jusqu’à 50."}, 400
        try:
            f, g = (demo.read_formula(text, {"t", "y", "z"}) for text in formulas)
            return solve_system(f, g, [y0, z0], end)
        except (demo.FormulaError, demo.Stopped) as error:
            return {"error": str(error)}, 400

    def solve_system(f, g, start, end):
        evaluations = itertools.count(1)

        def slopes(t, point):
            if next(evaluations) > max_evaluations:
                raise demo.Stopped("Trop de calculs.")
            here = {"t": float(t), "y": float(point[0]), "z": float(point[1])}
            return [demo.value(f, **here), demo.value(g, **here)]

        times = np.linspace(0, end, 101)
        solution = solve_ivp(slopes, (0, end), start, t_eval=times, rtol=1e-6, atol=1e-9)
        if not solution.success:
            raise demo.Stopped("La solution semble exploser.")
        return {"t": times.tolist(), "y": solution.y[0].tolist(), "z": solution.y[1].tolist()}


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


# What they are tried on

Slopes = Callable[[float, Any], list[float]]


def drive(method: Callable, fun: Slopes, start: list[float], end: float, step: float) -> Any:
    """Solve from 0 to `end` as the demo does; give up after 2000 steps."""
    solver = method(fun, 0.0, start, end, max_step=step, rtol=1e-6, atol=1e-9)
    for _ in range(2000):
        if solver.status != "running":
            break
        solver.step()
    return solver


def one_step(method: Callable, fun: Slopes, start: float, step: float) -> tuple[float, float]:
    """Return t and y after one step."""
    solver = method(fun, 0.0, [start], 10.0, max_step=step, rtol=1e-6, atol=1e-9)
    solver.step()
    return round(float(solver.t), 9), round(float(solver.y[0]), 9)


def last_step(method: Callable) -> tuple[float, str]:
    solver = drive(method, lambda t, y: [1.0], [0.0], 1.0, 0.3)
    return round(float(solver.t), 9), solver.status


def oscillator(method: Callable) -> list[float]:
    solver = drive(method, lambda t, y: [y[1], -y[0]], [1.0, 0.0], 1.0, 0.01)
    return [round(float(each), 6) for each in solver.y]


def gain(method: Callable) -> float:
    """Return by what the error is divided when the step is halved."""
    ends = [drive(method, lambda t, y: [y[0]], [1.0], 1.0, step).y[0] for step in (0.1, 0.05)]
    coarse, fine = (abs(float(end) - math.e) for end in ends)
    return round(coarse / fine, 1)


def in_the_page(stage: Stage, method: Callable, **fields: object) -> tuple[int, dict]:
    """Return what the demo answers to a form filled in with that method: code, and drawing."""
    demo = stage.demo("edo")
    demo.app.config["WTF_CSRF_ENABLED"] = False
    demo.METHODS["RK4"] = method
    filled = demo.EXAMPLES["logistique"] | {"method": "RK4"} | fields
    answer = demo.app.test_client().post("/", data=filled)
    drawing = re.search(r'id="drawing">(.+?)</script>', answer.text)
    return answer.status_code, json.loads(drawing[1]) if drawing else {}


OSCILLATOR = {"f": "z", "g": "-y", "y0": "1", "z0": "0", "end": "10"}


def asked(stage: Stage, add: Callable, **changes: str | None) -> tuple[int, object]:
    """Return the code and the JSON answered to the oscillator's query; None takes one away."""
    query = {name: value for name, value in (OSCILLATOR | changes).items() if value is not None}
    demo = stage.demo("edo")
    add(demo)
    answer = demo.app.test_client().get("/systeme", query_string=query)
    return answer.status_code, answer.json if answer.is_json else "un corps qui n'est pas du JSON"


def all_asked(stage: Stage, add: Callable, *queries: dict) -> list[tuple[int, object]]:
    """Return what is answered to each of these changes, shortened to the refusals' kind."""
    answers = [asked(stage, add, **query) for query in queries]
    return [
        (code, "error" if isinstance(body, dict) and isinstance(body.get("error"), str) else body)
        for code, body in answers
    ]


def each(name: str, *values: str) -> list[dict]:
    return [{name: value} for value in values]


def refused(count: int) -> Expect:
    return Expect(
        "400 et un objet JSON dont le champ error est une phrase",
        lambda got: got == [(400, "error")] * count,
    )


def follows(y: Callable[[float], float], z: Callable[[float], float]) -> Expect:
    """Expect 101 instants from 0 to 10 and the values of two functions."""

    def accepts(got: tuple[int, dict]) -> bool:
        code, body = got
        rows = list(zip(body["t"], body["y"], body["z"], strict=True))
        return (code, len(rows)) == (200, 101) and all(
            abs(row[0] - index / 10) < 1e-6
            and abs(row[1] - y(row[0])) < 1e-3
            and abs(row[2] - z(row[0])) < 1e-3
            for index, row in enumerate(rows)
        )

    return Expect("200 et t, y, z : 101 nombres chacun, justes au millième", accepts)


NAMES = {"t", "y", "pi", "e", "sin", "cos", "exp", "log", "sqrt", "abs"}
TRAP = (
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']"
    "[0].__init__.__globals__['environ'].update(PIEGE='1')"
)


FALLEN = "exécutée"


def sprung(function: Callable) -> str:
    """Return what the function says of a trap, or that it fell into it."""
    os.environ.pop("PIEGE", None)
    sentence = function(TRAP, NAMES)
    return FALLEN if "PIEGE" in os.environ else sentence


def beside_the_field(stage: Stage, function: Callable) -> tuple[int, str]:
    """Return what the demo answers when that function judges its formula: code, and error."""
    demo = stage.demo("edo")
    demo.app.config["WTF_CSRF_ENABLED"] = False

    def validate_formula(form, field) -> None:
        if sentence := function(field.data or "", NAMES):
            raise ValidationError(sentence)

    demo.OdeForm.validate_formula = validate_formula
    filled = demo.EXAMPLES["logistique"] | {"formula": "sim(t) * y"}
    answer = demo.app.test_client().post("/", data=filled)
    error = re.search(r'id="formula-error">(.+?)</p>', answer.text)
    return answer.status_code, html.unescape(error[1]) if error else "pas d'erreur sous le champ"


def speaks(got: object) -> bool:
    """Tell whether it is a sentence."""
    return isinstance(got, str) and bool(got.strip())


def names_in(sentence: str) -> set[str]:
    return set(re.findall(r"\w+", sentence))


# Mistakes foreseen


class Euler(RK4):
    """One slope a step."""

    def _step_impl(self):
        h = min(self.max_step, self.t_bound - self.t)
        self.y = self.y + h * self.fun(self.t, self.y)
        self.t += h
        return True, None


class PlainMean(RK4):
    def _step_impl(self):
        fun, t, y, slopes = self.fun, self.t, self.y, []
        self.fun = lambda t, y: slopes.append(fun(t, y)) or slopes[-1]
        answer = super()._step_impl()
        self.fun = fun
        self.y = y + (self.t - t) * sum(slopes) / 4
        return answer


class AlwaysAtTheStart(RK4):
    """Takes all its slopes at the same time t."""

    def _step_impl(self):
        fun, start = self.fun, self.t
        self.fun = lambda t, y: fun(start, y)
        answer = super()._step_impl()
        self.fun = fun
        return answer


class Overshooting(RK4):
    def _step_impl(self):
        bound, self.t_bound = self.t_bound, math.inf
        answer = super()._step_impl()
        self.t_bound = bound
        return answer


class Motionless(RK4):
    def _step_impl(self):
        t = self.t
        answer = super()._step_impl()
        self.t = t
        return answer


class Silent(RK4):
    def _step_impl(self):
        super()._step_impl()


class ListOfSlopes:
    """Without scipy's help, and without numpy's."""

    def __init__(self, fun, t0, y0, t_bound, max_step, **options):
        self.fun, self.t, self.y, self.t_bound = fun, t0, y0, t_bound
        self.max_step, self.status = max_step, "running"

    def step(self):
        self.y = self.y + self.max_step * self.fun(self.t, self.y)


def altered(demo: ModuleType, change: Callable[[object], object]) -> None:
    """Add our route, with something changed in what it answers."""
    add_system(demo)
    view = demo.app.view_functions["system"]
    demo.app.view_functions["system"] = lambda: change(view())


def html_refusals(demo):
    altered(demo, lambda answer: abort(400) if isinstance(answer, tuple) else answer)


def refused_with_200(demo):
    altered(demo, lambda answer: answer[0] if isinstance(answer, tuple) else answer)


def ignores_failure(demo):
    def change(answer):
        exploded = isinstance(answer, tuple) and "exploser" in answer[0]["error"]
        return {"t": [0.0], "y": [1.0], "z": [0.0]} if exploded else answer

    altered(demo, change)


def trusting(demo):
    altered(demo, lambda answer: [float(request.args.get("y0", 0))] and answer)


def no_budget(demo):
    add_system(demo, max_evaluations=math.inf)


def without_z(demo):
    @demo.app.get("/systeme")
    def system():
        try:
            for name in "fg":
                demo.read_formula(request.args[name], {"t", "y"})
        except demo.FormulaError as error:
            return {"error": str(error)}, 400
        return {}


def loosely(demo, instants=101):
    """Leaves its tolerances to scipy."""

    @demo.app.get("/systeme")
    def system():
        f, g = (demo.read_formula(request.args[name], {"t", "y", "z"}) for name in "fg")
        start, end = (
            [float(request.args[name]) for name in ("y0", "z0")],
            float(request.args["end"]),
        )

        def slopes(t, point):
            here = {"t": float(t), "y": float(point[0]), "z": float(point[1])}
            return [demo.value(f, **here), demo.value(g, **here)]

        times = np.linspace(0, end, instants) if instants else None
        solution = solve_ivp(slopes, (0, end), start, t_eval=times)
        return {"t": list(solution.t), "y": list(solution.y[0]), "z": list(solution.y[1])}


def own_instants(demo):
    loosely(demo, instants=None)


def by_eval(text, names):
    try:
        eval(text, {"__builtins__": {}}, {name: 1.0 for name in names})
    except Exception as error:
        return str(error)
    return ""


def raises(text, names):
    ast.parse(text, mode="eval")
    return refusal(text, names)


def first_name_only(text, names):
    return refusal(text, names).split(".")[0]


def vague(text, names):
    return "Formule incorrecte." if refusal(text, names) else ""


def names_only(text, names):
    try:
        nodes = list(ast.walk(ast.parse(text.strip(), mode="eval")))
    except (SyntaxError, ValueError):
        return "Cette formule est mal écrite."
    found = [node.id for node in nodes if isinstance(node, ast.Name)]
    return " ".join(unknown_name(name, names) for name in found if name not in names)


def whole_list(text, names):
    sentence = refusal(text, names)
    return sentence and f"{sentence} On connaît {', '.join(sorted(names))}."


def no_limit(text, names):
    return refusal(text if len(text) <= 200 else "y", names)


# Exercises

ONE = "y′ = y, y(0) = 1 : un pas de 0.1"
CUBE = "y′ = t ** 3, y(0) = 0 : un pas de 1"
LAST = "de 0 à 1, par pas d'au plus 0.3"

METHOD = Exercise(
    RK4,
    label="ex-flask-edo-rk4",
    hints=(
        "Partez de la classe `Euler` de la leçon : seules changent les lignes de `_step_impl` qui "
        "calculent le nouveau `y`.",
        "`k1` est la pente au départ ; `k2` et `k3` sont prises à `t + h / 2`, `k4` à `t + h`. "
        "Chacune part de `self.y`, et suit la pente précédente.",
        "`k2 = self.fun(t + h / 2, y + h / 2 * k1)`, `k3` de même avec `k2`, "
        "`k4 = self.fun(t + h, y + h * k3)` ; puis `y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)`. "
        "N'oubliez ni `self.t`, ni `return True, None`.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, f: one_step(f, lambda t, y: [y[0]], 1.0, 0.1),
            (0.1, 1.105170833),
        ),
        Case(CUBE, lambda stage, f: one_step(f, lambda t, y: [t**3], 0.0, 1.0), (1.0, 0.25)),
        Case(LAST, lambda stage, f: last_step(f), (1.0, "finished")),
        Case(
            "deux inconnues : y′ = z, z′ = -y",
            lambda stage, f: oscillator(f),
            [0.540302, -0.841471],
        ),
        Case(
            "un pas deux fois plus petit : par combien l'erreur est-elle divisée ?",
            lambda stage, f: gain(f),
            Expect("environ 16", lambda value: 12 < value < 20),
        ),
        Case(
            "dans la page : la logistique, par pas de 0.2",
            lambda stage, f: in_the_page(stage, f),
            Expect(
                "200, 50 pas, 200 évaluations de f, une erreur de moins de 0.0001",
                lambda got: (
                    got[0] == 200
                    and 51 <= len(got[1]["t"]) <= 52
                    and 150 <= got[1]["evaluations"] <= 210
                    and got[1]["error"] < 1e-4
                ),
            ),
        ),
        Case(
            "dans la page : y ** 2, qui explose",
            lambda stage, f: in_the_page(stage, f, formula="y ** 2", y0=1, end=2, step=0.01),
            Expect("200, et une phrase", lambda got: got[0] == 200 and len(got[1]["notes"]) == 1),
        ),
    ],
    mistakes=[
        Mistake(
            "`_step_impl` ne rend rien : terminez par `return True, None`, le pas a réussi et il "
            "n'y a rien à en dire.",
            Silent,
            lambda failure: (
                isinstance(failure.error, TypeError) and "NoneType" in str(failure.error)
            ),
        ),
        Mistake(
            "`fun` rend une liste, qui ne sait pas se multiplier par un pas : héritez "
            "d'`OdeSolver`, dont `self.fun` rend un tableau de numpy, ou faites-en un.",
            ListOfSlopes,
            lambda failure: isinstance(failure.error, TypeError) and "seq" in str(failure.error),
        ),
        Mistake(
            "Le temps n'avance pas : `self.t` doit augmenter de `h` à chaque pas.",
            Motionless,
            lambda failure: failure.case in (ONE, CUBE) and failure.value[0] == 0,
        ),
        Mistake(
            "C'est la méthode d'Euler : une seule pente par pas. Il en faut quatre.",
            Euler,
            lambda failure: failure.case == ONE and failure.value == (0.1, 1.1),
        ),
        Mistake(
            "Les quatre pentes n'ont pas le même poids : 1, 2, 2, 1, et l'on divise par six.",
            PlainMean,
            lambda failure: failure.case == CUBE and failure.value == (1.0, 0.3125),
        ),
        Mistake(
            "Vos quatre pentes sont prises au même instant : `k2` et `k3` le sont à `t + h / 2`, "
            "`k4` à `t + h`.",
            AlwaysAtTheStart,
            lambda failure: failure.case == CUBE and failure.value == (1.0, 0.0),
        ),
        Mistake(
            "Le dernier pas dépasse la fin : prenez `h = min(self.max_step, self.t_bound - t)`.",
            Overshooting,
            lambda failure: failure.case == LAST and failure.value[0] > 1,
        ),
    ],
)

OSCILLATES = "f = z, g = -y, y0 = 1, z0 = 0, jusqu'à 10"
WITH_TIME = "f = t, g = y, y0 = 0, z0 = 0, jusqu'à 10"
FORMULAS = "des formules à refuser : `sim(y)`, rien, `2y`, `().__class__`"
MISSING = "il manque g, puis y0, puis end"
NUMBERS = "y0 = abc, rien, nan"
ENDS = "end = 0, -1, 51, 1e9, nan"
EXPLODES = "y′ = y ** 2 : la solution explose en t = 1"
COSTLY = "f = 1000 * sin(10000 * t), jusqu'à 50 : trop de calculs"

SYSTEM = Exercise(
    add_system,
    label="ex-flask-edo-add-system",
    hints=(
        "Trois étapes : lire ce qui est demandé, résoudre, rendre. Ce qui peut mal tourner dans "
        "`demo` lève une exception : un seul `try` suffit.",
        "`demo.read_formula(request.args.get('f', ''), {'t', 'y', 'z'})` rend une fonction ou "
        "lève `demo.FormulaError` ; `request.args.get('y0', math.nan, type=float)` rend `nan` "
        "quand ce n'est pas un nombre, et `math.isfinite` le reconnaît. "
        "`demo.value(f, t=…, y=…, z=…)` rend un nombre ou lève `demo.Stopped`.",
        "`solve_ivp(slopes, (0, end), [y0, z0], t_eval=np.linspace(0, end, 101), rtol=1e-6, "
        "atol=1e-9)`, où `slopes(t, point)` rend les deux pentes, et lève `demo.Stopped` au-delà "
        "de 10 000 appels. Regardez `solution.success`, puis rendez `solution.y[0].tolist()`…",
    ),
    cases=[
        Case(
            OSCILLATES,
            lambda stage, f: asked(stage, f),
            follows(math.cos, lambda t: -math.sin(t)),
        ),
        Case(
            WITH_TIME,
            lambda stage, f: asked(stage, f, f="t", g="y", y0="0"),
            follows(lambda t: t**2 / 2, lambda t: t**3 / 6),
        ),
        Case(
            FORMULAS,
            lambda stage, f: all_asked(stage, f, *each("g", "sim(y)", "", "2y", "().__class__")),
            refused(4),
        ),
        Case(
            MISSING,
            lambda stage, f: all_asked(stage, f, {"g": None}, {"y0": None}, {"end": None}),
            refused(3),
        ),
        Case(
            NUMBERS,
            lambda stage, f: all_asked(stage, f, *each("y0", "abc", "", "nan")),
            refused(3),
        ),
        Case(
            ENDS,
            lambda stage, f: all_asked(stage, f, *each("end", "0", "-1", "51", "1e9", "nan")),
            refused(5),
        ),
        Case(EXPLODES, lambda stage, f: all_asked(stage, f, {"f": "y ** 2"}), refused(1)),
        Case(
            COSTLY,
            lambda stage, f: [asked(stage, f, f="1000 * sin(10000 * t)", end="50")],
            Expect(
                "400 et un objet JSON dont le champ error est une phrase",
                lambda got: got[0][0] == 400 and isinstance(got[0][1]["error"], str),
            ),
        ),
    ],
    mistakes=[
        Mistake(
            "Votre refus n'est pas du JSON : rendez `{'error': …}, 400` plutôt que d'appeler "
            "`abort`, qui répond par une page, ou de laisser `request.args[…]` le faire.",
            html_refusals,
            lambda failure: (400, "un corps qui n'est pas du JSON") in failure.value,
        ),
        Mistake(
            "Vous refusez avec le code 200 : ajoutez `, 400` à ce que rend la vue.",
            refused_with_200,
            lambda failure: (200, "error") in failure.value,
        ),
        Mistake(
            "Les deux formules peuvent employer `t`, `y` et `z` : donnez ces trois noms à "
            "`read_formula`.",
            without_z,
            lambda failure: (
                failure.case == OSCILLATES and "n’est pas permis" in failure.value[1]["error"]
            ),
        ),
        Mistake(
            "Il faut 101 instants également espacés : c'est `t_eval=np.linspace(0, end, 101)`.",
            own_instants,
            lambda failure: failure.case == OSCILLATES and len(failure.value[1]["t"]) != 101,
        ),
        Mistake(
            "Ce n'est pas assez précis : les tolérances de `solve_ivp` sont larges, donnez-lui "
            "`rtol=1e-6, atol=1e-9`.",
            loosely,
            lambda failure: failure.case == OSCILLATES and len(failure.value[1]["t"]) == 101,
        ),
        Mistake(
            "Un nombre qui n'en est pas un doit donner un 400 : `float` lève `ValueError`, "
            "`type=float` donne `None` si l'on n'a pas prévu d'autre valeur, et `nan` est un "
            "float comme les autres.",
            trusting,
            lambda failure: (
                failure.case in (MISSING, NUMBERS, ENDS)
                and re.search("float|NoneType|finite", str(failure.error))
            ),
        ),
        Mistake(
            "La solution explose, et vous rendez le début comme si de rien n'était : regardez "
            "`solution.success`.",
            ignores_failure,
            lambda failure: failure.case == EXPLODES and failure.value[0][0] == 200,
        ),
        Mistake(
            "Cette équation-ci demande des millions d'évaluations : comptez-les, et levez "
            "`demo.Stopped` au-delà de 10 000.",
            no_budget,
            lambda failure: failure.case == COSTLY and failure.verdict == "bloqué",
        ),
    ],
)

TWO = "x + 3 * zoe"
CLOSE = "sim(t) + y"
UNFINISHED = "2 * (y"
OTHERS = "sans nom inconnu : `'a' * 9`, `[y]`, `y if t else 0`, `True`"
LONG = "une formule de 2001 signes"
FELL = "une formule qui attrape les variables d'environnement"

REFUSAL = Exercise(
    refusal,
    label="ex-flask-edo-refusal",
    hints=(
        "Trois raisons de refuser, dans l'ordre : le texte ne se lit pas, l'arbre contient un "
        "nœud qui n'est pas permis, un nom est inconnu.",
        "`ast.walk(ast.parse(text.strip(), mode='eval').body)` donne tous les nœuds, opérateurs "
        "compris. Comparez le type de chacun à une liste de types permis, dont `ast.Load`.",
        "`ast.parse` lève `SyntaxError`, et parfois `ValueError`, `RecursionError` ou "
        "`MemoryError`. Les noms sont les `node.id` des `ast.Name` ; "
        "`difflib.get_close_matches(nom, names, n=1)` rend une liste, peut-être vide.",
    ),
    cases=[
        Case("y * (1 - y)", lambda stage, f: f("y * (1 - y)", NAMES), ""),
        Case(
            " -2.5 * exp(-t) ** 2 / pi", lambda stage, f: f(" -2.5 * exp(-t) ** 2 / pi", NAMES), ""
        ),
        Case(
            CLOSE,
            lambda stage, f: f(CLOSE, NAMES),
            Expect(
                "une phrase avec sim et sin, sans énumérer le reste",
                lambda got: {"sim", "sin"} <= names_in(got) and not {"exp", "log"} & names_in(got),
            ),
        ),
        Case(
            TWO,
            lambda stage, f: f(TWO, NAMES),
            Expect("une phrase avec x et zoe", lambda got: {"x", "zoe"} <= names_in(got)),
        ),
        Case(
            UNFINISHED,
            lambda stage, f: f(UNFINISHED, NAMES),
            Expect("une phrase", speaks),
        ),
        Case(
            OTHERS,
            lambda stage, f: [
                f(text, NAMES) for text in ("'a' * 9", "[y]", "y if t else 0", "True")
            ],
            Expect("quatre phrases", lambda got: len(got) == 4 and all(map(speaks, got))),
        ),
        Case(
            LONG,
            lambda stage, f: f("+".join(["y"] * 1001), NAMES),
            Expect("une phrase", speaks),
        ),
        Case(
            FELL,
            lambda stage, f: sprung(f),
            Expect("une phrase, et rien d'exécuté", lambda got: speaks(got) and got != FALLEN),
        ),
        Case(
            "dans la page : sim(t) * y",
            lambda stage, f: beside_the_field(stage, f),
            Expect(
                "400, et votre phrase sous le champ",
                lambda got: got[0] == 400 and {"sim", "sin"} <= names_in(got[1]),
            ),
        ),
    ],
    mistakes=[
        Mistake(
            "La formule a été exécutée. `eval` ne se désarme pas : lisez l'arbre, avec `ast`.",
            by_eval,
            lambda failure: failure.case == FELL and failure.value == FALLEN,
        ),
        Mistake(
            "Une formule mal écrite doit donner une phrase, pas une exception : entourez "
            "`ast.parse` d'un `try`.",
            raises,
            lambda failure: failure.case == UNFINISHED and isinstance(failure.error, SyntaxError),
        ),
        Mistake(
            "Dites *quel* nom est inconnu : celui qui a écrit la formule le cherche peut-être "
            "depuis dix minutes.",
            vague,
            lambda failure: failure.case == CLOSE and "sim" not in names_in(failure.value),
        ),
        Mistake(
            "Vous énumérez tous les noms permis : proposez seulement celui qui ressemble, avec "
            "`difflib.get_close_matches`.",
            whole_list,
            lambda failure: failure.case == CLOSE and "log" in names_in(failure.value),
        ),
        Mistake(
            "Vous vous arrêtez au premier nom inconnu : qui en a mal écrit deux veut le savoir "
            "d'un coup.",
            first_name_only,
            lambda failure: (
                failure.case == TWO and len({"x", "zoe"} & names_in(failure.value)) == 1
            ),
        ),
        Mistake(
            "Vous ne regardez que les noms : un texte, une liste ou un `if` n'en contiennent pas "
            "d'inconnu. Dressez la liste des nœuds permis, et refusez tous les autres.",
            names_only,
            lambda failure: failure.case == OTHERS and "" in failure.value,
        ),
        Mistake(
            "Une formule de 2000 signes passe : fixez une limite de 200 avant même de la lire.",
            no_limit,
            lambda failure: failure.case == LONG and failure.value == "",
        ),
    ],
)
