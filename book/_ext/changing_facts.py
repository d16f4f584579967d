"""Facts that pages are made of and that Sphinx does not watch: servers, versions, decks…

An extension says once how such facts are collected, and each of its pages records what it was made
of. At the next build, the pages whose facts have changed are made again, and no other.
"""

from __future__ import annotations

from collections.abc import Callable

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


class Facts:
    """Some facts, and the pages that are made of them.

    Args:
        name: tells these facts from others in Sphinx's notes.
        collect: given the application and a page, returns the facts as they are now: plain values,
            which are kept and compared.
    """

    def __init__(self, name: str, collect: Callable[[Sphinx, str], object]) -> None:
        self.name = name
        self.collect = collect

    def pages(self, env: BuildEnvironment) -> dict[str, object]:
        """Return the pages that are made of these facts, each with those that it was made of."""
        return vars(env).setdefault("changing_facts", {}).setdefault(self.name, {})

    def note(self, env: BuildEnvironment) -> None:
        """Record what the page that is being read is made of."""
        self.pages(env)[env.docname] = self.collect(env.app, env.docname)

    def read_again(self, app: Sphinx) -> None:
        """Have pages read again when their facts have changed; for an extension's ``setup``."""
        app.connect("env-purge-doc", self._forget)
        app.connect("env-get-outdated", self._outdated)

    def write_again(self, app: Sphinx) -> None:
        """Have pages written again, without being read, when their facts have changed.

        These facts are collected once all pages are read, so that they may come from them.
        """
        app.connect("env-purge-doc", self._forget)
        app.connect("env-updated", self._changed)

    def _forget(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self.pages(env).pop(docname, None)

    def _outdated(self, app: Sphinx, env: BuildEnvironment, added, changed, removed) -> set[str]:
        return self._changed(app, env) - removed

    def _changed(self, app: Sphinx, env: BuildEnvironment) -> set[str]:
        pages = self.pages(env)
        now = {page: self.collect(app, page) for page in pages}
        changed = {page for page in pages if pages[page] != now[page]}
        pages.update(now)
        return changed
