"""A site of files, from which nothing else comes out."""

# Solution
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


def static_site(root: Path) -> type[BaseHTTPRequestHandler]:
    """Return a handler that serves the files under `root`, and nothing else."""
    root = root.resolve()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = find(root, unquote(self.path.partition("?")[0]))
            if file is None:
                self.send_error(404)
                return
            body = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Site


def find(root: Path, path: str) -> Path | None:
    """Return the file of that path in a site, None if there is none."""
    if path.endswith("/"):
        path += "index.html"
    try:
        file = (root / path.lstrip("/")).resolve()  # resolve follows « .. » and links
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


# Exercise

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.sites import attack, visit

EXERCISE = Exercise(
    static_site,
    hints=(
        "Trois temps : décoder le chemin (`unquote`, une fois, sans les paramètres), en faire un "
        "chemin du disque, *puis* vérifier où il mène. Jamais l'inverse.",
        "`(root / path.lstrip('/')).resolve()` suit les `..` et les liens, jusqu'au vrai fichier. "
        "`is_relative_to(root)` dit s'il est dessous.",
        "Résolvez aussi `root`. Un chemin qui finit par `/` veut `index.html`. `resolve` peut "
        "lever `ValueError` (octet nul) : c'est un 404. Les types sont dans un dictionnaire, par "
        "`file.suffix`.",
    ),
)


@EXERCISE.case("`/`", expect=(200, "text/html", "<h1>Bonjour</h1>"))
def index(stage: Stage, program: Program):
    return visit(stage, program, "/")


@EXERCISE.case("`/style.css`", expect=(200, "text/css", "h1 { color: teal; }"))
def stylesheet(stage: Stage, program: Program):
    return visit(stage, program, "/style.css")


@EXERCISE.case("`/js/page.js`", expect=(200, "text/javascript", "alert(1);"))
def script(stage: Stage, program: Program):
    return visit(stage, program, "/js/page.js")


@EXERCISE.case("`/%C3%A0%20propos.html?v=2`", expect=(200, "text/html", "<h1>Nous</h1>"))
def percents(stage: Stage, program: Program):
    return visit(stage, program, "/%C3%A0%20propos.html?v=2")


@EXERCISE.case("`/vide/`, un dossier sans `index.html`", expect=404)
def no_index(stage: Stage, program: Program):
    return visit(stage, program, "/vide/")


@EXERCISE.case("`/../secret.txt`, et sa variante `/../site-prive/secret.txt`", expect=[])
def dots(stage: Stage, program: Program):
    return attack(stage, program, "..", "voisin")


@EXERCISE.case(
    "les mêmes, déguisés : `/..%2fsecret.txt`, `/%2e%2e/secret.txt`, un chemin absolu", expect=[]
)
def disguised(stage: Stage, program: Program):
    return attack(stage, program, "..%2f", "%2e%2e", "absolu")


@EXERCISE.case("`/lien.txt`, qui est un lien vers `../secret.txt`", expect=[])
def link(stage: Stage, program: Program):
    return attack(stage, program, "lien")


EXERCISE.mistake(
    "Tout part sous le même type, et le navigateur refusera la feuille de style : "
    "choisissez `Content-Type` d'après l'extension.",
    on=stylesheet,
    seen=lambda failure: failure.value[1] != "text/css",
)(variant(static_site, ('TYPES.get(file.suffix, "application/octet-stream")', '"text/html"')))

EXERCISE.mistake(
    "Le chemin de la requête est écrit en pourcents : décodez-le par `unquote` avant de "
    "chercher le fichier.",
    on=percents,
    gives=404,
)(variant(static_site, ("unquote(", "(")))

by_prefix = variant(find, ("file.is_relative_to(root)", "str(file).startswith(str(root))"))
EXERCISE.mistake(
    "`site-prive` commence comme `site` : comparer des chaînes ne suffit pas. "
    "`is_relative_to` compare des dossiers.",
    on=dots,
    gives=["voisin"],
)(variant(static_site, ("find(", "by_prefix(")))

trusting = variant(find, ("file.is_relative_to(root) and ", ""))
EXERCISE.mistake(
    "`..` remonte hors du site, et votre secret est parti. Résolvez le chemin "
    "(`resolve()`), puis vérifiez qu'il est sous `root`.",
    on=dots,
    seen=lambda failure: ".." in failure.value,
)(variant(static_site, ("find(", "trusting(")))

EXERCISE.mistake(
    "Vous cherchez `..` dans le texte de la requête, où il peut se déguiser en `%2e%2e`. "
    "Décodez d'abord, vérifiez ensuite, et vérifiez le chemin plutôt que le texte.",
    on=disguised,
    seen=lambda failure: bool(failure.value),
)(variant(static_site, ("find(", 'None if ".." in self.path else trusting(')))

no_dots = variant(find, (".resolve()", ""), ("file.is_relative_to(root)", '".." not in file.parts'))
EXERCISE.mistake(
    "Un lien mène dehors : `resolve()` suit les liens, `normpath` ne les voit pas.",
    on=link,
    gives=["lien"],
)(variant(static_site, ("find(", "no_dots(")))
