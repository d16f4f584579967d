"""An exercise as data: what recognises a mistake, how a case is judged, what is a variant."""

import pytest

from sandbox.checking import Case, Exercise, Expect, Failure, Mistake, Raises, variant
from sandbox.checking.judge import judge


@pytest.mark.parametrize(
    ("expected", "value", "verdict"),
    [
        (3, 3, "juste"),
        (3, 3.0, "faux"),
        (True, 1, "faux"),
        ([1], (1,), "faux"),
        (Expect("pair", lambda value: value % 2 == 0), 4, "juste"),
        (Expect("pair", lambda value: value % 2 == 0), "quatre", "faux"),
        (Raises(OSError), ConnectionError(), "juste"),
        (Raises(ConnectionError), OSError(), "exception"),
        (Raises(OSError), 3, "faux"),
        (3, OSError(), "exception"),
    ],
)
def test_the_judge(expected, value, verdict):
    error = value if isinstance(value, BaseException) else None
    case = Case("…", lambda stage: None, expected)
    assert judge(case, None if error else value, error, 0.0) == verdict


def test_a_right_answer_may_be_too_slow():
    case = Case("…", lambda stage: None, 3, slow=1.0)
    assert judge(case, 3, None, 0.9) == "juste"
    assert judge(case, 3, None, 1.1) == "lent"


# What recognises a mistake

FIRST, SECOND = (Case(given, lambda stage, program: None, None) for given in ("un", "deux"))


@pytest.mark.parametrize(
    ("told", "failure", "explained"),
    [
        ({}, Failure(FIRST, "faux"), True),
        ({"cases": (FIRST,)}, Failure(FIRST, "faux"), True),
        ({"cases": (FIRST,)}, Failure(SECOND, "faux"), False),
        ({"cases": (FIRST, SECOND)}, Failure(SECOND, "faux"), True),
        ({"gives": 1}, Failure(FIRST, "faux", 1), True),
        ({"gives": 1}, Failure(FIRST, "faux", True), False),
        ({"gives": None}, Failure(FIRST, "faux", None), True),
        ({"gives": None}, Failure(FIRST, "faux", 0), False),
        ({"raises": OSError}, Failure(FIRST, "exception", error=ConnectionError()), True),
        ({"raises": OSError}, Failure(FIRST, "exception", error=ValueError()), False),
        ({"raises": OSError}, Failure(FIRST, "faux"), False),
        ({"verdict": "bloqué"}, Failure(FIRST, "bloqué"), True),
        ({"verdict": "bloqué"}, Failure(FIRST, "arrêt"), False),
        ({"seen": lambda failure: failure.sent == b"a"}, Failure(FIRST, "faux", sent=b"a"), True),
        ({"seen": lambda failure: failure.value[0]}, Failure(FIRST, "faux", None), False),
        ({"cases": (FIRST,), "gives": 1}, Failure(SECOND, "faux", 1), False),
    ],
)
def test_a_mistake_explains_a_failure_when_all_that_is_said_of_it_is_true(told, failure, explained):
    assert Mistake("…", (), **told).explains(failure) is explained


def test_the_first_mistake_that_explains_is_told():
    each = Exercise(shouted, hints=("", "", ""))
    each.mistake("une fois", gives=1)(shouted)
    each.mistake("deux fois", on=FIRST)(shouted)
    assert each.explain(Failure(FIRST, "faux", 1)) == "une fois"
    assert each.explain(Failure(FIRST, "faux", 2)) == "deux fois"
    assert each.explain(Failure(SECOND, "faux", 2)) == ""


# Variants


def shouted(text: str) -> str:
    return emphasised(text.upper())


def emphasised(text: str) -> str:
    return text + "!"


def test_a_variant_is_the_function_but_for_some_text():
    whispered = variant(shouted, ("upper", "lower"))
    assert (whispered("Oh"), shouted("Oh")) == ("oh!", "OH!")


def test_a_variant_of_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="not in the source of shouted"):
        variant(shouted, ("capitalize", "lower"))
