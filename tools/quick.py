"""``make quick``: before each commit, what needs neither a browser nor the built book."""

from __future__ import annotations

from tools import check, style


def main(arguments: list[str]) -> int:
    """Run ruff, then the tests that tests/conftest.py finds quick; `arguments` go to pytest."""
    return style.main([]) or check.run_tests("-m", "quick", *arguments)
