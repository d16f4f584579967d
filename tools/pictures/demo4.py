"""Pictures of demo4."""

from tools.pictures import OpenPage, Page, picture


@picture(width=440, height=560)
def pages(open_page: OpenPage) -> list[Page]:
    return [open_page("/"), open_page("/forloop/12")]
