"""What makes the book: environment, execution, build, references, laboratory."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "_build"
HTML = BUILD / "html"
SLIDES = BUILD / "slides"
PDF = BUILD / "pdf" / "programmes_cooperants.pdf"
EPUB = BUILD / "epub" / "programmes_cooperants.epub"
ARCHIVE = BUILD / "archive" / "programmes_cooperants.zip"
REFERENCES = ROOT / "tests" / "references"
