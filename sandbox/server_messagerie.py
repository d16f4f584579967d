"""HTTP 3005: the class's messaging application, an API (JSON) and a page (``/``).

    start("server_messagerie", "--demonstration")                       in a lesson
    start("server_messagerie", "--demonstration", "--origin", page.url)  called by a page elsewhere
    python -m sandbox messagerie --class P26                            for a real class

A request shows its user's token, ``Authorization: Bearer jeton-alice``. All that is sent is JSON,
all that is answered too, and errors are ``application/problem+json`` (RFC 9457).

=======  ====================================  =====================================================
GET      /api/users                            200 ``[user…]``, in the order of ids
GET      /api/users/me                         200 ``user``
PATCH    /api/users/me ``{"status"}``          200 ``user``
POST     /api/messages ``{"to", "text"}``      201 ``message`` + Location, once it is on the disk
GET      /api/messages/ID                      200 ``message`` sent or received
GET      /api/messages?since=0&wait=0&with=    200 ``[message…]`` received, the first 100
GET      /api/events?since=                    200 server-sent events, or from Last-Event-ID on
POST     /api/users ``{"invitation", "name"}`` 201 ``user`` and its ``token``; no token to show
GET      /api/invitations                      200, the teacher's: what invitations have become
GET      /openapi.json  /docs  /               the description, a page to try it, the application
=======  ====================================  =====================================================

- ``user``: ``{"id": 1, "name": "Alice", "status": "disponible"}``
- ``message``: ``{"id": 5, "from": 1, "to": 2, "text": "Bonjour !", "at": "2026-…T08:00:05.000Z"}``.
  Ids grow, without following one another: statuses take numbers too. ``since`` is the id of the
  last message seen: nothing after it is ever missed. ``wait``: seconds (30 at most) to wait for a
  message when there is none; ``[]`` then. ``with=2``: what was exchanged with user 2, both ways.
- events: ``id:`` a number, ``event: message`` (received) or ``event: user`` (somebody came, or
  changed its status), ``data:`` the message or the user. The first block is only ``retry:`` and
  ``id:``. A comment (``: toujours là``) after 15 s of silence; the stream ends after 100 s, and
  the client comes back with Last-Event-ID. ``since=0`` tells all from the beginning.
- error: ``{"type": "about:blank", "title", "status", "detail"}``, and ``"errors": [{"field",
  "detail"}]`` when fields or parameters are wrong (400). 401 no good token, 403, 404 (nobody has
  this id…), 405, 409 name taken, 413 (16 kB), 415, 429 + Retry-After (100 requests in a row, then
  20 a second, for a user), 503. Texts have 2000 characters at most, statuses 80, names 40.

In the demonstration (on the loopback only) users are Alice (1), Bob (2), Chloé (3) and Driss (4),
their tokens ``jeton-alice``, ``jeton-bob``, ``jeton-chloe``, ``jeton-driss``; the invitations
``INVITATION-1`` to ``INVITATION-3`` open new accounts, whose tokens are ``jeton-<name>`` too. Alice
has already written to Bob (message 5). ``at`` is 2026-01-05T08:00:00Z plus as many seconds as the
message's id. Everything is forgotten at the end: the same requests give the same answers.
Without ``--demonstration`` nor ``--database``: the same users, tokens drawn and told in the log.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import unicodedata
from pathlib import Path

from sandbox.messagerie import accounts, create_app, mailbox
from sandbox.messagerie.api import Service
from sandbox.messagerie.database import open_database
from sandbox.messagerie.schemas import NewMessage
from sandbox.messagerie.serving import handler_of
from sandbox.running.catalogue import LOOPBACK
from sandbox.serving.tcp import log, option_parser, serve

PEOPLE = ("Alice", "Bob", "Chloé", "Driss")
INVITATIONS = 3
WELCOME = NewMessage(to=2, text="Bienvenue dans la messagerie, Bob !")
LOCAL = (LOOPBACK, "localhost", "::1")


def lesson_clock(number: int) -> str:
    """Return a time that depends on the number alone: lessons show the same output each time."""
    opening = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
    return mailbox.in_utc(opening + datetime.timedelta(seconds=number))


def lesson_token(name: str) -> str:
    """Return the token that everybody knows: lessons show the same output each time."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"jeton-{'-'.join(plain.lower().split())}"


#: What makes `create_app` give the same answers to the same requests.
DEMONSTRATION = {"clock": lesson_clock, "token": lesson_token}


def read_options() -> argparse.Namespace:
    parser = option_parser("server_messagerie")
    parser.add_argument(
        "--database",
        metavar="URL",
        help="base de données, comme SQLAlchemy les écrit ; sinon temporaire",
    )
    parser.add_argument(
        "--origin",
        action="append",
        default=[],
        help="origine d'une page d'ailleurs qui peut appeler l'API, ou * (peut être répété)",
    )
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="pour les leçons : jetons connus de tous, horloge fixe",
    )
    chosen = parser.parse_args()
    if chosen.demonstration and (chosen.database or chosen.host not in LOCAL):
        parser.error(
            "--demonstration ne va ni avec --database, ni avec une autre machine : "
            "ses jetons sont connus de tous"
        )
    return chosen


def populate(service: Service) -> None:
    """Add some people, their tokens, invitations, and a first message."""
    known = service.token is lesson_token
    with service.database.session() as session:
        for name in PEOPLE:
            user = accounts.add_user(session, name)
            token = accounts.give_token(session, user, service.token(name))
            log(f"{name} a le jeton {token}")
        for number in range(1, INVITATIONS + 1):
            code = f"INVITATION-{number}" if known else None
            label = f"Invitation {number}"
            log(f"Une invitation : {accounts.invite(session, label, code=code)}")
        mailbox.send(session, 1, WELCOME, service.clock)


def main() -> None:
    chosen = read_options()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        temporary = f"sqlite:///{Path(folder, 'messagerie.db').as_posix()}"
        database = open_database(chosen.database or temporary)
        fixed = DEMONSTRATION if chosen.demonstration else {}
        app = create_app(database, origins=chosen.origin, **fixed)
        if not chosen.database:
            populate(app.extensions["messagerie"])
        try:
            serve("server_messagerie", handler_of(app), chosen.host, chosen.port)
        finally:
            database.close()


if __name__ == "__main__":
    sys.exit(main())
