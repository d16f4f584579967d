"""The routes of the API: who asks, what is asked, what is answered. ``openapi.py`` describes them.

Each user shows its token, ``Authorization: Bearer …``. No cookie gives any right here, so that a
page of another site can do nothing in a user's name: it has no token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Blueprint, Response, current_app, request, url_for
from pydantic import BaseModel, ValidationError

from sandbox.messagerie import accounts, mailbox, schemas
from sandbox.messagerie.bells import Bells
from sandbox.messagerie.database import Database, User, last_number
from sandbox.messagerie.limits import Credits, Seats
from sandbox.messagerie.problems import Refused, from_validation

HEARTBEAT_SECONDS = 15.0  # without an event, after them a stream says that it is alive
STREAM_SECONDS = 100.0  # a stream's life: its client then comes back, as after any cut
EVENT_STREAM = "text/event-stream; charset=utf-8"  # it always is, but not all clients know
RETRY_MILLISECONDS = 2000  # that a client waits before it does

routes = Blueprint("api", __name__)
Schema = TypeVar("Schema", bound=BaseModel)


@dataclass
class Service:
    """What the routes work with, for one application."""

    database: Database
    clock: mailbox.Clock = mailbox.utc_now
    token: accounts.TokenMaker = accounts.draw_token
    credits: Credits = field(default_factory=Credits)
    seats: Seats = field(default_factory=Seats)

    def __post_init__(self) -> None:
        self.bells = Bells(self.database)


def service() -> Service:
    return current_app.extensions["messagerie"]


# Reading a request


def caller() -> User:
    """Return the user whose token the request shows."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with service().database.session() as session:
        user = (
            accounts.find_by_token(session, token.strip()) if scheme.lower() == "bearer" else None
        )
    if user is None:
        raise Refused(
            401,
            "Montrez votre jeton, dans l'en-tête « Authorization: Bearer … ».",
            headers={"WWW-Authenticate": "Bearer"},
        )
    service().credits.spend(user.id)
    if accounts.is_worth_noting(user):
        with service().database.session() as session:
            accounts.note_presence(session, user)
    return user


def read_body(schema: type[Schema]) -> Schema:
    if request.mimetype != "application/json":
        raise Refused(415, "On attend du JSON, annoncé par « Content-Type: application/json ».")
    return checked(schema.model_validate_json, request.get_data())


def read_query(schema: type[Schema]) -> Schema:
    parameters = request.args.to_dict(flat=False)
    repeated = [name for name, values in parameters.items() if len(values) > 1]
    if repeated:
        raise Refused(400, f"Paramètre donné plusieurs fois : {repeated[0][:60]}.")
    values = {name: values[0] for name, values in parameters.items()}
    return checked(schema.model_validate, values)


def checked(validate: Callable[[object], Schema], given: object) -> Schema:
    try:
        return validate(given)
    except ValidationError as error:
        raise from_validation(error) from None


# Writing an answer


def as_json(
    content: BaseModel | list[BaseModel], status: int = 200, location: str = ""
) -> Response:
    many = isinstance(content, list)
    pieces = [each.model_dump_json() for each in (content if many else [content])]
    body = f"[{','.join(pieces)}]" if many else pieces[0]
    answer = Response(body, status, content_type="application/json")
    if location:
        answer.headers["Location"] = location
    answer.headers["Cache-Control"] = "no-store"
    return answer


# Users


@routes.get("/api/users")
def list_users() -> Response:
    caller()
    with service().database.session() as session:
        users = [schemas.User.model_validate(user) for user in mailbox.list_users(session)]
    return as_json(users)


@routes.post("/api/users")
def create_account() -> Response:
    new = read_body(schemas.NewAccount)
    with service().database.session() as session:
        user = accounts.accept(session, new.invitation, new.name)
        token = accounts.give_token(session, user, service().token(user.name))
        account = schemas.User.model_validate(user).model_dump() | {"token": token}
    service().bells.look_now()
    return as_json(schemas.Account(**account), 201, url_for("api.who_am_i"))


@routes.get("/api/users/me")
def who_am_i() -> Response:
    return as_json(schemas.User.model_validate(caller()))


