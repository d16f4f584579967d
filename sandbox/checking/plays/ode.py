"""Differential equations: a method driven as the demo ``edo`` drives it, its page, its new route.

The functions whose first argument is the program itself are for `Program.beside`.
"""

from __future__ import annotations

import html
import json
import math
import os
import re
from collections.abc import Callable
from typing import Any

from wtforms import ValidationError

from sandbox.checking.exercise import Expect
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.running.demos import load_demo

MAX_STEPS = 2000
SLOPES: dict[str, Callable] = {
    "1": lambda t, y: [1.0],
    "y": lambda t, y: [y[0]],
    "t ** 3": lambda t, y: [t**3],
    "z, -y": lambda t, y: [y[1], -y[0]],
}
OSCILLATOR = {"f": "z", "g": "-y", "y0": "1", "z0": "0", "end": "10"}

# A method of one's own


def one_step(method: Callable, slopes: str, start: float, step: float) -> tuple[float, float]:
    """Return t and y after one step."""
    solver = method(SLOPES[slopes], 0.0, [start], 10.0, max_step=step, rtol=1e-6, atol=1e-9)
    solver.step()
    return round(float(solver.t), 9), round(float(solver.y[0]), 9)


def end_of(method: Callable, slopes: str, start: list[float], step: float) -> tuple:
    """Solve from 0 to 1, or give up; return the last time, the values there, and the status."""
    solver = method(SLOPES[slopes], 0.0, start, 1.0, max_step=step, rtol=1e-6, atol=1e-9)
    for _ in range(MAX_STEPS):
        if solver.status != "running":
            break
        solver.step()
    return float(solver.t), [float(each) for each in solver.y], solver.status


def in_the_page(method: Callable, fields: dict) -> tuple[int, dict]:
    """Return what the demo answers to a form filled in with that method: code, and drawing."""
    demo = load_demo("edo")
    demo.app.config["WTF_CSRF_ENABLED"] = False
    demo.METHODS["RK4"] = method
    filled = demo.EXAMPLES["logistique"] | {"method": "RK4"} | fields
    answer = demo.app.test_client().post("/", data=filled)
    drawing = re.search(r'id="drawing">(.+?)</script>', answer.text)
    return answer.status_code, json.loads(drawing[1]) if drawing else {}


def is_drawn(answer: tuple[int, dict]) -> bool:
    """Tell whether the page shows the logistic curve in fifty steps of four slopes."""
    code, drawing = answer
    return (
        code == 200
        and 51 <= len(drawing["t"]) <= 52
        and 150 <= drawing["evaluations"] <= 210
        and drawing["error"] < 1e-4
    )


# A second equation


def asked(stage: Stage, program: Program, **changes: str | None) -> tuple[int, Any]:
    """Return the code and the JSON answered to the oscillator's query; None takes one away."""
    query = {name: value for name, value in (OSCILLATOR | changes).items() if value is not None}
    demo = stage.demo("edo")
    program(demo)
    answer = demo.app.test_client().get("/systeme", query_string=query)
    return answer.status_code, answer.json if answer.is_json else "un corps qui n'est pas du JSON"


def all_asked(stage: Stage, program: Program, *queries: dict) -> list[tuple[int, Any]]:
    """Return what is answered to each of these changes, shortened to the refusals' kind."""
    answers = [asked(stage, program, **query) for query in queries]
    return [
        (code, "error" if isinstance(body, dict) and isinstance(body.get("error"), str) else body)
        for code, body in answers
    ]


def each(name: str, *values: str) -> list[dict]:
    """Return the changes of one parameter."""
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
            math.isclose(row[0], index / 10, rel_tol=0, abs_tol=1e-6)
            and math.isclose(row[1], y(row[0]), rel_tol=0, abs_tol=1e-3)
            and math.isclose(row[2], z(row[0]), rel_tol=0, abs_tol=1e-3)
            for index, row in enumerate(rows)
        )

    return Expect("200 et t, y, z : 101 nombres chacun, justes au millième", accepts)


# A formula refused

TRAP = (
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']"
    "[0].__init__.__globals__['environ'].update(PIEGE='1')"
)
FALLEN = "exécutée"
NAMES = {"t", "y", "pi", "e", "sin", "cos", "exp", "log", "sqrt", "abs"}


def beside_the_field(refusal: Callable, formula: str) -> tuple[int, str]:
    """Return what the demo answers when that function judges its formula: code, and error."""
    demo = load_demo("edo")
    demo.app.config["WTF_CSRF_ENABLED"] = False

    def validate_formula(form, field) -> None:
        if sentence := refusal(field.data or "", NAMES):
            raise ValidationError(sentence)

    demo.OdeForm.validate_formula = validate_formula
    filled = demo.EXAMPLES["logistique"] | {"formula": formula}
    answer = demo.app.test_client().post("/", data=filled)
    error = re.search(r'id="formula-error">(.+?)</p>', answer.text)
    return answer.status_code, html.unescape(error[1]) if error else "pas d'erreur sous le champ"


def sprung(refusal: Callable) -> str:
    """Return what the function says of a trap, or `FALLEN` when it fell into it."""
    os.environ.pop("PIEGE", None)
    sentence = refusal(TRAP, NAMES)
    return FALLEN if "PIEGE" in os.environ else sentence


def speaks(got: object) -> bool:
    """Tell whether it is a sentence."""
    return isinstance(got, str) and bool(got.strip())


def names_in(sentence: str) -> set[str]:
    return set(re.findall(r"\w+", sentence))


def is_unharmed(sentence: object) -> bool:
    """Tell whether `sprung` found a sentence, and no fall into the trap."""
    return speaks(sentence) and sentence != FALLEN


def suggests_below(got: tuple[int, str]) -> bool:
    """Tell whether `beside_the_field` found a refusal that suggests."""
    return got[0] == 400 and suggests(got[1])


def suggests(sentence: str) -> bool:
    """Tell whether a sentence proposes « sin » for « sim », and does not list what is known."""
    return names_in(sentence) & {"sim", "sin", "exp", "log"} == {"sim", "sin"}
