"""All that belongs to a lesson is found from its name: a toy one, added on a copy of the project.

Its notebook, an exercise, its quiz, its line in ``_toc.yml``: four files, sixty lines, and it runs.
A lesson of the course needs more of each, which other tests ask for.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.copies import environment

pytestmark = pytest.mark.slow

FILES = {
    "notebooks/98_jouet.md": """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3, language: python}
---

(jouet)=
# Un jouet
:::{lesson-card} Doubler un nombre.
:topic: le double
:duration: 5 min
**Vous saurez** doubler.
:::

```{code-cell} ipython3
2 * 21
```

:::{exercise} Le double
:label: ex-jouet-twice
Écrivez `twice(number)`.
:::

```{code-cell} ipython3
from sandbox import exercise, quiz

def twice(number):
    ...

exercise("jouet.twice").check(twice)
```

```{code-cell} ipython3
quiz("jouet")
```
""",
    "sandbox/exercises/jouet/twice.py": '''"""The double of a number."""

# Solution


def twice(number: int) -> int:
    return 2 * number


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant

EXERCISE = Exercise(twice, hints=("Par deux.", "Multipliez.", "`2 * number`"))


@EXERCISE.case("le double de 21", expect=42)
def of_21(stage: Stage, program: Program):
    return program(21)


EXERCISE.mistake("Vous ajoutez deux.", on=of_21, gives=23)(variant(twice, ("*", "+")))
''',
    "sandbox/quizzes/jouet.yml": """- question: Le double de 21 ?
  choices:
    - {text: "42", why: C'est cela., right: true}
    - {text: "23", why: Vous ajoutez deux.}
""",
}
TOC_LINE = "      - file: notebooks/98_jouet\n"

#: What a maintainer sees of the new lesson, run on the copy.
LOOK = """
from pathlib import Path
from sandbox import exercise, quiz
from sandbox.checking.practice import Practice
from sandbox.exercises import exercises, lessons
from tools import book, execute, references
from tools.side_by_side import Execution

assert lessons()[-1] == "jouet" and exercises()[-1].name == "jouet.twice"
each = exercise("jouet.twice")
assert each.check(each.ours).passed
[mistake] = each.exercise.mistakes
assert each.check(*mistake.example).sentences == ["Vous ajoutez deux."]
book.check_table_of_contents()
lesson = execute.lessons()[-1]
with Execution([lesson]) as execution:
    execution.reports()
outputs = [cell.outputs[0] for cell in references.reference(lesson).cells]
assert outputs[0].data["text/plain"] == "42"
assert "À vous" in outputs[1].data["text/html"]
assert "Le double de 21" in outputs[2].data["text/html"]
"""


def test_all_of_a_lesson_is_found_from_its_name(project: Path):
    toc = project / "_toc.yml"
    last = "      - file: notebooks/17_flask_temps_reel\n"
    before, after = toc.read_text(encoding="utf-8").split(last)
    toc.write_text(before + last + TOC_LINE + after, encoding="utf-8")
    for name, content in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(content, encoding="utf-8")
    lines = 1 + sum(content.count("\n") for content in FILES.values())
    assert (len(FILES) + 1, lines <= 60) == (4, True), lines
    look = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", LOOK],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert look.returncode == 0, look.stderr
