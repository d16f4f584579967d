"""Pictures of the demo api: the same page twice, then the same refusal."""

from tools.pictures import OpenPage, Page, picture


@picture(width=440, height=700)
def pages(open_page: OpenPage) -> list[Page]:
    return [open_page("/ssr"), open_page("/csr")]


@picture(width=440, height=700)
def refusals(open_page: OpenPage) -> list[Page]:
    """Send the same wrong book from both pages."""
    windows = pages.function(open_page)
    for window in windows:
        window.get_by_label("Titre").fill("Nadja")
        window.get_by_label("Année").fill("demain")
        window.get_by_role("button", name="Ajouter").click()
        window.wait_for_load_state("networkidle")
        window.get_by_text("un nombre entier").first.wait_for()
        window.evaluate("scrollTo(0, 0)")
    return windows
