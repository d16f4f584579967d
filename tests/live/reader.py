"""What a reader does with a live demo."""

import json

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.helpers import Watched

# Milliseconds, on a machine that may be busy.
BOOT_MS = 60_000  # Python starts
ANSWER_MS = 20_000


class Live:
    """A live demo of a page, with what a reader does."""

    def __init__(self, watched: Watched, rank: int = 0) -> None:
        self.watched = watched
        self.page: Page = watched.page
        self.element = self.page.locator("flask-live").nth(rank)

    def part(self, selector: str) -> Locator:
        return self.element.locator(selector)

    @property
    def frame(self) -> FrameLocator:
        return self.element.frame_locator("iframe").first

    def run(self) -> None:
        self.part(".live-run").click()
        expect(self.part(".live-status")).to_contain_text("En marche", timeout=BOOT_MS)

    def sees(self, text: str, selector: str = "body") -> None:
        expect(self.frame.locator(selector)).to_contain_text(text, timeout=ANSWER_MS)

    def at(self, address: str) -> None:
        expect(self.part(".live-bar input").first).to_have_value(address, timeout=ANSWER_MS)

    def go(self, typed: str) -> None:
        self.part(".live-bar input").first.fill(typed)
        self.part(".live-bar input").first.press("Enter")

    def open(self, file: str) -> Locator:
        """Open a file in the editor and return the editor."""
        self.part(".live-tabs").get_by_text(file, exact=True).click()
        self.part(".live-panel").click()
        editor = self.part(".cm-content")
        expect(editor).to_be_focused(timeout=ANSWER_MS)
        return editor

    def replace(self, file: str, text: str) -> None:
        self.open(file)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def replace_in(self, file: str, old: str, new: str) -> None:
        self.replace(file, self.source(file).replace(old, new))

    def source(self, file: str) -> str:
        data = self.part("script[type='application/json']").text_content()
        return json.loads(data)["texts"][file]

    def log(self) -> str:
        return self.part(".live-log").text_content()
