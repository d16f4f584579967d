"""Every exercise: its solution passes, by itself too; each foreseen mistake has its sentence."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sandbox.checking import Exercise, Mistake
from sandbox.checking.practice import Practice, is_blank
from sandbox.checking.report import Result
from sandbox.exercises import exercises
from tools import NOTEBOOKS, ROOT

AT_ONCE = 4  # checks mostly wait
LINES = 150  # of an exercise's file
EXERCISES = {each.name: each for each in exercises()}
MISTAKES = {
    f"{each.name} {number}": (each, mistake)
    for each in EXERCISES.values()
    for number, mistake in enumerate(each.mistakes, 1)
}
ACCEPTED = {
    f"{each.name} {functions[0].__name__}": (each, functions)
    for each in EXERCISES.values()
    for functions in each.accepted
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as executor:
        yield executor


@pytest.fixture(scope="module")
def mistaken(pool) -> dict[str, Future[Result]]:
    """The checks of all the foreseen mistakes."""
    return {
        name: pool.submit(Practice(each).check, *mistake.example)
        for name, (each, mistake) in MISTAKES.items()
    }


@pytest.fixture(scope="module")
def solved(pool) -> dict[str, Future[Result]]:
    """The checks of all our solutions, as a student would paste them."""
    return {
        name: pool.submit(Practice(each).check, *pasted(each)) for name, each in EXERCISES.items()
    }


def pasted(each: Exercise) -> list[Callable]:
    """Return our solution as an empty notebook has it, once its text is pasted and run there."""
    names: dict = {"__name__": "__main__"}
    exec(each.solution, names)
    return [names[function.__name__] for function in each.functions]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_by_itself(solved, name):
    result = solved[name].result()
    assert result.passed, result


@pytest.mark.soak
@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_twenty_times(name):
    for _ in range(20):
        result = Practice(EXERCISES[name]).check(*EXERCISES[name].functions)
        assert result.passed, result


@pytest.mark.slow
@pytest.mark.parametrize("name", MISTAKES)
def test_a_foreseen_mistake_is_told_in_its_own_words(mistaken, name):
    mistake: Mistake = MISTAKES[name][1]
    result = mistaken[name].result()
    assert not result.passed
    assert mistake.sentence in result.sentences, result


@pytest.mark.slow
@pytest.mark.parametrize("name", ACCEPTED)
def test_a_right_program_in_another_style_passes(name):
    each, functions = ACCEPTED[name]
    result = Practice(each).check(*functions)
    assert result.passed, result


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_whole(name):
    each = EXERCISES[name]
    assert len(each.hints) == 3
    assert len(each.cases) >= 4
    assert len(each.mistakes) >= 3
    sentences = [mistake.sentence for mistake in each.mistakes]
    assert len(set(sentences)) == len(sentences)
    assert len({case.given for case in each.cases}) == len(each.cases)
    assert not all(map(is_blank, each.functions))


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_where_its_name_says(name):
    each = EXERCISES[name]
    lesson, _, stem = name.partition(".")
    assert each.path == ROOT / "sandbox" / "exercises" / lesson / f"{stem}.py"
    assert len(each.path.read_text(encoding="utf-8").splitlines()) <= LINES
    [notebook] = NOTEBOOKS.glob(f"[0-9][0-9]_{lesson}.md")
    text = notebook.read_text(encoding="utf-8")
    assert text.count(f":label: {each.label}\n") == 1
    assert text.count(f"{{solution-start}} {each.label}\n") == 1
    # The student's cell, and the solution's.
    assert text.count(f'exercise("{name}").check(') == 2
