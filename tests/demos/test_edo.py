"""edo: formulas that are refused, solutions that are right, limits that hold."""

import json
import math
import re

import pytest

from sandbox.running.catalogue import DEMO_FOLDER
from sandbox.running.demos import load_demo
from tests.helpers import MEGABYTE, is_light

FOLDER = DEMO_FOLDER / "edo"
GOOD = {"formula": "-y", "t0": "0", "y0": "1", "end": "5", "method": "RK45", "step": "0.1"}


@pytest.fixture
def demo():
    return load_demo("edo")


@pytest.fixture
def client(demo):
    return demo.app.test_client()


def solve(client, **fields):
    token = re.search(r'name="csrf_token".*?value="(.+?)"', client.get("/").text)[1]
    return client.post("/", data={"csrf_token": token} | GOOD | fields)


def drawing(answer) -> dict:
    """Return what the page draws."""
    return json.loads(re.search(r'id="drawing">(.+?)</script>', answer.text)[1])


def test_demo_is_imported_anew_with_the_files_beside_it(demo):
    demo.METHODS["Euler"] = None
    assert "Euler" not in load_demo("edo").METHODS


@pytest.mark.parametrize("method", ["RK45", "RK23", "DOP853", "Radau", "BDF"])
def test_exponential(client, method):
    answer = solve(client, method=method, exact="exp(-t)")
    assert answer.status_code == 200
    found = drawing(answer)
    assert found["t"][0] == 0
    assert found["t"][-1] == 5
    assert found["y"][-1] == pytest.approx(math.exp(-5), abs=1e-5)
    assert 0 < found["error"] < 1e-4
    assert max(b - a for a, b in zip(found["t"], found["t"][1:], strict=False)) < 0.1 + 1e-9


def test_error_is_against_the_exact_solution(client):
    assert drawing(solve(client, exact="exp(-t) + 1"))["error"] == pytest.approx(1, abs=1e-4)


def test_slope_field_surrounds_the_solution(client):
    found = drawing(solve(client, formula="t - y"))
    assert len(found["field"]) == 24 * 16
    for t, y, slope in found["field"]:
        assert slope == pytest.approx(t - y)
    heights = [y for _, y, _ in found["field"]]
    assert min(heights) < min(found["y"])
    assert max(heights) > max(found["y"])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3 ** 2", 19),
        ("-2 ** 2", -4),
        ("cos(pi) + log(e)", 0),
        ("abs(-t) / 2 - +y", -2),
        (" sqrt(t*t) ", 2),
        ("1e400 * 0 + 1", math.nan),
    ],
)
def test_formula_has_its_value(demo, formula, expected):
    function = demo.read_formula(formula, {"t", "y"})
    assert function({"t": 2.0, "y": 3.0}) == pytest.approx(expected, nan_ok=True)


WRONG_FORMULAS = [
    pytest.param("", id="empty"),
    pytest.param("   ", id="blank"),
    pytest.param("bonjour", id="unknown name"),
    pytest.param("2y", id="forgotten product"),
    pytest.param("y +", id="unfinished"),
    pytest.param("y ^ 2", id="caret"),
    pytest.param("0,5 * y", id="comma"),
    pytest.param("__import__('os').system('id')", id="import"),
    pytest.param("().__class__.__mro__", id="attributes"),
    pytest.param("[y for y in t]", id="comprehension"),
    pytest.param("lambda: 1", id="lambda"),
    pytest.param("y if t else 0", id="condition"),
    pytest.param("(y := 3)", id="assignment"),
    pytest.param("y = 3", id="statement"),
    pytest.param("y < 3", id="comparison"),
    pytest.param("'a' * 9", id="string"),
    pytest.param("f'{y}'", id="formatted string"),
    pytest.param("2j", id="complex"),
    pytest.param("True", id="boolean"),
    pytest.param("sin", id="function alone"),
    pytest.param("sin(t, y)", id="two arguments"),
    pytest.param("sin(x=t)", id="keyword"),
    pytest.param("sin(*t)", id="star"),
    pytest.param("eval(t)", id="eval"),
    pytest.param("y // 2", id="integer division"),
    pytest.param("1 << 9", id="shift"),
    pytest.param("(" * 200, id="parentheses"),
    pytest.param("a" * 201, id="long"),
    pytest.param("y\0", id="NUL"),
    pytest.param("\ud800", id="surrogate"),
    pytest.param("<img src=x onerror=alert(1)>", id="markup"),
]


@pytest.mark.parametrize("formula", WRONG_FORMULAS)
def test_wrong_formula_gets_a_sentence(client, formula):
    for field in ("formula", "exact"):
        if field == "exact" and not formula.strip():
            continue  # none is given: that is allowed
        answer = solve(client, **{field: formula.encode("utf-8", "replace")})
        assert answer.status_code == 400
        assert f'id="{field}-error"' in answer.text
        assert "<img" not in answer.text


def test_exact_solution_depends_on_t_alone(client):
    assert "n’est pas permis" in solve(client, exact="y").text


@pytest.mark.parametrize("formula", ["-" * 199 + "y", "(" * 90 + "y" + ")" * 90])
def test_deep_formula_is_solved(client, formula):
    assert solve(client, formula=formula).status_code == 200


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        pytest.param("y ** 2", "exploser", id="blow-up"),
        pytest.param("9 ** 9 ** 9 ** t", "", id="tower"),
        pytest.param("1 / (2 - t) ** 2", "", id="pole"),
        pytest.param("1e300 * t", "exploser", id="overflow"),
        pytest.param("sqrt(2 - t)", "pas de valeur", id="end of the domain"),
        pytest.param("1000 * sin(10000 * t)", "Trop de calculs", id="too costly"),
    ],
)
def test_solution_stops_in_time(demo, client, formula, note):
    answer = solve(client, formula=formula)
    assert answer.status_code == 200
    found = drawing(answer)
    assert found["notes"]
    assert note in found["notes"][0]
    assert found["t"][-1] < 5
    assert found["evaluations"] <= 10_001


