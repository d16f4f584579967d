"""Pictures of demo6."""

from tools.pictures import OpenPage, Page, picture


@picture(width=470, height=790)
def two_people(open_page: OpenPage) -> list[Page]:
    """Ada and Bob write to each other; some HTML stays text."""
    ada, bob = pages = [open_page("/") for _ in range(2)]
    for page, name in zip(pages, ("Ada", "Bob"), strict=True):
        page.locator("input.username").fill(name)
        page.locator("input.message").focus()
        page.get_by_text(f"{name} arrive").wait_for()
    for page, text in (
        (ada, "Y a-t-il quelqu’un ?"),
        (bob, "Oui, moi."),
        (ada, "<b>Gras</b> ou pas gras ?"),
    ):
        page.locator("input.message").fill(text)
        page.locator("input.message").press("Enter")
        for window in pages:
            window.get_by_text(text).wait_for()
    return pages
