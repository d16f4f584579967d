"""``{flask-live} demo2``: a demo that runs in the page; its files, listed, everywhere else.

Options: ``:first:`` the file shown first, ``:start:`` the path first visited, ``:visitors:`` names
of the windows, ``:height:`` of code and window, ``:tasks:`` names of files of ``book/live/tasks``.
"""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
from html import escape
from pathlib import Path

from changing_facts import Facts
from docutils import nodes
from docutils.parsers.rst import directives
from editions.kept_copies import KeptTransform
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

DEMOS = "flask_demo"
TASKS = "book/live/tasks"
LANGUAGES = {
    ".py": "python", ".html": "html+jinja", ".css": "css", ".js": "javascript", ".json": "json"
}  # fmt: skip
LARGE = 32 * 1024  # bytes: beyond, a file is fetched when the demo is run
#: What running leaves in a demo's folder.
IGNORED = ("__pycache__",)


class flask_live(nodes.General, nodes.Element):
    """A demo: its files as children, what its page's script needs as attributes."""


class live_file(nodes.General, nodes.Element):
    """One listed file."""


class FlaskLive(SphinxDirective):
    required_arguments = 1
    option_spec = {  # noqa: RUF012
        "first": directives.unchanged,
        "start": directives.unchanged,
        "visitors": directives.unchanged,
        "height": directives.unchanged,
        "tasks": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        folder = Path(self.env.srcdir) / DEMOS / name
        if not folder.is_dir():
            raise self.error(f"flask-live : il n’y a pas de démonstration « {name} ».")
        BUNDLE.note(self.env)
        demos_of(self.env).setdefault(self.env.docname, set()).add(name)
        shown, hidden, fetched = sort_files(folder)
        for path in folder.rglob("*"):
            # A folder as a dependency would have Sphinx read the page again each time.
            if path.is_file() and not set(IGNORED) & set(path.parts):
                self.env.note_dependency(str(path))
        live = flask_live(
            settings={
                "name": name,
                "texts": shown,
                "hidden": hidden,
                "fetched": fetched,
                "first": self.options.get("first", "app.py"),
                "start": self.options.get("start", "/"),
                "visitors": self.options.get("visitors", "vous").split(),
                "tasks": [self.task(each) for each in self.options.get("tasks", "").split()],
            },
            height=self.options.get("height", ""),
        )
        for file, text in shown.items():
            block = nodes.literal_block(text, text, language=LANGUAGES[Path(file).suffix])
            title = nodes.paragraph("", "", nodes.literal(file, file))
            live += live_file("", title, block, name=file)
        return [live]

    def task(self, name: str) -> dict[str, str]:
        """Read a task: its docstring is its statement, its code the check."""
        path = Path(self.env.srcdir) / TASKS / f"{name}.py"
        self.env.note_dependency(str(path))
        source = shipped(path.read_text(encoding="utf-8"))
        return {"name": name, "statement": statement(source), "source": source}


def shipped(source: str) -> str:
    """Return a task down to the end of its check: `ATTEMPTS`, below, gives the answer."""
    checks = [part for part in ast.parse(source).body if getattr(part, "name", "") == "check"]
    return "".join(source.splitlines(keepends=True)[: checks[0].end_lineno])


def statement(source: str) -> str:
    """Return a task's docstring in HTML; what is between backquotes is code."""
    text = escape(" ".join(ast.get_docstring(ast.parse(source)).split()))
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def sort_files(folder: Path) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the texts to show, those not worth showing, and the address of each large file."""
    shown, hidden, fetched = {}, {}, {}
    paths = [path for path in folder.rglob("*") if path.is_file()]
    for path in sorted(paths, key=lambda each: (each.name != "app.py", each)):
        name = path.relative_to(folder).as_posix()
        if any(part in IGNORED for part in path.parts):
            continue
        if path.stat().st_size > LARGE:
            fetched[name] = f"live/files/{short_hash(path)}/{path.name}"
        elif path.suffix in LANGUAGES and "vendor" not in path.parts:
            shown[name] = path.read_text(encoding="utf-8")
        else:
            hidden[name] = path.read_text(encoding="utf-8")
    return shown, hidden, fetched


def short_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


# In HTML: an element that its script makes alive, and the listing for those who have no scripts.


def visit_live(self, node: flask_live) -> None:
    settings = node["settings"]
    static = "../" * self.builder.current_docname.count("/") + "_static/"
    fetched = {name: static + address for name, address in settings["fetched"].items()}
    data = json.dumps({**settings, "fetched": fetched}, ensure_ascii=False).replace("<", "\\u003c")
    style = f' style="--live-height: {escape(node["height"])}"' if node["height"] else ""
    self.body.append(
        f'<div class="full-width"><flask-live{style}>'
        f'<script type="application/json">{data}</script><div class="live-listing">'
    )


def depart_live(self, node: flask_live) -> None:
    self.body.append("</div></flask-live></div>")


def visit_file(self, node: live_file) -> None:
    is_open = " open" if node["name"] == "app.py" else ""
    name = escape(node["name"])
    self.body.append(f'<details data-file="{name}"{is_open}><summary><code>{name}</code></summary>')
    node.pop(0)  # the summary says it


def depart_file(self, node: live_file) -> None:
    self.body.append("</details>")


class ListFiles(KeptTransform):
    """In copies to keep nothing can run: the listing is all there is."""

    default_priority = 10

    def run(self, **kwargs) -> None:
        for live in list(self.document.findall(flask_live)):
            name = live["settings"]["name"]
            listing = nodes.container(classes=["live-files"])
            listing += nodes.rubric("", f"Les fichiers de {name}")
            for file in live.children:
                listing += file.children
            live.replace_self(listing)


# The bundle made by tools/live.py.

BUNDLE = Facts("flask_live", lambda app, page: app.config.flask_live_bundle)


def demos_of(env: BuildEnvironment) -> dict[str, set[str]]:
    """Return the pages that hold demos, each with their names."""
    return vars(env).setdefault("flask_live_demos", {})


def bundle_part(app: Sphinx, part: str) -> str:
    """Return the name of the bundle's folder that begins with `part`."""
    (folder,) = Path(app.config.flask_live_bundle).glob(f"{part}-*")
    return folder.name


def add_scripts(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Load the script in the pages that hold a demo, and in no other."""
    if app.config.flask_live_bundle and pagename in demos_of(app.env):
        page = f"live/{bundle_part(app, 'page')}"
        app.add_js_file(f"{page}/element.js", type="module")
        app.add_css_file(f"{page}/live.css")


def copy_bundle(app: Sphinx, error: Exception | None) -> None:
    """Put the bundle and the large files in the site; take away those of former builds."""
    demos = set().union(*demos_of(app.env).values())
    target = Path(app.outdir) / "_static" / "live"
    if error or not app.config.flask_live_bundle or not demos:
        return
    for part in ("python", "page"):
        name = bundle_part(app, part)
        for former in target.glob(f"{part}-*"):
            if former.name != name:
                shutil.rmtree(former)
        if not (target / name).exists():
            shutil.copytree(Path(app.config.flask_live_bundle) / name, target / name)
    for demo in demos:
        folder = Path(app.srcdir) / DEMOS / demo
        for file, address in sort_files(folder)[2].items():
            copied = target.parent / address
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / file, copied)


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    demos_of(env).pop(docname, None)


def setup(app: Sphinx) -> dict:
    app.add_config_value("flask_live_bundle", "", "")
    app.add_node(flask_live, html=(visit_live, depart_live))
    app.add_node(live_file, html=(visit_file, depart_file))
    app.add_post_transform(ListFiles)
    app.add_directive("flask-live", FlaskLive)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", copy_bundle)
    app.connect("env-purge-doc", forget)
    BUNDLE.write_again(app)  # its addresses are written in pages
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
