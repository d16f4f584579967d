"""Pictures of the WebSocket chat's page."""

from tools.pictures import OpenPage, Page, picture


@picture(width=470, height=480)
def two_people(open_page: OpenPage) -> list[Page]:
    """Ada and Bob write to each other; some HTML stays text."""
    ada, bob = pages = [open_page("/tp") for _ in range(2)]
    for page, name in zip(pages, ("Ada", "Bob"), strict=True):
        page.get_by_text("En direct, 2 ici").wait_for()
        page.get_by_label("Nom").fill(name)
    for page, text in (
        (ada, "Y a-t-il quelqu’un ?"),
        (bob, "Oui, moi."),
        (ada, "<b>Gras</b> ou pas gras ?"),
    ):
        page.get_by_label("Message").fill(text)
        page.get_by_label("Message").press("Enter")
        for window in pages:
            window.get_by_text(text).wait_for()
    return pages
