"""The one table of what the course can start: who listens where unless told otherwise.

Port 5000, Flask's default, is left out on purpose: AirPlay holds it on macOS.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
SANDBOX = Path(__file__).resolve().parents[1]
DEMO_FOLDER = SANDBOX.parent / "flask_demo"

#: Runs a demo from its folder. Flask's own command takes a port; ``python app.py`` takes none.
FLASK_RUN = ("flask", "--app", "app", "run")


@dataclass(frozen=True)
class Entry:
    """A program of the course.

    Attributes:
        name: what ``start`` and ``python -m sandbox`` call it.
        port: where it listens unless told otherwise.
        path: a server's file, a demo's folder.
        description: what it does, in a French sentence.
    """

    name: str
    port: int
    path: Path
    description: str


def _server(name: str, port: int, description: str) -> Entry:
    return Entry(name, port, SANDBOX / f"{name}.py", description)


def _demo(name: str, port: int, description: str) -> Entry:
    return Entry(name, port, DEMO_FOLDER / name, description)


SERVERS = {
    entry.name: entry
    for entry in (
        _server(
            "server_socket_tcp",
            3000,
            "Répond à un message par une phrase qui le cite, puis raccroche.",
        ),
        _server(
            "server_contact",
            3001,
            "Tient un carnet de contacts : une requête JSON, une réponse JSON.",
        ),
        _server("server_web_site", 3002, "Un petit site web, celui des phares."),
        _server("server_http_random", 3003, "Une API web qui tire des nombres au hasard."),
        _server("server_http_echo", 3004, "Un miroir : il dit ce qu'il a reçu."),
        _server("server_messagerie", 3005, "La messagerie de la classe : une API web et sa page."),
        _server("server_ws_echo", 3006, "Renvoie chaque message WebSocket, tel quel."),
        _server("server_ws_chat", 3007, "Un chat par WebSocket, avec des salons, et sa page."),
        _server(
            "server_partage",
            3008,
            "Donne un fichier ou un dossier à la salle, ou en reçoit d'elle.",
        ),
    )
}

#: The Flask applications; each also says its port in its own folder, which can be copied away.
DEMOS = {
    entry.name: entry
    for entry in (
        _demo("demo1", 5001, "La plus petite application Flask."),
        _demo("demo2", 5002, "Une page, sa feuille de style et son script."),
        _demo("demo3", 5003, "Les paramètres de l’adresse."),
        _demo("demo4", 5004, "Un nombre dans le chemin de l’adresse."),
        _demo("demo5", 5005, "Des formulaires, et une connexion sûre."),
        _demo("demo6", 5006, "Une conversation en direct."),
        _demo("edo", 5007, "Résoudre une équation différentielle en ligne."),
        _demo("api", 5009, "Des nombres au hasard et des livres, en JSON et en pages."),
    )
}

CATALOGUE = SERVERS | DEMOS
