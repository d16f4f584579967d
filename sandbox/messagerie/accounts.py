"""Who may speak: invitations, which open accounts, and tokens, which are shown with each request.

Both are drawn at random, given once, and kept as hashes. They are long enough that a fast hash
does: nobody tries all of them, as one tries the words that people choose for passwords.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sandbox.messagerie.database import Invitation, Token, User, next_number
from sandbox.messagerie.problems import Refused

FIRST_STATUS = "disponible"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for something else
SEEN_SECONDS = 30  # between two writings of when a user was seen


#: Gives a new token to the user of this name: see `draw_token`.
TokenMaker = Callable[[str], str]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def draw_token(name: str) -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


def draw_invitation() -> str:
    """Return a code that can be typed: 16 letters or digits, 79 bits."""
    letters = [secrets.choice(LETTERS) for _ in range(16)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 16, 4))


def tidy(invitation: str) -> str:
    """Forgive what typing changes: small letters, spaces, hyphens left out."""
    return "".join(character for character in invitation.upper() if character.isalnum())


def add_user(session: Session, name: str, *, teacher: bool = False) -> User:
    number = next_number(session)
    user = User(name=name, status=FIRST_STATUS, teacher=teacher, changed=number)
    session.add(user)
    session.flush()
    return user


def give_token(session: Session, user: User, token: str) -> str:
    """Let a user speak with this token, from now on."""
    session.merge(Token(hash=digest(token), user_id=user.id))
    return token


def invite(
    session: Session, label: str, *, user: User | None = None, code: str | None = None
) -> str:
    """Make an invitation, for somebody new or for a user who lost its token; return its code."""
    code = code or draw_invitation()
    user_id = user.id if user else None
    session.add(Invitation(hash=digest(tidy(code)), label=label, user_id=user_id, used=False))
    return code


def accept(session: Session, code: str, name: str) -> User:
    """Open the account that an invitation gives right to, or find the one it is for.

    Raises:
        Refused: there is no such invitation, it was used, or the name is somebody else's.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())  # one way to write each name
    next_number(session)  # from here on nobody else writes: what we read stays true
    invitation = session.get(Invitation, digest(tidy(code)))
    if invitation is None:
        raise Refused(403, "Cette invitation n'existe pas : vérifiez son code.")
    if invitation.used:
        raise Refused(403, "Cette invitation a déjà servi : elle ne sert qu'une fois.")
    user = session.get(User, invitation.user_id) if invitation.user_id else None
    if user is None:
        if session.scalar(select(User).where(User.name == name)):
            raise Refused(409, f"Quelqu'un s'appelle déjà « {name} » : choisissez un autre nom.")
        user = add_user(session, name)
    invitation.user_id, invitation.used = user.id, True
    return user


def find_by_token(session: Session, token: str) -> User | None:
    return session.scalar(select(User).join(Token).where(Token.hash == digest(token)))


def note_presence(session: Session, user: User) -> None:
    """Write when a user was seen."""
    session.execute(update(User).where(User.id == user.id).values(seen=int(time.time())))


def is_worth_noting(user: User) -> bool:
    """Tell whether a user was last seen long enough ago: each request need not be written."""
    return user.seen is None or time.time() - user.seen > SEEN_SECONDS


def list_guests(session: Session) -> Iterable[tuple[str, User | None]]:
    """Return what each invitation has become, in the order of the labels."""
    rows = select(Invitation.label, User).outerjoin(User, Invitation.user_id == User.id)
    return session.execute(rows.order_by(Invitation.label, Invitation.hash))
