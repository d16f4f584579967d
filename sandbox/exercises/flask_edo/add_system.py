"""A system of two equations, solved by a new route of the demo."""

# Solution
import itertools
import math

import numpy as np
from flask import request
from scipy.integrate import solve_ivp


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


# Exercise
import re

from sandbox.checking import Case, Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.ode import REFUSAL, all_asked, asked, follows, refused

EXERCISE = Exercise(
    add_system,
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
)
WAVE = follows(math.cos, lambda t: -math.sin(t))
STOPPED = Expect(REFUSAL, lambda got: got[0][0] == 400 and isinstance(got[0][1]["error"], str))
POWERS = follows(lambda t: t**2 / 2, lambda t: t**3 / 6)


@EXERCISE.case("f = z, g = -y, y0 = 1, z0 = 0, jusqu'à 10", expect=WAVE)
def oscillates(stage: Stage, program: Program):
    return asked(stage, program)


@EXERCISE.case("f = t, g = y, y0 = 0, z0 = 0, jusqu'à 10", expect=POWERS)
def with_time(stage: Stage, program: Program):
    return asked(stage, program, f="t", g="y", y0="0")


def refuses(given: str, name: str, *values: str) -> Case:
    @EXERCISE.case(given, expect=refused(len(values)))
    def refusals(stage: Stage, program: Program):
        return all_asked(stage, program, *({name: value} for value in values))

    return refusals


GIVEN = "des formules à refuser : `sim(y)`, rien, `2y`, `().__class__`"
formulas = refuses(GIVEN, "g", "sim(y)", "", "2y", "().__class__")


@EXERCISE.case("il manque g, puis y0, puis end", expect=refused(3))
def missing(stage: Stage, program: Program):
    return all_asked(stage, program, *({name: None} for name in ("g", "y0", "end")))


numbers = refuses("y0 = abc, rien, nan", "y0", "abc", "", "nan")
ends = refuses("end = 0, -1, 51, 1e9, nan", "end", "0", "-1", "51", "1e9", "nan")
explodes = refuses("y′ = y ** 2 : la solution explose en t = 1", "f", "y ** 2")


@EXERCISE.case("f = 1000 * sin(10000 * t), jusqu'à 50 : trop de calculs", expect=STOPPED)
def costly(stage: Stage, program: Program):
    return [asked(stage, program, f="1000 * sin(10000 * t)", end="50")]


EXERCISE.mistake(
    "Votre refus n'est pas du JSON : rendez `{'error': …}, 400` plutôt que d'appeler "
    "`abort`, qui répond par une page, ou de laisser `request.args[…]` le faire.",
    seen=lambda failure: (400, "un corps qui n'est pas du JSON") in failure.value,
)(variant(add_system, ('{"error": str(error)}', "str(error)")))

EXERCISE.mistake(
    "Vous refusez avec le code 200 : ajoutez `, 400` à ce que rend la vue.",
    seen=lambda failure: (200, "error") in failure.value,
)(variant(add_system, ("}, 400", "}")))

EXERCISE.mistake(
    "Les deux formules peuvent employer `t`, `y` et `z` : donnez ces trois noms à `read_formula`.",
    on=oscillates,
    seen=lambda failure: "n’est pas permis" in failure.value[1]["error"],
)(variant(add_system, ('{"t", "y", "z"}', '{"t", "y"}')))

EXERCISE.mistake(
    "Il faut 101 instants également espacés : c'est `t_eval=np.linspace(0, end, 101)`.",
    on=oscillates,
    seen=lambda failure: len(failure.value[1]["t"]) != 101,
)(variant(add_system, (", t_eval=times", ""), ("times.tolist()", "solution.t.tolist()")))

EXERCISE.mistake(
    "Ce n'est pas assez précis : les tolérances de `solve_ivp` sont larges, donnez-lui "
    "`rtol=1e-6, atol=1e-9`.",
    on=oscillates,
    seen=lambda failure: len(failure.value[1]["t"]) == 101,
)(variant(add_system, (", rtol=1e-6, atol=1e-9", "")))

EXERCISE.mistake(
    "Un nombre qui n'en est pas un doit donner un 400 : `float` lève `ValueError`, "
    "`type=float` donne `None` si l'on n'a pas prévu d'autre valeur, et `nan` est un float comme "
    "les autres.",
    on=(missing, numbers, ends),
    seen=lambda failure: re.search("float|NoneType|finite", str(failure.error)),
)(variant(add_system, ("args.get(name, math.nan, type=float)", "args.get(name, type=float)")))

EXERCISE.mistake(
    "La solution explose, et vous rendez le début comme si de rien n'était : regardez "
    "`solution.success`.",
    on=explodes,
    seen=lambda failure: failure.value[0][0] == 200,
)(variant(add_system, ("if not solution.success", "if not solution")))

EXERCISE.mistake(
    "Cette équation-ci demande des millions d'évaluations : comptez-les, et levez "
    "`demo.Stopped` au-delà de 10 000.",
    on=costly,
    verdict="bloqué",
)(variant(add_system, ("10_000", "10**9")))
