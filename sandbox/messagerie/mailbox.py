"""Messages and statuses: writing them, and reading what happened since a number."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from sandbox.messagerie import schemas
from sandbox.messagerie.database import Message, User, last_number, next_number
from sandbox.messagerie.problems import Refused

PAGE = 100  # messages in an answer, at most

#: Says when the change of this number was made: see `utc_now`.
Clock = Callable[[int], str]


def utc_now(number: int) -> str:
    """Return the present time, as ISO 8601 and RFC 3339 write it."""
    return in_utc(datetime.datetime.now(datetime.UTC))


def in_utc(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def list_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.id)).all()


def set_status(session: Session, user_id: int, status: str) -> User:
    number = next_number(session)
    user = session.get(User, user_id)
    user.status, user.changed = status, number
    return user


def send(session: Session, sender_id: int, new: schemas.NewMessage, clock: Clock) -> Message:
    """Write a message; it is sent once the transaction is committed.

    Raises:
        Refused: nobody has this number.
    """
    number = next_number(session)
    if session.get(User, new.to) is None:
        raise Refused(404, f"Personne n'a l'identifiant {new.to} : voyez GET /api/users.")
    message = Message(
        id=number, sender_id=sender_id, recipient_id=new.to, text=new.text, at=clock(number)
    )
    session.add(message)
    return message


def find(session: Session, message_id: int, user_id: int) -> Message:
    """Return a message that a user sent or received.

    Raises:
        Refused: there is none; that of two other people does not exist either, as seen from here.
    """
    message = session.get(Message, message_id)
    if message is None or user_id not in (message.sender_id, message.recipient_id):
        raise Refused(404, f"Vous n'avez ni reçu ni envoyé de message {message_id}.")
    return message


def received(session: Session, user_id: int, since: int) -> Sequence[Message]:
    """Return the first messages that a user received after a number."""
    rows = select(Message).where(Message.recipient_id == user_id, Message.id > since)
    return session.scalars(rows.order_by(Message.id).limit(PAGE)).all()


def conversation(session: Session, user_id: int, peer_id: int, since: int) -> Sequence[Message]:
    """Return the first messages that two users exchanged after a number."""
    either_way = or_(
        and_(Message.sender_id == user_id, Message.recipient_id == peer_id),
        and_(Message.sender_id == peer_id, Message.recipient_id == user_id),
    )
    rows = select(Message).where(either_way, Message.id > since)
    return session.scalars(rows.order_by(Message.id).limit(PAGE)).all()


class Event(NamedTuple):
    """Something that a user is told: a message received, or what somebody has become."""

    number: int
    name: str
    data: schemas.Answer


def events(session: Session, user_id: int, since: int) -> list[Event]:
    """Return the first events that concern a user after a number, in order."""
    # Read first: what is committed between the two questions below is for the next time, or the
    # second could answer 12 when the first was too early for 11.
    last = last_number(session)
    messages = [m for m in received(session, user_id, since) if m.id <= last]
    changed = select(User).where(User.changed > since, User.changed <= last)
    users = session.scalars(changed.order_by(User.changed).limit(PAGE))
    found = [Event(m.id, "message", schemas.Message.model_validate(m)) for m in messages]
    found += [Event(user.changed, "user", schemas.User.model_validate(user)) for user in users]
    return sorted(found, key=lambda event: event.number)[:PAGE]


class News(NamedTuple):
    """What is new since a number: for whom there are messages, whether users have changed."""

    last: int
    recipients: set[int]
    users: bool


def news(session: Session, since: int) -> News:
    last = last_number(session)
    if last == since:
        return News(last, set(), False)
    recent = select(Message.recipient_id).where(Message.id > since, Message.id <= last)
    changed = select(exists().where(User.changed > since, User.changed <= last))
    return News(last, set(session.scalars(recent.distinct())), bool(session.scalar(changed)))