@routes.patch("/api/users/me")
def change_status() -> Response:
    user = caller()
    new = read_body(schemas.NewStatus)
    with service().database.session() as session:
        changed = schemas.User.model_validate(mailbox.set_status(session, user.id, new.status))
    service().bells.look_now()
    return as_json(changed)


# Messages


@routes.post("/api/messages")
def send_message() -> Response:
    user = caller()
    new = read_body(schemas.NewMessage)
    with service().database.session() as session:
        sent = mailbox.send(session, user.id, new, service().clock)
        message = schemas.Message.model_validate(sent)
    # Committed: from here on, "201" is true whatever happens to us.
    service().bells.look_now()
    return as_json(message, 201, url_for("api.get_message", message_id=message.id))


@routes.get(f"/api/messages/<int(max={schemas.MAX_NUMBER}):message_id>")
def get_message(message_id: int) -> Response:
    user = caller()
    with service().database.session() as session:
        message = mailbox.find(session, message_id, user.id)
        return as_json(schemas.Message.model_validate(message))


@routes.get("/api/messages")
def list_messages() -> Response:
    user = caller()
    query = read_query(schemas.MessagesQuery)
    return as_json(read_messages(user.id, query) or wait_for_messages(user.id, query))


def wait_for_messages(user_id: int, query: schemas.MessagesQuery) -> list[schemas.Message]:
    """Return messages as soon as there are any, or an empty list when the time is over."""
    if not query.wait:
        return []
    deadline = time.monotonic() + query.wait
    with service().bells.listening(user_id) as rung:
        while not (messages := read_messages(user_id, query)):
            if not rung.wait(max(0.0, deadline - time.monotonic())):
                break
            rung.clear()
    return messages


def read_messages(user_id: int, query: schemas.MessagesQuery) -> list[schemas.Message]:
    with service().database.session() as session:
        if query.peer is None:
            messages = mailbox.received(session, user_id, query.since)
        else:
            messages = mailbox.conversation(session, user_id, query.peer, query.since)
        return [schemas.Message.model_validate(message) for message in messages]


# Events: https://html.spec.whatwg.org/multipage/server-sent-events.html


@routes.get("/api/events")
def open_stream() -> Response:
    user = caller()
    since = read_start()
    seats = service().seats
    seats.take(user.id)
    answer = Response(stream(service(), user.id, since), content_type=EVENT_STREAM)
    answer.call_on_close(lambda: seats.leave(user.id))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy must not keep events to itself
    return answer


def read_start() -> int:
    """Return the number after which events are wanted: the last one seen, else the last of all."""
    query = read_query(schemas.EventsQuery)
    last_seen = request.headers.get("Last-Event-ID")
    if last_seen:
        query = checked(schemas.EventsQuery.model_validate, {"since": last_seen})
    if query.since is not None:
        return query.since
    with service().database.session() as session:
        return last_number(session)


def stream(service: Service, user_id: int, since: int) -> Iterator[str]:
    """Write events as they come, until the client leaves or the stream is old."""
    deadline = time.monotonic() + STREAM_SECONDS
    with service.bells.listening(user_id, users=True) as rung:
        # No event, but a number: who is cut off now already knows where to start again.
        yield f"retry: {RETRY_MILLISECONDS}\nid: {since}\n\n"
        while time.monotonic() < deadline:
            with service.database.session() as session:
                events = mailbox.events(session, user_id, since)
            for number, name, data in events:
                since = number
                yield f"id: {number}\nevent: {name}\ndata: {data.model_dump_json()}\n\n"
            silence = min(HEARTBEAT_SECONDS, max(0.0, deadline - time.monotonic()))
            if not events and not rung.wait(silence):
                yield ": toujours là\n\n"
            rung.clear()


# For the teacher


@routes.get("/api/invitations")
def list_invitations() -> Response:
    if not caller().teacher:
        raise Refused(403, "Cette liste n'est que pour l'enseignant ou l'enseignante.")
    now = int(time.time())
    with service().database.session() as session:
        guests = [
            schemas.Guest(
                label=label,
                user=user and schemas.User.model_validate(user),
                idle=None if user is None or user.seen is None else max(0, now - user.seen),
            )
            for label, user in accounts.list_guests(session)
        ]
    return as_json(guests)
