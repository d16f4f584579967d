"""Pictures of demo2."""

from tools.pictures import OpenPage, Page, picture


@picture(height=560)
def wheel(open_page: OpenPage) -> Page:
    return open_page("/wheel")
