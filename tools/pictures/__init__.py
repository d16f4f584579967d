"""Pictures of the demos' pages, taken by a real browser: ``python -m tools pictures``.

A module of this folder, named after a demo, says in functions what to do before each picture:

    @picture()
    def wheel(open_page):
        return open_page("/wheel")

gives ``book/pictures/demo2_wheel.png``. A picture is out of date when the demo's files or the
module have changed, by their hash and not by pixels: building the book needs no browser.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox import start
from sandbox.running.catalogue import DEMO_FOLDER, DEMOS
from tools import ROOT
from tools.browser import OPTIONS, ensure_browser

HERE = Path(__file__).parent
FOLDER = ROOT / "book" / "pictures"
HASHES = FOLDER / "sources.json"
GAP = 16  # pixels between two windows side by side

OpenPage = Callable[[str], Page]


@dataclass(frozen=True)
class Picture:
    """What to show of a demo.

    Attributes:
        demo: its name.
        function: given a way to open a path of the demo, each time as another visitor, brings the
            pages to what is to be shown and returns one, or several that are put side by side.
        width, height: of each window, in CSS pixels.
        arguments: given a folder that lasts as long as the server, returns the arguments that
            the server is started with.
    """

    demo: str
    function: Callable[[OpenPage], Page | list[Page]]
    width: int
    height: int
    arguments: Callable[[Path], list[str]]

    @property
    def name(self) -> str:
        return f"{self.demo}_{self.function.__name__}"

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.png"

    def sources_hash(self) -> str:
        """Return the hash of all that the picture depends on."""
        digest = hashlib.sha256()
        for path in [HERE / f"{self.demo}.py", *sources(self.demo)]:
            if path.is_file():
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]


def sources(name: str) -> list[Path]:
    """Return the files of a demo, or those of a server and of its pages."""
    if name in DEMOS:
        files, folder = [], DEMO_FOLDER / name
    else:
        files, folder = [ROOT / "sandbox" / f"{name}.py"], ROOT / "sandbox" / name[len("server_") :]
    pages = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return [*files, *sorted(pages)]


def picture(
    width: int = 720,
    height: int = 420,
    arguments: Callable[[Path], list[str]] = lambda folder: [],
) -> Callable[[Callable], Picture]:
    """Declare a picture of the demo that the module is named after."""

    def declare(function: Callable[[OpenPage], Page | list[Page]]) -> Picture:
        demo = function.__module__.rpartition(".")[2]
        return Picture(demo, function, width, height, arguments)

    return declare


def pictures() -> list[Picture]:
    """Return every picture declared in this folder."""
    found = []
    for path in sorted(HERE.glob("[!_]*.py")):
        module = importlib.import_module(f"tools.pictures.{path.stem}")
        found += [value for value in vars(module).values() if isinstance(value, Picture)]
    return found


def recorded() -> dict[str, str]:
    """Return the sources' hash of each picture when it was taken."""
    return json.loads(HASHES.read_text(encoding="utf-8")) if HASHES.exists() else {}


def main(arguments: list[str]) -> int:
    """Take the pictures that are out of date, all with ``--force``; forget those not declared."""
    declared = pictures()
    hashes = {} if "--force" in arguments else recorded()
    stale = [
        each
        for each in declared
        if hashes.get(each.name) != each.sources_hash() or not each.path.exists()
    ]
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.png"):
        if path not in {each.path for each in declared}:
            path.unlink()
    if stale:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=ensure_browser(), args=list(OPTIONS)
            )
            for each in stale:
                take(each, browser)
                print(f"Image prise : {each.path.relative_to(ROOT)}")
    hashes = {each.name: each.sources_hash() for each in declared}
    HASHES.write_text(json.dumps(hashes, indent=2) + "\n", encoding="utf-8")
    return 0


def take(picture: Picture, browser: Browser) -> None:
    """Start the demo anew, bring its pages to what is to be shown, and write the picture."""
    with (
        TemporaryDirectory() as folder,
        start(picture.demo, *picture.arguments(Path(folder)), port=0) as server,
        visitors(picture, browser, server.url) as open_page,
    ):
        pages = picture.function(open_page)
        windows = pages if isinstance(pages, list) else [pages]
        images = [Image.open(io.BytesIO(window.screenshot())) for window in windows]
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    whole = Image.new("RGBA", (width, max(image.height for image in images)))
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width + GAP
    # A page has few colours: 256 are enough, and the file is three times smaller.
    whole.quantize(256, Image.Quantize.FASTOCTREE).save(picture.path, optimize=True)


@contextlib.contextmanager
def visitors(picture: Picture, browser: Browser, url: str) -> Iterator[OpenPage]:
    """Give a function that opens a path in a window of its own: its cookies are its own too."""
    with contextlib.ExitStack() as stack:

        def open_page(path: str) -> Page:
            context = browser.new_context(
                viewport={"width": picture.width, "height": picture.height},
                device_scale_factor=2,
                locale="fr-FR",
                timezone_id="Europe/Paris",
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            page = context.new_page()
            page.goto(url + path, wait_until="networkidle")
            return page

        yield open_page
