"""The classical Runge–Kutta method, behind the demo's form."""

# Solution
from scipy.integrate import OdeSolver


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


# Exercise
import math

from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.ode import end_of, in_the_page, is_drawn, one_step

EXERCISE = Exercise(
    RK4,
    hints=(
        "Partez de la classe `Euler` de la leçon : seules changent les lignes de `_step_impl` qui "
        "calculent le nouveau `y`.",
        "`k1` est la pente au départ ; `k2` et `k3` sont prises à `t + h / 2`, `k4` à `t + h`. "
        "Chacune part de `self.y`, et suit la pente précédente.",
        "`k2 = self.fun(t + h / 2, y + h / 2 * k1)`, `k3` de même avec `k2`, "
        "`k4 = self.fun(t + h, y + h * k3)` ; puis `y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)`. "
        "N'oubliez ni `self.t`, ni `return True, None`.",
    ),
)
SIXTEEN = Expect("environ 16", lambda value: 12 < value < 20)
DRAWN = Expect("200, 50 pas, 200 évaluations de f, une erreur de moins de 0.0001", is_drawn)
NOTED = Expect("200, et une phrase", lambda got: got[0] == 200 and len(got[1]["notes"]) == 1)


@EXERCISE.case("y′ = y, y(0) = 1 : un pas de 0.1", expect=(0.1, 1.105170833))
def one(stage: Stage, program: Program):
    return program.beside(one_step, "y", 1.0, 0.1)


@EXERCISE.case("y′ = t ** 3, y(0) = 0 : un pas de 1", expect=(1.0, 0.25))
def cube(stage: Stage, program: Program):
    return program.beside(one_step, "t ** 3", 0.0, 1.0)


@EXERCISE.case("de 0 à 1, par pas d'au plus 0.3", expect=(1.0, "finished"))
def last(stage: Stage, program: Program):
    end, _, status = program.beside(end_of, "1", [0.0], 0.3)
    return round(end, 9), status


@EXERCISE.case("deux inconnues : y′ = z, z′ = -y", expect=[0.540302, -0.841471])
def oscillator(stage: Stage, program: Program):
    _, values, _ = program.beside(end_of, "z, -y", [1.0, 0.0], 0.01)
    return [round(each, 6) for each in values]


@EXERCISE.case(
    "un pas deux fois plus petit : par combien l'erreur est-elle divisée ?", expect=SIXTEEN
)
def gain(stage: Stage, program: Program):
    ends = [program.beside(end_of, "y", [1.0], step)[1][0] for step in (0.1, 0.05)]
    coarse, fine = (abs(end - math.e) for end in ends)
    return round(coarse / fine, 1)


@EXERCISE.case("dans la page : la logistique, par pas de 0.2", expect=DRAWN)
def logistic(stage: Stage, program: Program):
    return program.beside(in_the_page, {})


@EXERCISE.case("dans la page : y ** 2, qui explose", expect=NOTED)
def explodes(stage: Stage, program: Program):
    return program.beside(in_the_page, {"formula": "y ** 2", "y0": 1, "end": 2, "step": 0.01})


EXERCISE.mistake(
    "`_step_impl` ne rend rien : terminez par `return True, None`, le pas a réussi et il n'y a "
    "rien à en dire.",
    raises=TypeError,
    seen=lambda failure: "NoneType" in str(failure.error),
)(variant(RK4, ("return True, None", "")))


@EXERCISE.mistake(
    "`fun` rend une liste, qui ne sait pas se multiplier par un pas : héritez d'`OdeSolver`, dont "
    "`self.fun` rend un tableau de numpy, ou faites-en un.",
    raises=TypeError,
    seen=lambda failure: "seq" in str(failure.error),
)
class ListOfSlopes:
    """Without scipy's help, and without numpy's."""

    def __init__(self, fun, t0, y0, t_bound, max_step, **options):
        self.fun, self.t, self.y, self.t_bound = fun, t0, y0, t_bound
        self.max_step, self.status = max_step, "running"

    def step(self):
        self.y = self.y + self.max_step * self.fun(self.t, self.y)


EXERCISE.mistake(
    "Le temps n'avance pas : `self.t` doit augmenter de `h` à chaque pas.",
    on=(one, cube),
    seen=lambda failure: failure.value[0] == 0,
)(variant(RK4, ("self.t = t + h", "self.t = t")))

EXERCISE.mistake(
    "C'est la méthode d'Euler : une seule pente par pas. Il en faut quatre.",
    on=one,
    gives=(0.1, 1.1),
)(variant(RK4, ("h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)", "h * k1")))

EXERCISE.mistake(
    "Les quatre pentes n'ont pas le même poids : 1, 2, 2, 1, et l'on divise par six.",
    on=cube,
    gives=(1.0, 0.3125),
)(variant(RK4, ("h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)", "h / 4 * (k1 + k2 + k3 + k4)")))

EXERCISE.mistake(
    "Vos quatre pentes sont prises au même instant : `k2` et `k3` le sont à `t + h / 2`, `k4` à "
    "`t + h`.",
    on=cube,
    gives=(1.0, 0.0),
)(variant(RK4, ("fun(t + h / 2", "fun(t"), ("fun(t + h", "fun(t")))

EXERCISE.mistake(
    "Le dernier pas dépasse la fin : prenez `h = min(self.max_step, self.t_bound - t)`.",
    on=last,
    seen=lambda failure: failure.value[0] > 1,
)(variant(RK4, ("min(self.max_step, self.t_bound - t)", "self.max_step")))
