"""Pictures of the demos: in step with what they show, shown somewhere, described."""

import re

import pytest

from tools import NOTEBOOKS, pictures

PICTURES = pictures.pictures()
SHOWN = re.compile(r"```\{(?:figure|image)\} \.\./book/pictures/(\w+)\.png\n(.*?)```", re.DOTALL)


def shown() -> dict[str, str]:
    """Return, for each picture that a lesson shows, the options of its directive."""
    lessons = (path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.md"))
    return {name: options for lesson in lessons for name, options in SHOWN.findall(lesson)}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_is_in_step_with_what_it_shows(picture):
    assert picture.path.exists(), "python -m tools pictures"
    assert pictures.recorded()[picture.name] == picture.sources_hash(), (
        "what the picture shows has changed: python -m tools pictures, then look at it"
    )


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_is_light(picture):
    assert picture.path.stat().st_size < 200_000


def test_pictures_are_those_that_lessons_show():
    names = {picture.name for picture in PICTURES}
    assert set(shown()) == names
    assert {path.stem for path in pictures.FOLDER.glob("*.png")} == names


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_is_described(picture):
    (text,) = re.findall(r"^:alt: (.+)$", shown()[picture.name], re.MULTILINE)
    assert len(text) > 40
