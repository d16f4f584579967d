"""Pictures of the file drop's page."""

from pathlib import Path

from tools.pictures import OpenPage, Page, picture


def subject_and_copies(folder: Path) -> list[str]:
    """Return the arguments of a teacher who gives a subject and receives copies."""
    subject = folder / "Sujet du devoir.txt"
    subject.write_text("Expliquez TIME_WAIT.\n" * 57, encoding="utf-8")
    (folder / "copies").mkdir()
    return [str(subject), "--recevoir", str(folder / "copies")]


@picture(width=440, height=560, arguments=subject_and_copies)
def both_ways(open_page: OpenPage) -> list[Page]:
    """What may be taken and left, then a copy received."""
    before, after = open_page("/"), open_page("/")
    copy = {"name": "Copie de Zoé.txt", "mimeType": "text/plain", "buffer": b"TIME_WAIT"}
    after.get_by_label("Vos fichiers").set_input_files(copy)
    after.get_by_role("button", name="Envoyer", exact=True).click()
    after.get_by_text("Bien reçu").wait_for()
    return [before, after]
