"""What the book borrows from inside others' packages is still there, and still does the same.

The ``borrowed.py`` of each package of the book, and ``book/live/borrowed.js``, say what that is.
"""

import importlib.metadata
import importlib.resources
import inspect
import json
import pickle
import re
from types import SimpleNamespace

import bridge.borrowed
import editions.borrowed
import ipykernel.iostream
import nbformat
import pytest
import theme.borrowed
from bs4 import BeautifulSoup
from docutils import nodes
from jupyter_book.sphinx import build_sphinx
from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase
from myst_nb.core.utils import coalesce_streams
from myst_nb.sphinx_ import HideCodeCellNode, visit_HideCellInput

import tools.borrowed
from tools import BUILD, HTML, ROOT, execute, live, node

MODULES = (bridge.borrowed, editions.borrowed, theme.borrowed, tools.borrowed)
TRIED = [(module.__name__, *tried) for module in MODULES for tried in module.TRIED.items()]
JAVASCRIPT = (live.SOURCES / "borrowed.js").read_text(encoding="utf-8")
LESSON = "notebooks/03_client_tcp"


@pytest.mark.parametrize(("module", "package", "tried"), TRIED)
def test_the_version_is_the_one_tried(module, package, tried):
    installed = importlib.metadata.version(package)
    assert installed == tried, f"look at what {module} borrows, then write {installed} there"


def files_of(package: str, suffix: str) -> str:
    """Return the texts of an installed package's files that end so."""
    files = importlib.metadata.distribution(package).files
    paths = [file.locate() for file in files if file.name.endswith(suffix)]
    assert paths, f"{package} has no {suffix}"
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


# The theme


@pytest.mark.parametrize("words", theme.borrowed.IN_TEMPLATES)
def test_a_template_has_these_words(words):
    assert words in files_of("sphinx-book-theme", ".html")


@pytest.mark.parametrize(
    ("script", "words"),
    [(script, each) for script, words in theme.borrowed.IN_SCRIPTS.items() for each in words],
)
def test_a_script_has_these_words(script, words):
    assert words in files_of("sphinx-togglebutton", script)


@pytest.mark.parametrize("option", ["navbar_persistent", "search_bar_text"])
def test_the_theme_has_this_option(option):
    assert f"\n{option} =" in files_of("pydata-sphinx-theme", "theme.conf")


def test_the_theme_asks_for_a_default_scheme():
    assert "default_mode" in files_of("pydata-sphinx-theme", "layout.html")


def test_a_folded_cell_opens_as_that_of_myst_nb_but_for_its_words():
    cell = HideCodeCellNode(classes=["above"], prompt_show="Show", prompt_hide="Hide")
    ours, theirs = SimpleNamespace(body=[]), SimpleNamespace(body=[])
    theme.borrowed.visit_folded(ours, cell)
    visit_HideCellInput(theirs, cell)
    assert shape("".join(ours.body)) == shape("".join(theirs.body))


def shape(html: str) -> list[tuple[str, list[str]]]:
    """Return the elements of some HTML with their classes."""
    return [
        (element.name, element.get("class", []))
        for element in BeautifulSoup(html, "html.parser").find_all(True)
    ]


# The editions


def test_our_buttons_are_among_the_theme_s():
    page = BeautifulSoup((HTML / f"{LESSON}.html").read_text(encoding="utf-8"), "html.parser")
    first = page.select(".article-header-buttons .btn")[0]
    assert "btn-deck-button" in first["class"]
    downloads = page.select(".dropdown-download-buttons .btn")[1:]  # the first one opens the others
    for button, kind in zip(downloads, ("notebooks", "notebooks_executes"), strict=False):
        assert f"btn-download-{kind}-button" in button["class"]


def doctree(page: str) -> nodes.document:
    """Return a page as Sphinx has read it, before it is written in some form."""
    return pickle.loads((BUILD / ".doctrees-html" / f"{page}.doctree").read_bytes())


def test_each_solution_knows_its_exercise():
    document = doctree(LESSON)
    solutions = editions.borrowed.solutions(document)
    assert len(solutions) >= 3
    for solution in solutions:
        (exercise,) = editions.borrowed.exercises_solved_by(solution, document)
        assert exercise["ids"] != solution["ids"]


def test_identifiers_that_are_repeated_go():
    document = doctree(LESSON)
    assert repeated(document) == {"exercise-content", "solution-content"}
    editions.borrowed.drop_repeated_ids(document)
    assert repeated(document) == set()


