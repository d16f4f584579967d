"""Pictures of edo."""

from tools.pictures import OpenPage, Page, picture


@picture(height=1000)
def logistic(open_page: OpenPage) -> Page:
    return open_page("/")


@picture(height=640)
def refusal(open_page: OpenPage) -> Page:
    page = open_page("/")
    page.get_by_label("y′ = f(t, y) =").fill("y ^ 2 + z")
    page.get_by_label("pas, au plus").fill("0,0001")
    page.get_by_role("button").click()
    page.get_by_text("la puissance s’écrit **").wait_for()
    return page


@picture(height=840)
def explosion(open_page: OpenPage) -> Page:
    return open_page("/?exemple=explosion")
