"""Blocks of code as they are read.

Cells that write a file, ``%%writefile templates/index.html``, have the colours of that file:
Python's would be wrong, and an error where HTML is no Python. An extract of a file ends with its
last line of code: what stands between it and the next heading is not shown.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from pygments.lexer import Lexer
from pygments.lexers import HtmlDjangoLexer, get_lexer_for_filename
from pygments.token import Comment
from sphinx.application import Sphinx

MAGIC = re.compile(r"%%writefile (?:-a )?(\S+)\n")


class WrittenFileLexer(Lexer):
    """The magic's line as a comment, then the file's own language; a template's for HTML."""

    name = "A file written by a cell"

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple]:
        magic = MAGIC.match(text)
        yield 0, Comment.Preproc, magic[0]
        name = magic[1]
        lexer = HtmlDjangoLexer() if name.endswith(".html") else get_lexer_for_filename(name)
        for index, token, value in lexer.get_tokens_unprocessed(text[magic.end() :]):
            yield magic.end() + index, token, value


def choose_lexer(app: Sphinx, doctree: nodes.document) -> None:
    """Give this lexer to the cells that write a file."""
    for block in doctree.findall(nodes.literal_block):
        if MAGIC.match(block.astext()):
            block["language"] = "written-file"


def trim_extracts(app: Sphinx, doctree: nodes.document) -> None:
    """Take away the blank lines at the end of a block."""
    for block in doctree.findall(nodes.literal_block):
        text = block.astext()
        if text.endswith("\n\n"):
            block.rawsource = text.rstrip("\n")
            block.children = [nodes.Text(block.rawsource)]


def setup(app: Sphinx) -> dict:
    app.add_lexer("written-file", WrittenFileLexer)
    app.connect("doctree-read", choose_lexer)
    app.connect("doctree-read", trim_extracts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