@pytest.mark.parametrize("method", ["RK45", "RK23", "DOP853", "Radau", "BDF"])
def test_overflow_is_a_sentence_with_every_method(client, method):
    answer = solve(client, formula="1e300", end="0.001", step="0.001", method=method)
    assert "exploser" in answer.text


def test_explosion_leaves_the_rest_visible(client):
    found = drawing(solve(client, formula="y ** 2"))
    assert max(found["y"]) > 1e6
    assert found["range"][1] < 100


@pytest.mark.parametrize(
    "formula", ["1 / t", "log(y - 2)", "(y - 2) ** 0.5", "sqrt(-1)", "exp(1e9)", "1e400"]
)
def test_formula_without_value_at_the_start(client, formula):
    answer = solve(client, formula=formula)
    assert answer.status_code == 400
    assert "pas de valeur" in answer.text


def test_exact_solution_without_value_is_said(client):
    assert "Solution exacte" in solve(client, exact="1 / (t - t)").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("t0", "abc", id="word"),
        pytest.param("t0", "", id="empty"),
        pytest.param("y0", "nan", id="nan"),
        pytest.param("y0", "inf", id="infinity"),
        pytest.param("y0", "1e7", id="large"),
        pytest.param("end", "0", id="end at the start"),
        pytest.param("end", "-1", id="end before the start"),
        pytest.param("step", "0", id="no step"),
        pytest.param("step", "-0.1", id="negative step"),
        pytest.param("step", "1e-5", id="too many steps"),
        pytest.param("step", "1e-999", id="tiny step"),
        pytest.param("method", "Euler", id="unknown method"),
        pytest.param("method", "", id="no method"),
    ],
)
def test_wrong_number_is_refused_beside_its_field(client, field, text):
    answer = solve(client, **{field: text})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text


def test_comma_is_understood(client):
    assert drawing(solve(client, y0="0,5"))["y"][0] == 0.5


def test_field_missing_is_not_taken_from_the_example(client):
    assert "error" not in drawing(solve(client))  # GOOD has no exact solution


def test_fields_missing(client):
    token = re.search(r'value="(.+?)"', client.get("/").text)[1]
    assert client.post("/", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize("forged", [{}, {"csrf_token": ""}, {"csrf_token": "faux"}])
def test_post_without_token_is_refused(client, forged):
    client.get("/")
    answer = client.post("/", data=GOOD | forged)
    assert answer.status_code == 400
    assert "jeton CSRF" in answer.text


def test_one_megabyte_is_too_much(client):
    assert solve(client, formula="y" * MEGABYTE).status_code == 413


def test_every_example_is_drawn(demo, client):
    for name, example in demo.EXAMPLES.items():
        answer = client.get("/", query_string={"exemple": name})
        assert answer.status_code == 200
        assert ("error" in drawing(answer)) == bool(example["exact"])
    assert client.get("/?exemple=inconnu").status_code == 404


class Euler:
    """A student's method, as the README says to write it."""

    def __init__(self, f, t, y, end, max_step, **tolerances) -> None:
        self.f, self.t, self.y, self.end, self.max_step = f, t, y, end, max_step
        self.status = "running"

    def step(self) -> None:
        step = min(self.max_step, self.end - self.t)
        self.y = [self.y[0] + step * self.f(self.t, self.y)[0]]
        self.t += step
        if self.t >= self.end:
            self.status = "finished"


def test_method_of_one_s_own(demo, client, monkeypatch):
    monkeypatch.setitem(demo.METHODS, "Euler", Euler)
    errors = [
        drawing(solve(client, method="Euler", step=step, exact="exp(-t)"))["error"]
        for step in ("0.1", "0.05")
    ]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)  # of the first order


def test_headers_and_cookie(client):
    answer = client.get("/")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("edo=", "HttpOnly", "SameSite=Lax"))


def test_vendored_library_says_its_version_and_licence():
    (library,) = (FOLDER / "static/vendor").glob("uPlot-*.iife.min.js")
    version = re.fullmatch(r"uPlot-(.+)\.iife\.min\.js", library.name)[1]
    assert f"(v{version})" in library.read_text(encoding="utf-8")[:200]
    assert version in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "MIT" in (FOLDER / "static/vendor/uPlot-LICENSE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser(launch, open_url, scheme, width):
    server = launch("edo")
    watched = open_url(server.url, scheme=scheme, width=width)
    page = watched.page
    assert is_light(page) == (scheme == "light")
    page.locator("#plot canvas").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("y′ = f(t, y) =").fill("-2 * t * y ^ 2")
    page.get_by_role("button").click()
    page.get_by_text("la puissance s’écrit **").wait_for()
    page.get_by_label("y′ = f(t, y) =").fill("-2 * t * y ** 2")
    page.get_by_label("y(t₀)").fill("1")
    page.get_by_label("solution exacte").fill("1 / (1 + t ** 2)")
    page.keyboard.press("Enter")
    page.get_by_text("erreur maximale").wait_for()
    page.locator("#plot canvas").wait_for()
    assert watched.errors == []
    assert watched.outside(server.url) == []
