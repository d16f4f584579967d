"""What the file drop is told, and says, in a terminal."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import segno

from sandbox.running.catalogue import EVERYWHERE, LOOPBACK, Entry
from sandbox.serving.tcp import log, own_address, port_number

LIMIT = 1000  # megabytes received at once, unless told otherwise


def options(server: Entry) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog=server.name,
        description=server.description,
    )
    parser.add_argument(
        "chemin",
        nargs="?",
        type=existing_path,
        help="le fichier, ou le dossier, à donner ; par défaut, ce programme lui-même",
    )
    parser.add_argument(
        "--recevoir", type=writable_folder, metavar="DOSSIER", help="où ranger ce qu'on envoie"
    )
    parser.add_argument(
        "--fois", type=positive, metavar="N", help="combien de téléchargements (sans limite)"
    )
    parser.add_argument(
        "--limite",
        type=positive,
        default=LIMIT,
        metavar="MO",
        help="ce qu'on reçoit en une fois, en mégaoctets (%(default)s)",
    )
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"adresse d'écoute (%(default)s ; toutes : {EVERYWHERE})",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=server.port,
        help="port, 0 pour un port libre (%(default)s)",
    )
    chosen = parser.parse_args()
    if not chosen.chemin and not chosen.recevoir:
        chosen.chemin = server.path
    return chosen


def existing_path(text: str) -> Path:
    path = Path(text)
    if not (path.is_file() or path.is_dir()):
        raise argparse.ArgumentTypeError(f"il n'y a ni fichier ni dossier « {text} »")
    if not os.access(path, os.R_OK):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas lisible")
    return path


def writable_folder(text: str) -> Path:
    if not Path(text).is_dir() or not os.access(text, os.W_OK):
        raise argparse.ArgumentTypeError(f"il n'y a pas de dossier « {text} » où écrire")
    return Path(text).resolve()


def positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise argparse.ArgumentTypeError(f"j'attends un nombre entier positif, pas « {text} »")
    return int(text)


def say_left_out(number: int) -> None:
    if number:
        log(f"Laissés de côté, car ce sont des liens ou des périphériques : {number}.")


def announce(host: str, port: int) -> None:
    """Say who can come, and give the address, to read and to photograph."""
    everywhere = host == EVERYWHERE
    address = own_address() if everywhere else host
    url = f"http://{address or LOOPBACK}:{port}/"
    if address is None:
        log("Cette machine n'a pas de réseau : elle seule peut se parler.")
    elif address.startswith("127."):
        log("Cette machine seule peut venir.")
    else:
        log("Toute machine du même réseau peut venir, et rien n'est chiffré.")
    log(f"\n    {url}\n")
    if sys.stderr.isatty():
        segno.make(url, micro=False).terminal(sys.stderr, compact=True, border=2)
    log("Ctrl-C pour arrêter.")
