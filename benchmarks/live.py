"""How long live Flask takes in a page: the first answer, a link, an edit.

    python -m benchmarks.live [TIMES]

On the built book, in the system's Chromium: « cold » is a browser that has never seen the site,
« warm » one whose cache holds it. Times are seen from the page, from click to rendered text.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, sync_playwright
from rich.console import Console
from rich.table import Table

from tools import HTML, browser, serve

LESSON = "notebooks/12_flask_premiers_pas.html"
#: What is measured, and what it should be at most, in milliseconds.
AIMS = {"first answer, cold": 3500, "first answer, warm": 2400, "link": 60, "edit": 200}


def main() -> None:
    """Print the median and the extremes of each time."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    httpd = serve.server(HTML)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{httpd.server_port}/{LESSON}"
    taken: dict[str, list[float]] = {name: [] for name in AIMS}
    with sync_playwright() as playwright:
        for _ in range(times):
            measure(playwright, url, taken)
    httpd.shutdown()
    table = Table("what", "median", "least", "greatest", "aim", title=f"ms, {times} times")
    for name, values in taken.items():
        figures = (statistics.median(values), min(values), max(values), AIMS[name])
        table.add_row(name, *(f"{figure:.0f}" for figure in figures))
    Console().print(table)


def measure(playwright: Playwright, url: str, taken: dict[str, list[float]]) -> None:
    """Measure once, with a browser of its own."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=browser.ensure_browser(), args=list(browser.OPTIONS)
        )
        for name in ("first answer, cold", "first answer, warm"):
            page = open_page(context, url)
            taken[name].append(timed(page, lambda page=page: run(page), "La roue"))
            if name.endswith("cold"):
                page.close()
        for _ in range(5):
            taken["link"].append(timed(page, lambda: follow(page, "Accueil"), "Bonjour"))
            taken["link"].append(timed(page, lambda: follow(page, "La roue"), "La roue"))
        demo_of(page).locator(".live-panel").click()
        page.wait_for_function("document.activeElement.matches('.cm-content')")
        for number in range(5):
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(PROGRAM.format(number))
            taken["edit"].append(timed(page, lambda: run(page), f"numéro {number}"))
        context.close()


PROGRAM = """from flask import Flask

app = Flask(__name__)


@app.route("/wheel")
def index():
    return "<h1>numéro {}</h1>"


app.run(port=5002)
"""


def open_page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    return page


def demo_of(page: Page) -> Locator:
    """Return the lesson's last live demo, demo2."""
    return page.locator("flask-live").last


def run(page: Page) -> float:
    """Press « Lancer »; return when, on the page's clock."""
    return demo_of(page).locator(".live-run").evaluate(CLICK)


def follow(page: Page, link: str) -> float:
    """Follow a link of the demo; return when, on the page's clock."""
    frame = demo_of(page).locator("iframe").element_handle().content_frame()
    return frame.get_by_role("link", name=link, exact=True).evaluate(CLICK)


CLICK = "element => { const now = top.performance.now(); element.click(); return now; }"


#: Resolves when the frame's title, h1, says what is awaited: looked at before each repaint.
AWAIT = """
text => new Promise((resolve, reject) => {
  setTimeout(reject, 60000, new Error(`${text} never came`));
  const look = () => {
    const frame = [...document.querySelectorAll("flask-live iframe")].at(-1);
    const found = frame.contentDocument?.querySelector("h1")?.textContent.startsWith(text);
    if (found && frame.contentDocument.readyState !== "loading") resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})
"""


def timed(page: Page, act: Callable[[], float], awaited: str) -> float:
    """Return the milliseconds from a click to the awaited title."""
    clicked = act()
    return page.evaluate(AWAIT, awaited) - clicked


if __name__ == "__main__":
    main()
