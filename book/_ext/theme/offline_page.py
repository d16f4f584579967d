"""Pages that load nothing from elsewhere.

The theme's stack adds Thebe and MathJax to pages that use neither, from a CDN, and some scripts
twice. What is not needed is left out.
"""

from sphinx.application import Sphinx

from theme import borrowed


def keep_wanted_files(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Keep each wanted script and style sheet once."""
    for kind in ("script_files", "css_files"):
        kept = {}
        for file in context.get(kind, []):
            content = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}"
            if not any(word in content.lower() for word in borrowed.UNWANTED_FILES):
                kept.setdefault(content, file)
        context[kind] = list(kept.values())


def simplify_theme(app: Sphinx, config) -> None:
    """Search stands in the side bar: no second one in a bar of its own. The system's scheme."""
    borrowed.set_theme_option(config, "navbar_persistent", [])
    borrowed.set_default_scheme(config, "auto")


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", keep_wanted_files, priority=900)
    app.connect("config-inited", simplify_theme, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
