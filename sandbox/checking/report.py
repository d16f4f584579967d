"""What a check answers: a table that is understood at a glance, in a notebook or a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Literal

from sandbox.markup import to_html, typeset

Verdict = Literal["juste", "faux", "lent", "exception", "bloqué", "arrêt", "sauté"]

STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
SIGNS = {"juste": "✓", "lent": "🐢", "bloqué": "⌛", "sauté": "·"}  # a cross for the others
SAID = {
    "juste": "juste",
    "faux": "faux",
    "lent": "juste, mais trop lent",
    "exception": "une exception",
    "bloqué": "bloqué",
    "arrêt": "arrêté",
    "sauté": "pas essayé",
}


@dataclass(frozen=True)
class Outcome:
    """What a case gave.

    Attributes:
        given, expected, got: the columns of the table, as text.
        verdict: one of `SAID`.
        sentence: what the student is told of it: the foreseen mistake that it shows, or a slip that
            any exercise may see.
        output: the beginning of what the program printed.
        wire_text, wire_html: what went over the wire, if something did and the case failed.
    """

    given: str
    verdict: Verdict
    expected: str
    got: str
    sentence: str = ""
    output: str = ""
    wire_text: str = ""
    wire_html: str = ""


@dataclass(frozen=True)
class Answer:
    """A sentence instead of a table; `calm` when nothing is wrong."""

    text: str
    calm: bool = False


@dataclass(frozen=True, repr=False)
class Result:
    """The answer of a check.

    Attributes:
        name: the exercise's.
        answer: a sentence, when the cases could not be tried.
        outcomes: what each case gave.
    """

    name: str
    answer: Answer | None = None
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Tell whether every case is right."""
        return bool(self.outcomes) and all(each.verdict == "juste" for each in self.outcomes)

    @property
    def sentences(self) -> list[str]:
        """What the student is told, each sentence once."""
        return list(dict.fromkeys(each.sentence for each in self.outcomes if each.sentence))

    @property
    def summary(self) -> str:
        right = sum(each.verdict == "juste" for each in self.outcomes)
        if self.passed:
            return f"Réussi\u00a0: {right} cas sur {right}."
        return f"Pas encore\u00a0: {right} cas sur {len(self.outcomes)}."

    def __repr__(self) -> str:
        if self.answer:
            return typeset(self.answer.text)
        lines = [self.summary]
        for outcome in self.outcomes:
            lines.append(typeset(f"{sign(outcome)} {outcome.given}"))
            if outcome.verdict == "juste":
                continue
            lines.append(f"    attendu : {outcome.expected}")
            lines.append(f"    obtenu  : {outcome.got}")
            if outcome.sentence:
                lines.append(typeset(f"    → {outcome.sentence}"))
            if outcome.output:
                lines.append(f"    affiché : {outcome.output}")
            lines += [f"    {line}" for line in outcome.wire_text.splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if self.answer:
            kind = "check-calm" if self.answer.calm else "check-wrong"
            content = f"<p class='check-summary {kind}'>{to_html(self.answer.text)}</p>"
        else:
            kind = "check-right" if self.passed else "check-wrong"
            rows = "".join(map(_row, self.outcomes))
            content = (
                f"<p class='check-summary {kind}'>{self.summary}</p>"
                "<table><thead><tr><th></th><th>Cas</th><th>Attendu</th><th>Obtenu</th></tr>"
                f"</thead><tbody>{rows}</tbody></table>"
            )
        return f"<div class='check'><style>{STYLE}</style>{content}</div>"


def sign(outcome: Outcome) -> str:
    return SIGNS.get(outcome.verdict, "✗")


def _row(outcome: Outcome) -> str:
    right = outcome.verdict == "juste"
    cells = (
        f"<td><span class='check-sign' role='img' aria-label='{SAID[outcome.verdict]}'>"
        f"{sign(outcome)}</span></td>"
        f"<td>{to_html(outcome.given)}</td>"
        f"<td data-label='Attendu'>{_code(outcome.expected)}</td>"
        f"<td data-label='Obtenu'>{_code(outcome.got)}</td>"
    )
    row = f"<tr class='check-{'right' if right else 'wrong'}'>{cells}</tr>"
    told = "" if right else _told(outcome)
    return row + (
        f"<tr class='check-told'><td></td><td colspan='3'>{told}</td></tr>" if told else ""
    )


def _told(outcome: Outcome) -> str:
    """Return all that helps to understand a failure."""
    parts = []
    if outcome.sentence:
        parts.append(f"<p class='check-sentence'>{to_html(outcome.sentence)}</p>")
    if outcome.output:
        parts.append(f"<p>Votre programme a affiché : <code>{escape(outcome.output)}</code></p>")
    if outcome.wire_html:
        title = "Ce qui est passé sur le réseau"
        parts.append(f"<details open><summary>{title}</summary>{outcome.wire_html}</details>")
    return "".join(parts)


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
