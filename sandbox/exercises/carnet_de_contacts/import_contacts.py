"""A spreadsheet's contacts, added to the book in spite of refusals."""

# Solution
import csv
import io
import os
from pathlib import Path

from sandbox.exercises.carnet_de_contacts.ask_patiently import ask_patiently


def import_contacts(
    host: str, port: int, path: str | os.PathLike
) -> tuple[int, list[tuple[int, str]]]:
    """Add to the book the contacts of a CSV file in UTF-8.

    Its first line names the columns; ``name`` and ``mail`` are used.

    Returns:
        How many contacts were accepted, then those refused: the number
        of the line, from 1 on, and the server's reason.

    Raises:
        ValueError: not in UTF-8, or a column is missing; nothing was added.
        OSError: the file cannot be opened, or the server does not answer.
    """
    text = Path(path).read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"name", "mail"} - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"colonne absente : {', '.join(sorted(missing))}")
    added, refused = 0, []
    for row in rows:
        contact = {key: (row[key] or "").strip() for key in ("name", "mail")}
        answer = ask_patiently(host, port, {"cmd": "add", "args": contact})
        if answer["status"]:
            added += 1
        else:
            refused.append((rows.line_num, answer["msg"]))
    return added, refused


# Exercise
from sandbox.checking import Exercise, variant
from sandbox.checking.plays.contacts import NO_MAIL, importing

EXERCISE = Exercise(
    import_contacts,
    hints=(
        "Le module `csv` sait lire les guillemets et les virgules, et nommer les colonnes : "
        "cherchez `DictReader`.",
        "Ouvrez le fichier par `open(path, encoding='utf-8-sig', newline='')`. "
        "`rows.fieldnames` donne les colonnes, `rows.line_num` la ligne où l'on en est.",
        "`for row in rows:` une demande `add` avec `(row['name'] or '').strip()`, et de même pour "
        "`mail`. Si `status` est vrai, un de plus ; sinon, ajoutez "
        "`(rows.line_num, answer['msg'])` aux refus, et continuez.",
    ),
)

EXERCISE.case("deux contacts", expect=((2, []), {"Ada": "ada@a.fr", "Noé": "noe@a.fr"}))(
    importing("name,mail\nAda,ada@a.fr\nNoé,noe@a.fr\n")
)
EXERCISE.case(
    "d'autres colonnes, dans un autre ordre : `mail,tel,name`",
    expect=((1, []), {"Ada": "ada@a.fr"}),
)(importing("mail,tel,name\nada@a.fr,12,Ada\n"))
EXERCISE.case(
    'une virgule dans un nom : `"Durand, Ada"`', expect=((1, []), {"Durand, Ada": "ada@a.fr"})
)(importing('name,mail\n"Durand, Ada",ada@a.fr\n'))
mark = EXERCISE.case(
    "le fichier commence par la marque d'un tableur", expect=((1, []), {"Ada": "ada@a.fr"})
)(importing("name,mail\r\nAda,ada@a.fr\r\n", "utf-8-sig"))
refusals = EXERCISE.case(
    "deux refus, une ligne vide entre eux : quelles lignes ?",
    expect=((2, [(3, NO_MAIL), (5, NO_MAIL)]), {"Ada": "ada@a.fr", "Hugo": "hugo@a.fr"}),
)(importing("name,mail\nAda,ada@a.fr\nNoé,\n\nLila,\nHugo,hugo@a.fr\n"))
spaces = EXERCISE.case(
    "des espaces autour des valeurs", expect=((1, []), {"Lila Roux": "lila@a.fr"})
)(importing("name,mail\n Lila Roux , lila@a.fr \n"))
absent = EXERCISE.case(
    "une case absente : la ligne `Noé Girard`, sans virgule",
    expect=((1, [(2, NO_MAIL)]), {"Ada": "ada@a.fr"}),
)(importing("name,mail\nNoé Girard\nAda,ada@a.fr\n"))
no_column = EXERCISE.case("la colonne `mail` manque", expect=("ValueError", {}))(
    importing("name,courriel\nAda,ada@a.fr\n")
)


@EXERCISE.mistake(
    "Une virgule entre guillemets fait partie du nom. Laissez le module `csv` découper : "
    "`split(',')` ne connaît pas les guillemets.",
    seen=lambda failure: b'\\"Durand' in failure.sent,
)
def split_at_commas(host: str, port: int, path: Path) -> tuple[int, list]:
    head, *lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    for line in lines:
        contact = dict(zip(head.split(","), line.split(","), strict=False))
        ask_patiently(host, port, {"cmd": "add", "args": contact})
    return len(lines), []


EXERCISE.mistake(
    "La marque du début s'est collée au nom de la première colonne : l'encodage "
    "`utf-8-sig` l'ôte, et lit aussi bien les fichiers qui n'en ont pas.",
    on=mark,
    seen=lambda it: isinstance(it.error, KeyError) or "Ada" not in it.value[1],
)(variant(import_contacts, ("utf-8-sig", "utf-8")))

EXERCISE.mistake(
    "Vous vous arrêtez au premier refus : notez-le, et passez à la ligne suivante.",
    on=refusals,
    seen=lambda failure: len(failure.value[0][1]) == 1,
)(variant(import_contacts, ('answer["msg"]))\n', 'answer["msg"]))\n            break\n')))

EXERCISE.mistake(
    "Vous comptez les contacts, et l'on veut la ligne du fichier : l'en-tête est la "
    "ligne 1, et les lignes vides comptent. `rows.line_num` le sait.",
    on=(refusals, absent),
    seen=lambda failure: {reason for _, reason in failure.value[0][1]} == {NO_MAIL},
)(variant(import_contacts, ("rows.line_num", "added + len(refused) + 1")))

EXERCISE.mistake(
    "Une colonne absente doit lever `ValueError` avant tout ajout : regardez `rows.fieldnames`.",
    on=no_column,
)(variant(import_contacts, ("if missing:", "if False:")))

EXERCISE.mistake(
    "Ôtez les espaces autour du nom et de l'adresse, par `strip`.",
    on=spaces,
    seen=lambda failure: " Lila Roux " in failure.value[1],
)(variant(import_contacts, (".strip()", "")))

EXERCISE.mistake(
    "Une case absente vaut `None` pour `DictReader`, et `None` n'a pas de `strip` : "
    "`(row['mail'] or '')`.",
    raises=AttributeError,
)(variant(import_contacts, ('(row[key] or "")', "row[key]")))
