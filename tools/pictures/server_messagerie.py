"""Pictures of the class's messaging application."""

from pathlib import Path

from tools.pictures import OpenPage, Page, picture


def demonstration(folder: Path) -> list[str]:
    """Ask for tokens that we know, and a clock that is always the same."""
    return ["--demonstration"]


def enter(page: Page, token: str) -> None:
    page.get_by_label("Jeton").fill(token)
    page.get_by_role("button", name="Revenir").click()
    page.get_by_text("En direct").wait_for()


def write(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Envoyer").click()


@picture(width=460, height=960, arguments=demonstration)
def two_people(open_page: OpenPage) -> list[Page]:
    """Alice and Bob write to each other; some HTML stays text, Chloé's message waits."""
    alice, bob, chloe = (open_page("/") for _ in range(3))
    for page, token in ((alice, "jeton-alice"), (bob, "jeton-bob"), (chloe, "jeton-chloe")):
        enter(page, token)
    alice.get_by_role("button", name="Bob").click()
    bob.get_by_role("button", name="Alice").click()
    for page, other, text in (
        (bob, alice, "Merci ! On révise ensemble ?"),
        (alice, bob, "<b>Volontiers</b>, à 14 h."),
    ):
        write(page, text)
        other.get_by_text(text).wait_for()
    chloe.get_by_role("button", name="Bob").click()
    write(chloe, "Je peux venir ?")
    bob.get_by_text("non lus").wait_for()
    bob.get_by_label("Mon statut").fill("en pause café")
    bob.get_by_role("button", name="Changer").click()
    alice.get_by_role("heading", name="Bob, en pause café").wait_for()
    for page in (alice, bob):
        page.mouse.move(1, 1)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    return [alice, bob]


@picture(width=720, height=420, arguments=demonstration)
def docs(open_page: OpenPage) -> Page:
    """The page to try the API: a message sent, its answer shown."""
    page = open_page("/docs")
    page.get_by_label("Mon jeton").fill("jeton-alice")
    section = page.locator("#operations section").filter(has_text="POST /api/messages")
    section.get_by_role("button", name="Essayer").click()
    section.get_by_text("201").last.wait_for()
    section.locator("pre").get_by_text("Bonjour").wait_for()
    section.scroll_into_view_if_needed()
    section.evaluate("element => element.scrollIntoView()")
    return page
