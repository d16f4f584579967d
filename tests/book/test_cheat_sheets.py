"""Each cheat sheet prints on one A4 page, and its code does what it says."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import ROOT

SHEETS = sorted(path.stem for path in (ROOT / "book").glob("aide_memoire_*.md"))
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANNOUNCED = re.compile(r"^( *)(\S.*?)  # → (.*)$", re.MULTILINE)


def source(sheet: str) -> str:
    return (ROOT / "book" / f"{sheet}.md").read_text(encoding="utf-8")


def checked(code: str) -> str:
    """Return `code` where each ``expression  # → value`` has become a comparison."""
    return ANNOUNCED.sub(r"\1check((\3), (\2))", code)


CHECK = """
def check(expected, value):
    assert value == expected, f"{value!r}, and the sheet says {expected!r}"

"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess:
    """Run a program in `folder`; its end, successful or not, must come."""
    (folder / "sheet.py").write_text(CHECK + checked(code), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "sheet.py"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("sheet", SHEETS)
def test_its_code_does_what_it_says(sheet, tmp_path):
    for name, content in FILE.findall(source(sheet)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    code = "\n".join(CODE.findall(source(sheet)))
    assert len(ANNOUNCED.findall(code)) >= 4
    ast.parse(code)
    # Run as a program, the sheet of Socket.IO would serve for ever.
    result = run(code.replace('"__main__"', '"served"'), tmp_path)
    assert result.returncode == 0, result.stderr


def test_a_wrong_value_is_seen(tmp_path):
    result = run("6 * 7  # → 43\n", tmp_path)
    assert "42, and the sheet says 43" in result.stderr


def test_script_of_the_chat_shows_what_is_said_and_says_what_is_typed(chromium):
    files = dict(FILE.findall(source("aide_memoire_socketio")))
    stub = """
    const sent = [], heard = {};
    const io = () => ({ on: (name, act) => { heard[name] = act; },
                        emit: (name, data, receipt) => sent.push([name, data, typeof receipt]) });
    """
    page = chromium.new_page()
    page.set_content(files["templates/chat.html"])
    page.add_script_tag(content=stub + files["static/chat.js"])
    page.evaluate("heard.said({ text: '<b>Bonjour</b>' })")
    assert page.locator("#messages li").all_text_contents() == ["<b>Bonjour</b>"]
    page.fill("input", "Ohé")
    page.click("button")
    assert page.evaluate("sent") == [["say", {"text": "Ohé"}, "function"]]
    assert page.input_value("input") == ""
    page.close()


@pytest.mark.parametrize("sheet", SHEETS)
def test_it_prints_on_one_page(open_url, site, sheet):
    page = open_url(f"{site}book/{sheet}.html").page
    pdf = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "10mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    sizes = page.locator("article.bd-article pre").evaluate_all(
        "all => all.map(pre => parseFloat(getComputedStyle(pre).fontSize))"
    )
    assert min(sizes) >= 10, json.dumps(sizes)  # px: legible on paper