def repeated(document: nodes.document) -> set[str]:
    ids = [each for section in document.findall(nodes.section) for each in section["ids"]]
    return {each for each in ids if ids.count(each) > 1}


def test_tabs_have_a_label_and_a_content():
    sets = editions.borrowed.tab_sets(doctree("book/bien_demarrer"))
    assert sets
    for tab in (tab for tabs in sets for tab in tabs.children):
        label, content = tab.children
        assert label.astext()
        assert content.astext()


def test_folded_cells_are_unfolded():
    document = doctree("notebooks/04_serialisation")
    assert folded(document)
    editions.borrowed.unfold_cells(document)
    assert not folded(document)


def folded(document: nodes.document) -> list[nodes.Node]:
    return [cell for cell in document.findall(nodes.container) if "hide_mode" in cell]


# The tools


def test_choosing_what_is_projected_does_not_change_the_key_of_an_execution(tmp_path):
    cache = get_cache(tmp_path)
    assert type(cache) is JupyterCacheBase  # which MyST-NB opens by the same function
    cell = nbformat.v4.new_code_cell("1 + 1")
    plain = nbformat.v4.new_notebook(cells=[cell])
    marked = nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell)])
    marked.cells[0].metadata["slideshow"] = {"slide_type": "slide"}
    assert cache.create_hashed_notebook(plain)[1] == cache.create_hashed_notebook(marked)[1]
    unpatched = JupyterCacheBase.create_hashed_notebook.__wrapped__
    assert unpatched(cache, plain)[1] != unpatched(cache, marked)[1]


def test_a_sentence_that_comes_in_pieces_is_whole():
    """MyST-NB would make lines of the pieces."""
    pieces = [nbformat.v4.new_output("stream", text=text) for text in ("400", " : trop\n")]
    error = nbformat.v4.new_output("stream", name="stderr", text="attention\n")
    joined = execute.join_streams([*pieces, error])
    assert [each.text for each in coalesce_streams(joined)] == ["400 : trop\n", "attention\n"]


@pytest.mark.parametrize("variable", tools.borrowed.AS_UNDER_PYTEST)
def test_a_kernel_looks_for_pytest(variable):
    assert f'"{variable}" not in os.environ' in inspect.getsource(ipykernel.iostream)


def test_cells_of_a_lesson_know_their_lines():
    path = ROOT / f"{LESSON}.md"
    notebook, lines = execute.read(path), path.read_text(encoding="utf-8").splitlines()
    for cell, line in zip(notebook.cells, notebook.metadata.source_map, strict=True):
        if cell.cell_type == "code":
            assert lines[line - 1].startswith("```{code-cell}")


def test_jupyter_book_takes_what_we_give_it():
    given = re.findall(r"^ +(\w+)=", inspect.getsource(tools.borrowed.build_sphinx), re.MULTILINE)
    assert set(given) <= set(inspect.signature(build_sphinx).parameters)


@pytest.mark.parametrize("words", tools.borrowed.NOTES_WORDS)
def test_the_notes_of_reveal_have_these_words(words):
    assert words in files_of("sphinx-revealjs", "notes.js")


# The page's Python. What is borrowed for its bridge is tried, call by call, by tests/live.

#: Starts from the memory that the build has written, as `worker.js` does.
START = """
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import { startingFrom } from "./live/borrowed.js";

const memory = gunzipSync(await readFile(process.argv[1]));
const bytes = memory.buffer.slice(memory.byteOffset, memory.byteOffset + memory.byteLength);
const engine = import("./node_modules/pyodide/pyodide.asm.mjs");
const python = await loadPyodide(startingFrom(engine, bytes));
console.log(python.runPython("import sys; 'flask' in sys.modules"));
"""


def test_pyodide_is_the_one_tried():
    lock = json.loads(live.LOCK.read_text(encoding="utf-8"))
    installed = lock["packages"]["node_modules/pyodide"]["version"]
    assert re.search(r'TRIED = "(.+)"', JAVASCRIPT)[1] == installed


def test_pyodide_starts_from_its_memory():
    (memory,) = live.ensure().glob("python-*/flask.snapshot")
    command, _ = node.find()
    said = node.run(
        [*command, "--no-warnings", "--input-type=module", "--eval", START, str(memory)], live.FRONT
    )
    assert said.strip() == "true"
