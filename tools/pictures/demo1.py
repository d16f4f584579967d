"""Pictures of demo1."""

from tools.pictures import OpenPage, Page, picture


@picture(height=120)
def index(open_page: OpenPage) -> Page:
    return open_page("/")
