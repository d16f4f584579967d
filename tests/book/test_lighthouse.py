"""What Lighthouse says of the welcome page and of three lessons; their speed is for benchmarks."""

import pytest

from tests.audit import AUDITED, audit

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.fixture(scope="module")
def audits(site) -> dict:
    return audit(site, *CATEGORIES)


@pytest.mark.slow
@pytest.mark.parametrize("path", AUDITED)
@pytest.mark.parametrize("category", CATEGORIES)
def test_lighthouse_finds_nothing_to_say(audits, path, category):
    assert audits[path][category] == [1, []]
