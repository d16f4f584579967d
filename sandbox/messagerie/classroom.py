"""``python -m sandbox messagerie --class P26``: the messaging application, open to a class.

Everything is kept in a folder named after the class: run the same command at the next session.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import segno
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sandbox.messagerie import accounts, create_app
from sandbox.messagerie.database import Invitation, Token, User, open_database
from sandbox.messagerie.serving import handler_of
from sandbox.running.catalogue import EVERYWHERE, LOOPBACK
from sandbox.serving.tcp import own_address, serve

TEACHER = "Prof"  # until it is changed: a user as the others, who may see the invitations
MAX_INVITATIONS = 1000


@dataclass(frozen=True)
class Options:
    """What the command line says; see ``sandbox/__main__.py``."""

    name: str
    students: int
    names: str | None
    renew: Iterable[str]
    host: str
    port: int
    database: str | None
    address: str | None
    prepare: bool


@dataclass(frozen=True)
class Card:
    """An invitation as it is printed."""

    label: str
    code: str
    name: str  # to fill in beforehand, if it is known


def main(options: Options) -> int:
    """Prepare what is missing, say where to go, and serve until Ctrl-C."""
    if not re.fullmatch(r"[\w-]{1,30}", options.name):
        sys.exit("Le nom de la classe : 30 lettres, chiffres, - ou _ au plus.")
    folder = Path(f"messagerie_{options.name}")
    folder.mkdir(mode=0o700, exist_ok=True)
    database = open_database(
        options.database or f"sqlite:///{(folder / 'messagerie.db').as_posix()}"
    )
    with database.session() as session:
        token = renew_teacher(session)
        cards = [*invite_newcomers(session, wanted_labels(options)), *renew(session, options.renew)]
    address = options.address or f"http://{visible_host(options.host)}:{options.port}/"
    tell(options, address, token, write_page(folder, options.name, address, cards))
    if not options.prepare:
        serve("server_messagerie", handler_of(create_app(database)), options.host, options.port)
    database.close()
    return 0


def wanted_labels(options: Options) -> dict[str, str]:
    """Return whom to invite: labels, and names if they are known.

    A list of names says it all; otherwise there are so many places.
    """
    if not 0 <= options.students <= MAX_INVITATIONS:
        sys.exit(f"--students va de 0 à {MAX_INVITATIONS}.")
    if not options.names:
        return {f"Place {n:03}": "" for n in range(1, options.students + 1)}
    try:
        lines = Path(options.names).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"Impossible de lire {options.names}, un texte en UTF-8 ({error}).")
    names = [" ".join(line.split())[:40] for line in lines if line.strip()]
    return {name: name for name in names[:MAX_INVITATIONS]}


def renew_teacher(session: Session) -> str:
    """Return a new token for the teacher, and forget the one of last time."""
    teacher = session.scalar(select(User).where(User.teacher))
    if teacher is None:
        teacher = accounts.add_user(session, TEACHER, teacher=True)
    session.execute(delete(Token).where(Token.user_id == teacher.id))
    return accounts.give_token(session, teacher, accounts.draw_token(teacher.name))


def invite_newcomers(session: Session, wanted: dict[str, str]) -> list[Card]:
    """Make the invitations that have not been made yet: the same command may be run again."""
    known = set(session.scalars(select(Invitation.label)))
    return [
        Card(label, accounts.invite(session, label), name)
        for label, name in wanted.items()
        if label not in known
    ]


def renew(session: Session, names: Iterable[str]) -> list[Card]:
    """Make invitations that give those who lost it another token for their account."""
    cards = []
    for name in names:
        user = session.scalar(select(User).where(User.name == name))
        if user is None:
            sys.exit(f"Personne ne s'appelle « {name} » dans cette classe.")
        label = f"{name} (nouveau jeton)"
        cards.append(Card(label, accounts.invite(session, label, user=user), name))
    return cards


def visible_host(host: str) -> str:
    """Return the address by which other machines know this one, if it listens to them."""
    return (own_address() or LOOPBACK) if host == EVERYWHERE else host


def tell(options: Options, address: str, token: str, page: Path | None) -> None:
    print(f"La messagerie de la classe {options.name}")
    print(f"  adresse à donner :            {address}")
    print(f"  votre page, à ne pas donner : {address}classe#jeton={token}")
    if page:
        print(f"  invitations à imprimer :      {page.resolve().as_uri()}")
    if options.host == LOOPBACK and not options.address:
        print("  Elle n'écoute que cette machine : ajoutez « --host 0.0.0.0 » pour la salle.")
    sys.stdout.flush()


# The page to print


def write_page(folder: Path, name: str, address: str, cards: list[Card]) -> Path | None:
    """Write the invitations just made, which will not be known again; return where, if any."""
    if not cards:
        return None
    number = len(list(folder.glob("invitations_*.html"))) + 1
    path = folder / f"invitations_{number}.html"
    path.write_text(page(name, address, cards), encoding="utf-8")
    path.chmod(0o600)
    return path


STYLE = """
:root { color-scheme: light; font: 11pt/1.4 system-ui, sans-serif; }
body { margin: 1cm; }
ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(8cm, 1fr)); gap: 0;
  padding: 0; list-style: none; }
li { display: flex; gap: .5cm; align-items: center; padding: .4cm; border: 1px dashed #777;
  break-inside: avoid; overflow-wrap: anywhere; }
svg { width: 3.2cm; height: 3.2cm; flex: none; }
h2 { margin: 0; font-size: 12pt; }
p { margin: .1cm 0; }
code { font: bold 10pt ui-monospace, monospace; }
@media print { body { margin: 0; } h1, .advice { display: none; } }
"""


def page(name: str, address: str, cards: list[Card]) -> str:
    items = "\n".join(card_html(card, address) for card in cards)
    title = f"Invitations à la messagerie, classe {escape(name)}"
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="advice">À imprimer et à découper. Chaque code ouvre un compte, une fois : ne montrez pas
cette page à la classe. Le serveur n’en garde qu’une empreinte, il ne saura pas la refaire.</p>
<ul>
{items}
</ul>
</main>
</body>
</html>
"""


def card_html(card: Card, address: str) -> str:
    """Return a card; what follows the ``#`` is read by the page and never sent to the server."""
    given = {"invitation": card.code} | ({"nom": card.name} if card.name else {})
    target = f"{address}#{urlencode(given)}"
    picture = segno.make(target, error="m").svg_inline(
        border=2, omitsize=True, title=f"Code QR de l’invitation de {card.label}"
    )
    return (
        f"<li>{picture}<div><h2>{escape(card.label)}</h2><p>{escape(address)}</p>"
        f"<p>Code : <code>{card.code}</code></p></div></li>"
    )
