"""Pages that load nothing from elsewhere.

The theme's stack adds Thebe and MathJax to pages that use neither, from a CDN, and some scripts
twice. What is not needed is left out.
"""

from sphinx.application import Sphinx

UNWANTED = ("thebe", "mathjax", "require.js")


def keep_wanted_files(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Keep each wanted script and style sheet once."""
    for kind in ("script_files", "css_files"):
        kept = {}
        for file in context.get(kind, []):
            content = f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}"
            if not any(word in content.lower() for word in UNWANTED):
                kept.setdefault(content, file)
        context[kind] = list(kept.values())


def simplify_theme(app: Sphinx, config) -> None:
    """Search stands in the side bar: no second one in a bar of its own. The system's scheme."""
    # Setting html_theme_options in _config.yml would replace all that Jupyter Book generates.
    config.html_theme_options["navbar_persistent"] = []
    config.html_context["default_mode"] = "auto"  # none at all is an error to the theme's script


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", keep_wanted_files, priority=900)
    app.connect("config-inited", simplify_theme, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
