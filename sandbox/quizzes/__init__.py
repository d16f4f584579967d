"""Quizzes: five questions at the end of a lesson, each answer with its explanation.

A quiz is data: ``sandbox/quizzes/<lesson>.yml``, a list of questions. It shows itself in a notebook
or a page as plain HTML forms and style, with no script: it works offline, with the keyboard, and
under a screen reader. Nothing is stored, nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox import former
from sandbox.markup import to_html, typeset

FOLDER = Path(__file__).parent

STYLE = (FOLDER / "quiz.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Choice:
    """An answer that one may choose, whether it is right, and why."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question and its choices, one of which is right; text between backquotes is code."""

    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError(f"one choice must be right: {self.text}")


@dataclass(frozen=True, repr=False)
class Quiz:
    """The questions of a lesson."""

    lesson: str
    questions: tuple[Question, ...]

    def __repr__(self) -> str:
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines.append(typeset(f"{number}. {question.text}"))
            lines += [
                typeset(f"   {letter}) {choice.text}")
                for letter, choice in zip("abcdef", question.choices, strict=False)
            ]
        return "\n".join([*lines, 'Votre réponse, par exemple : quiz.answer(1, "a")'])

    def answer(self, number: int, letter: str) -> None:
        """Print what an answer is worth, and why, for those who read in a terminal.

        Raises:
            ValueError: there is no such question or no such answer.
        """
        choices = self.questions[number - 1].choices if 0 < number <= len(self.questions) else ()
        index = "abcdef".find(letter) if len(letter) == 1 else -1
        if not 0 <= index < len(choices):
            raise ValueError(f"Pas de réponse {letter!r} à la question {number!r}.")
        choice = choices[index]
        print(typeset(f"{'Oui.' if choice.right else 'Non.'} {choice.why}"))

    def _repr_html_(self) -> str:
        questions = (
            _question(f"{self.lesson}-{number}", number, question)
            for number, question in enumerate(self.questions, 1)
        )
        return (
            f"<form class='quiz' aria-label='Quiz' onsubmit='return false'><style>{STYLE}</style>"
            f"{''.join(questions)}</form>"
        )


def lessons() -> list[str]:
    """Return the lessons that have a quiz."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


def quiz(lesson: str) -> Quiz:
    """Return the quiz of a lesson, by its name.

    Raises:
        LookupError: it has none; the message, in French, gives those there are.
        TypeError, ValueError: its file says something else than a list of questions.
    """
    lesson = former.told("Le quiz", lesson)
    if lesson not in lessons():
        raise LookupError(f"Pas de quiz « {lesson} ». Il y a : {', '.join(lessons())}.")
    content = yaml.safe_load((FOLDER / f"{lesson}.yml").read_text(encoding="utf-8"))
    return Quiz(lesson, tuple(_read(**entry) for entry in content))


def _read(question: str, choices: list[dict]) -> Question:
    return Question(question, tuple(Choice(**choice) for choice in choices))


def _question(name: str, number: int, question: Question) -> str:
    choices = (
        _choice(name, f"quiz-{name}-{index}", choice)
        for index, choice in enumerate(question.choices)
    )
    return (
        f"<fieldset><legend>{number}. {to_html(question.text)}</legend>"
        f"<div aria-live='polite'>{''.join(choices)}</div></fieldset>"
    )


def _choice(name: str, identifier: str, choice: Choice) -> str:
    kind, verdict = ("right", "Oui.") if choice.right else ("wrong", "Non.")
    return (
        f"<div class='quiz-choice'><input type='radio' name='quiz-{name}' id='{identifier}'>"
        f"<label for='{identifier}'>{to_html(choice.text)}</label>"
        f"<p class='quiz-{kind}'><b>{verdict}</b> {to_html(choice.why)}</p></div>"
    )
