"""The French of the course: its typography, its spelling, one word for each notion."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests import prose
from tools import ROOT

WORDS = ROOT / "tests" / "mots.txt"
#: « l’ » in « l’ETag »: the list of words does without it.
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'", re.IGNORECASE)
#: A word: letters, inner apostrophes and hyphens; not what has figures, like IPv4.
WORD = re.compile(r"(?<![\w'-])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\w'-])")
PAGES = [piece for path in prose.sources() for piece in prose.of_file(path)]
PROSE = [*PAGES, *prose.of_exercises(), *prose.of_quizzes()]
#: What a student reads of it is among code: it is looked at for its words only.
DOCTOR = ROOT / "sandbox" / "commands" / "doctor.py"

#: What a printer would send back.
FAULTS = {
    "ordinary space before a high sign": re.compile(r" [;:?!»]"),
    "no space before a high sign": re.compile(r"[\w)%’][;!»]|[\w)%’]\?(?!\w)|«[^\s]|\w:(?!\S)"),
    "ordinary space after «": re.compile("« "),
    "straight apostrophe": re.compile(r"\w'|'\w"),
    "straight quotation mark": re.compile(r'(?<![=(])(?<!= )"\b'),
    "three dots": re.compile(r"\.\.\."),
    "ordinary space before a unit": re.compile(
        r"\d (?:octets?|caractères|s|ms|ko|Mo|Go|Kio|Mio|min|h|px|%|€)\b(?!’)"
    ),
}

#: The glossary decides: the word to avoid, and the one that the course has chosen.
SYNONYMS = {
    r"\blibrairies?\b": "bibliothèque",
    r"\bcadriciels?\b(?!\s»)": "framework",
    r"\bboucle locale\b": "bouclage",
    r"\bcodes? (?:d’état|de statut)\b": "code de réponse",
    r"\bmandataires?\b": "proxy",
    r"\bfureteurs?\b|\bbutineurs?\b": "navigateur",
    r"\bcryptage\b|\bcrypter\b": "chiffrement, chiffrer",
    r"\bdigita(?:l|le|ux|les)\b": "numérique",
    r"\badresses? URL\b": "URL",
    r"\bentêtes?\b": "en-tête",
    r"\b(?:un|le|son|notre) tampon mémoire\b": "mémoire tampon",
}


def found(pattern: re.Pattern | str, pieces: list[prose.Piece]) -> list[str]:
    """Return where `pattern` is, with what stands around it."""
    return [
        f"{piece.where}: …{piece.text[max(0, match.start() - 25) : match.end() + 15]}…"
        for piece in pieces
        for match in re.finditer(pattern, piece.text)
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_typography_is_french(fault):
    assert found(FAULTS[fault], PAGES if "unit" in fault else PROSE) == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("ordinary space before a high sign", "Pourquoi ?"),
        ("no space before a high sign", "Pourquoi?"),
        ("no space before a high sign", "Voici: rien"),
        ("no space before a high sign", "«voici »"),
        ("ordinary space after «", "« voici »"),
        ("straight apostrophe", "l'octet"),
        ("straight quotation mark", 'un "port" gris'),
        ("three dots", "et puis..."),
        ("ordinary space before a unit", "dix fois 10 octets"),
    ],
)
def test_a_fault_of_typography_is_seen(fault, text):
    pieces = [prose.Piece("", *texts) for _, texts in prose.of_markdown(f"- *Oui*, {text}")]
    assert len(found(FAULTS[fault], pieces)) == 1


@pytest.mark.parametrize("avoided", SYNONYMS)
def test_a_notion_keeps_its_word(avoided):
    doctor = prose.of_sentence(DOCTOR.name, DOCTOR.read_text(encoding="utf-8"))
    pieces = [*PROSE, doctor]
    assert found(re.compile(avoided, re.IGNORECASE), pieces) == [], f"write {SYNONYMS[avoided]}"


def test_prose_is_told_from_code():
    source = (
        "# Un titre\n\nDu `code`, un {ref}`lien <cible>`, [un autre](https://exemple.invalid).\n\n"
        "```{code-cell} ipython3\nprint('non')\n```\n\n"
        ":::{admonition} Un encadré\n:class: tip\n\nDedans, *abroad*.\n:::\n\n"
        "```{figure} x.svg\n:alt: Une flèche.\n\nUne légende.\n```\n"
    )
    read = list(prose.of_markdown(source))
    code = prose.CODE
    assert [(line, texts[0]) for line, texts in read] == [
        (1, "Un titre"),
        (3, f"Du {code}, un lien, un autre."),
        (9, "Un encadré"),
        (12, "Dedans, abroad."),
        (16, "Une flèche."),
        (18, "Une légende."),
    ]
    assert [text.strip() for text in read[3][1][1:]] == ["Dedans,       .", "abroad"]


# Spelling


@pytest.fixture(scope="module")
def hunspell() -> str:
    program = shutil.which("hunspell")
    if not program or not all(name in dictionaries(program) for name in ("fr_FR", "en_US")):
        message = (
            "spelling is not checked: hunspell, or its French or English words, are not there "
            "(Debian: hunspell hunspell-fr hunspell-en-us)"
        )
        if os.environ.get("CI") == "true" and sys.platform == "linux":
            pytest.fail(message)
        pytest.skip(message)
    return program


def dictionaries(program: str) -> str:
    return subprocess.run([program, "-D"], input="", capture_output=True, text=True).stderr


def words_of(text: str) -> set[str]:
    return set(WORD.findall(ELISION.sub(" ", text.replace("’", "'"))))


def unknown(program: str, text: str, *, languages: str) -> set[str]:
    """Return the words of `text` that neither the dictionaries nor the course's list know."""
    command = [program, "-l", "-i", "utf-8", "-d", languages, "-p", str(WORDS)]
    words = "\n".join(sorted(words_of(text)))
    result = subprocess.run(command, input=words, capture_output=True, encoding="utf-8", check=True)
    return set(result.stdout.split())


def misspelt(program: str, pieces: list[prose.Piece]) -> dict[str, list[str]]:
    """Return the unknown words of `pieces`, each with where it is."""
    words = unknown(program, "\n".join(piece.roman for piece in pieces), languages="fr_FR")
    italics = "\n".join(piece.italic for piece in pieces)
    words |= unknown(program, italics, languages="fr_FR,en_US")
    return {
        word: [piece.where for piece in pieces if word in words_of(piece.text)]
        for word in sorted(words)
    }


def test_spelling(hunspell):
    assert misspelt(hunspell, PROSE) == {}


def test_a_misspelt_word_is_seen(hunspell):
    pieces = [prose.of_sentence("here", "Un serveur écoutte."), prose.of_sentence("there", "Rien.")]
    assert misspelt(hunspell, pieces) == {"écoutte": ["here"]}


def test_words_of_the_course_are_in_order_and_all_needed(hunspell):
    words = WORDS.read_text(encoding="utf-8").split()
    assert words == sorted(set(words), key=lambda word: (word.lower(), word))
    used = words_of("\n".join(piece.text for piece in PROSE))
    assert [word for word in words if word not in used] == []
