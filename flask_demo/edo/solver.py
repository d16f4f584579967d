"""Résoudre y' = f(t, y) par les méthodes de scipy, sans y passer la nuit."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.integrate import BDF, DOP853, RK23, RK45, Radau

METHODS = {"RK45": RK45, "RK23": RK23, "DOP853": DOP853, "Radau": Radau, "BDF": BDF}

MAX_EVALUATIONS = 10_000  # de f, pour une résolution
MAX_VALUE = 1e12  # au-delà, la solution explose sans doute


EXPLOSION = "La solution semble exploser près de t = {:.6g}."


class Stopped(Exception):
    """La résolution ne peut pas continuer : la raison, en une phrase."""


@dataclass
class Solution:
    t: list[float]
    y: list[float]
    evaluations: int = 0
    stopped: str = ""  # pourquoi elle s'est arrêtée avant la fin


def value(function, **values):
    """Rend function en ce point, ou lève Stopped là où elle n'a pas de valeur."""
    try:
        result = function(values)
    except (ArithmeticError, ValueError):
        result = math.nan
    if not math.isfinite(result):
        place = ", ".join(f"{name} = {number:.6g}" for name, number in values.items())
        raise Stopped(f"La formule n’a pas de valeur en {place}.")
    return result


def solve(formula, t0, y0, end, method, step):
    """Avance de t0 à end, par pas d'au plus `step`, et rend les points calculés."""
    solution = Solution([t0], [y0])

    def slope(t, y):
        solution.evaluations += 1
        if solution.evaluations > MAX_EVALUATIONS:
            raise Stopped(f"Trop de calculs : plus de {MAX_EVALUATIONS} évaluations de f.")
        return [value(formula, t=float(t), y=float(y[0]))]

    try:
        with np.errstate(all="ignore"):  # un débordement se voit juste après
            solver = METHODS[method](slope, t0, [y0], end, max_step=step, rtol=1e-6, atol=1e-9)
        while solver.status == "running":
            with np.errstate(all="ignore"):
                solver.step()
            if solver.status == "failed" or not abs(solver.y[0]) <= MAX_VALUE:
                raise Stopped(EXPLOSION.format(solver.t))
            solution.t.append(float(solver.t))
            solution.y.append(float(solver.y[0]))
    except Stopped as stop:
        solution.stopped = str(stop)
    except ValueError:  # scipy refuse un système où un nombre a débordé
        solution.stopped = EXPLOSION.format(solution.t[-1])
    return solution


def frame(solution):
    """Rend les bornes de y à montrer. D'une solution qui s'arrête, la fin écraserait le reste."""
    start, end = solution.t[0], solution.t[-1]
    last = start + 0.95 * (end - start) if solution.stopped else end
    shown = [y for t, y in zip(solution.t, solution.y, strict=True) if t <= last]
    margin = 0.25 * (max(shown) - min(shown)) or 1
    return [min(shown) - margin, max(shown) + margin]


def slope_field(formula, solution, columns=24, rows=16):
    """Rend [t, y, pente] aux points d'une grille, autour de la solution."""
    low, high = frame(solution)
    start, end = solution.t[0], solution.t[-1]
    field = []
    for column in range(columns):
        for row in range(rows):
            t = start + (end - start) * (column + 0.5) / columns
            y = low + (high - low) * (row + 0.5) / rows
            try:
                field.append([t, y, value(formula, t=t, y=y)])
            except Stopped:
                pass  # un trou dans le champ
    return field
