"""Checks write progress down: not in the file of whoever runs the tests."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def progression(tmp_path_factory) -> Iterator[None]:
    """Keep the student's own progress out of it, for as long as a module's checks last."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("progress")
        patch.setenv("SANDBOX_PROGRESS", str(folder / "progression.json"))
        yield
