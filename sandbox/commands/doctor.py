"""``python -m sandbox doctor``: what is wrong with this machine, in French, and how to mend it.

It must run where everything else fails: what is not in the standard library is imported inside
the checks.
"""

from __future__ import annotations

import importlib.metadata
import locale
import os
import re
import socket
import sys
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.running.browser import find_browser
from sandbox.running.catalogue import CATALOGUE, DEMOS, LOOPBACK, SERVERS

MINIMUM = (3, 11)
PORTS = [entry.port for entry in CATALOGUE.values()]
SHOWN = 5  # packages named, of those that are wrong
REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.txt"
INSTALL = (
    "Dans le dossier du cours : « make book », ou « py -m tools book » sous Windows, installe "
    "ce qu'il faut dans .venv ; lancez ensuite Python depuis .venv."
)


@dataclass(frozen=True)
class Check:
    """What a check found, and what to do when it is not `ok`."""

    title: str
    ok: bool
    found: str
    remedy: str = ""


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Check:
    minimum = ".".join(map(str, MINIMUM))
    return Check(
        "Python",
        version >= MINIMUM,
        f"{'.'.join(map(str, version))} ({sys.executable})",
        f"Installez Python {minimum} ou plus récent depuis https://www.python.org.",
    )


def check_packages(requirements: Path = REQUIREMENTS) -> Check:
    """Compare the installed packages with the versions pinned for this machine."""
    title = "Paquets"
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return Check(title, False, "les paquets du cours ne sont pas installés", INSTALL)
    try:
        lines = requirements.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        return Check(
            title,
            False,
            f"liste illisible ({error})",
            "Lancez la commande depuis une copie entière du cours (git clone).",
        )
    pins = [Requirement(line) for line in lines if re.match(r"\w", line)]
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    # Servers are started by their path: they find sandbox only if it is installed too.
    pins.append(Requirement("programmes-cooperants"))
    wrong = [f"{pin.name} {have}" for pin in pins if (have := compare(pin))]
    if wrong:
        shown = ", ".join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
        return Check(title, False, f"{len(wrong)} sur {len(pins)} : {shown}", INSTALL)
    return Check(title, True, f"{len(pins)} paquets aux versions prévues")


def compare(pin) -> str:
    """Say how the installed package differs from `pin`, nothing when it does not."""
    try:
        version = importlib.metadata.version(pin.name)
    except importlib.metadata.PackageNotFoundError:
        return "manque"
    if pin.specifier.contains(version, prereleases=True):
        return ""
    return f"{version} au lieu de {str(pin.specifier).removeprefix('==')}"


def check_ports(ports: Sequence[int] = PORTS) -> Check:
    """Tell which ports of the course are held, and by whom."""
    title = "Ports"
    try:
        from sandbox.running.launcher import is_free
    except ImportError as error:
        return Check(title, False, f"le paquet {error.name} manque", INSTALL)
    held = [port for port in ports if not is_free(port)]
    if not held:
        return Check(title, True, f"{', '.join(map(str, ports))} : libres")
    programs = listening_programs()
    holders = {port: programs.get(port, "un programme d'un autre utilisateur") for port in held}
    return Check(
        title,
        all(name.split()[0] in CATALOGUE for name in holders.values()),
        " ; ".join(f"{port} : tenu par {name}" for port, name in holders.items()),
        "Arrêtez ces programmes, ou laissez-les : start() prendra alors le port libre suivant, "
        "et le dira.",
    )


def listening_programs() -> dict[int, str]:
    """Return the programs we may see, by the ports they listen on."""
    import psutil

    found = {}
    for process in psutil.process_iter():
        try:
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    found[connection.laddr.port] = f"{describe(process)} (pid {process.pid})"
        except psutil.Error:  # it has just ended, or belongs to somebody else
            continue
    return found


def describe(process) -> str:
    """Return the name of a server or demo of the course, or else of the program."""
    words = (Path(word).stem for word in process.cmdline())
    if server := next((word for word in words if word in SERVERS), None):
        return server
    folder = Path(process.cwd())  # demos all have the same command: see catalogue.FLASK_RUN
    return folder.name if folder in {demo.path for demo in DEMOS.values()} else process.name()


def check_loopback() -> Check:
    """Be server and client at once: what every lesson does."""
    try:
        with socket.create_server((LOOPBACK, 0)) as server:
            socket.create_connection(server.getsockname(), timeout=2).close()
    except OSError as error:
        return Check(
            "Bouclage",
            False,
            f"impossible d'y écouter et de s'y connecter ({error})",
            f"Autorisez Python à écouter sur {LOOPBACK} dans le pare-feu ou l'antivirus.",
        )
    return Check("Bouclage", True, f"on peut écouter sur {LOOPBACK} et s'y connecter")


def check_browser() -> Check:
    found = find_browser()
    wished = os.environ.get("CHROMIUM") or found
    return Check(
        "Navigateur",
        found is not None and wished == found,
        f"CHROMIUM désigne {wished}, qui n'existe pas" if wished != found else found or "aucun",
        "Installez Chromium (« apt install chromium ») ou Chrome, ou lancez "
        "« python -m playwright install chromium » ; s'il est ailleurs, donnez son chemin dans "
        "la variable d'environnement CHROMIUM.",
    )


def check_encoding() -> Check:
    encodings = {
        "affichage": sys.stdout.encoding or "inconnu",
        "contenu des fichiers": locale.getpreferredencoding(False),
        "noms des fichiers": sys.getfilesystemencoding(),
    }
    return Check(
        "Encodage",
        all(encoding.lower().replace("-", "") == "utf8" for encoding in encodings.values()),
        ", ".join(f"{what} : {encoding}" for what, encoding in encodings.items()),
        "Donnez la valeur 1 à la variable d'environnement PYTHONUTF8 (« setx PYTHONUTF8 1 » puis "
        "une nouvelle fenêtre sous Windows, « export PYTHONUTF8=1 » ailleurs).",
    )


def check_proxy() -> Check:
    """See whether requests to our own servers would leave through a proxy."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get("http") or proxies.get("all")
    if not proxy:
        return Check("Proxy", True, "aucun")
    shown = re.sub(r"//[^/]*@", "//", proxy)  # a password may stand there
    bypassed = bool(urllib.request.proxy_bypass(LOOPBACK))
    return Check(
        "Proxy",
        bypassed,
        f"{shown}, {'sauf' if bypassed else 'même'} pour {LOOPBACK}",
        f"Donnez la valeur « {LOOPBACK},localhost » à la variable d'environnement NO_PROXY : "
        "sinon, les requêtes aux serveurs du cours passent par le proxy.",
    )


CHECKS: tuple[Callable[[], Check], ...] = (
    check_python,
    check_packages,
    check_loopback,
    check_ports,
    check_browser,
    check_encoding,
    check_proxy,
)


def main() -> int:
    """Print what every check found; return 1 if something is wrong."""
    results = [check() for check in CHECKS]
    for check in results:
        print(f"{'[bon]' if check.ok else '[MAL]'} {check.title} : {check.found}")
        if not check.ok:
            print(f"      À faire : {check.remedy}")
    wrong = sum(not check.ok for check in results)
    print(f"\n{f'À réparer : {wrong} sur {len(results)}.' if wrong else 'Tout va bien.'}")
    return 1 if wrong else 0
