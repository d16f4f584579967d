"""Quizzes: five questions at the end of a lesson, each answer with its explanation.

A quiz shows itself in a notebook or a page as plain HTML forms and style, with no script: it works
offline, with the keyboard, and under a screen reader. Nothing is stored, nothing is sent.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

from sandbox.checking.markup import to_html, typeset

STYLE = (Path(__file__).parent / "quiz.css").read_text(encoding="utf-8")


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


def quiz(lesson: str) -> Quiz:
    """Return the quiz of a lesson, by the name of its module in ``sandbox/quizzes/``."""
    return importlib.import_module(f"sandbox.quizzes.{lesson}").QUIZ


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
