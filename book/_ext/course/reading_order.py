"""Pages are read while lessons are still being executed: those that are not ready come last."""

from sphinx.application import Sphinx


def read_lessons_last(app: Sphinx, env, docnames: list[str]) -> None:
    """Read first the pages that wait for nobody, then the lessons, in their order."""
    docnames.sort(key=lambda docname: (docname.startswith("notebooks/"), docname))


def wait(app: Sphinx, docname: str, source: list[str]) -> None:
    """Let who builds wait until what the page is made of is there."""
    if app.config.before_reading:
        app.config.before_reading(docname)


def setup(app: Sphinx) -> dict:
    app.add_config_value("before_reading", None, "", types=())
    app.connect("env-before-read-docs", read_lessons_last)
    app.connect("source-read", wait)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
