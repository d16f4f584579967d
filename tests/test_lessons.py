"""A lesson has one name, and all that belongs to it is found from that name."""

import pytest
import yaml

from sandbox import exercises, quizzes
from sandbox.quizzes import Choice, Question, quiz
from tools import ROOT, execute

LESSONS = {path.stem.partition("_")[2]: path for path in execute.lessons()}


def test_what_belongs_to_a_lesson_belongs_to_one_that_exists():
    assert exercises.lessons() == list(LESSONS)
    assert sorted(quizzes.lessons()) == sorted(LESSONS)


@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_says_its_name_once(slug):
    lines = LESSONS[slug].read_text(encoding="utf-8").splitlines()
    assert lines.count(f"({slug.replace('_', '-')})=") == 1
    assert lines.count(f'quiz("{slug}")') == 1
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert toc.count(f"file: notebooks/{LESSONS[slug].stem}\n") == 1


@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_has_three_exercises_and_five_questions(slug):
    assert len(exercises.stems(slug)) >= 3
    questions = quiz(slug).questions
    assert len(questions) == 5
    for question in questions:
        texts = [choice.text for choice in question.choices]
        assert len(set(texts)) == len(texts) >= 3


# What is not a quiz


@pytest.mark.parametrize("rights", [(False, False), (True, True)], ids=["none", "two"])
def test_one_choice_is_right(rights):
    with pytest.raises(ValueError, match="one choice must be right"):
        Question("…", tuple(Choice("…", "…", right) for right in rights))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ([{"question": "…"}], TypeError),
        ([{"question": "…", "choices": [], "answer": 1}], TypeError),
        ([{"question": "…", "choices": [{"text": "…", "wy": "…"}]}], TypeError),
        ([{"question": "…", "choices": [{"text": "…", "why": "…"}]}], ValueError),
        (["…"], TypeError),
    ],
    ids=["no choice", "unknown key", "misspelt key", "nothing right", "no mapping"],
)
def test_a_file_that_is_no_quiz_is_refused(tmp_path, monkeypatch, content, error):
    (tmp_path / "x.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setattr(quizzes, "FOLDER", tmp_path)
    with pytest.raises(error):
        quiz("x")


def test_an_unknown_quiz_is_told_in_french():
    with pytest.raises(LookupError, match="Pas de quiz « rien »"):
        quiz("rien")
