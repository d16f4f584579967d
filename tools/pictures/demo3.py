"""Pictures of demo3."""

from tools.pictures import OpenPage, Page, picture


@picture(width=440, height=840)
def wheel(open_page: OpenPage) -> list[Page]:
    return [open_page("/wheel"), open_page("/wheel?name=Ada")]


@picture(width=440, height=460)
def forloop(open_page: OpenPage) -> list[Page]:
    return [open_page("/forloop?size=12"), open_page("/forloop?size=abc")]
