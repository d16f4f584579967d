"""What travels: the JSON that the API reads and writes, checked by pydantic.

The description at ``/openapi.json`` is made from these classes, so that it says what is checked.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_NUMBER = 2**31 - 1  # what an integer column holds, whatever the database
MAX_WAIT_SECONDS = 30

# PostgreSQL keeps no NUL in a text. On one line: no control, nor what reverses the reading order.
CONTROLS = r"\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069"
ONE_LINE = rf"^[^{CONTROLS}]*[^\s{CONTROLS}][^{CONTROLS}]*$"
LINES = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

Id = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Number = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
Name = Annotated[
    str, Field(min_length=1, max_length=40, pattern=ONE_LINE, description="Un nom, unique.")
]
Status = Annotated[
    str, Field(min_length=1, max_length=80, pattern=ONE_LINE, description="Ce que l'on fait.")
]
Text = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=LINES, description="Du texte, sans HTML.")
]


class Answer(BaseModel):
    """Something that the server writes: read from an object with the same attributes."""

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True, extra="forbid")


class Body(BaseModel):
    """Something that a client writes: exactly these fields, of exactly these types."""

    model_config = ConfigDict(strict=True, extra="forbid")


class User(Answer):
    """Quelqu'un de la classe."""

    id: Id
    name: Name
    status: Status


class Message(Answer):
    """Un message, reçu ou envoyé."""

    id: Annotated[Id, Field(description="Croît de message en message, sans se suivre.")]
    sender_id: Annotated[
        Id, Field(serialization_alias="from", description="L'expéditeur, un utilisateur.")
    ]
    recipient_id: Annotated[Id, Field(serialization_alias="to", description="Le destinataire.")]
    text: Text
    at: Annotated[
        str,
        Field(
            pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
            description="Quand le serveur l'a gardé (UTC).",
            examples=["2026-01-05T08:00:07.000Z"],
        ),
    ]


class Account(User):
    """Un compte tout neuf, avec son jeton : le serveur ne le dira plus."""

    token: str


class Guest(Answer):
    """Une invitation, et ce qu'elle est devenue."""

    label: Annotated[str, Field(description="À qui elle était destinée.")]
    user: User | None
    idle: Annotated[
        int | None, Field(description="Secondes depuis sa dernière requête, à 30 s près.")
    ]


def whole(value: object) -> object:
    """Take 2.0 for 2: it is the same number, for JSON Schema as for JavaScript."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class NewAccount(Body):
    """De quoi ouvrir un compte."""

    invitation: Annotated[
        str, Field(max_length=100, description="Le code reçu : il sert une fois.")
    ]
    name: Name


class NewStatus(Body):
    """Ce que l'on change de soi."""

    status: Status


class NewMessage(Body):
    """Un message à envoyer."""

    to: Annotated[Id, Field(description="Le destinataire, un utilisateur."), BeforeValidator(whole)]
    text: Text


def plain_number(value: str) -> str:
    """Let through what JSON takes for a number, or nearly: pydantic reads much more."""
    if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?(e-?\d{1,3})?", value, re.ASCII):
        raise ValueError("not a number")
    return value


Plain = BeforeValidator(plain_number)


class Query(BaseModel):
    """Parameters of an address: texts, from which numbers are read."""

    model_config = ConfigDict(extra="forbid")


class MessagesQuery(Query):
    since: Annotated[
        Number, Plain, Field(description="Les messages d'identifiant plus grand que celui-ci.")
    ] = 0
    wait: Annotated[
        float,
        Field(
            ge=0,
            le=MAX_WAIT_SECONDS,
            description="S'il n'y en a pas, en attendre un, ce nombre de secondes au plus.",
        ),
        Plain,
    ] = 0
    peer: Annotated[
        Id,
        Plain,
        Field(
            alias="with",
            description="La conversation avec cet utilisateur : les messages échangés avec lui, "
            "dans les deux sens.",
        ),
    ] = None


class EventsQuery(Query):
    since: Annotated[
        Number,
        Plain,
        Field(
            description="Les événements de numéro plus grand que celui-ci ; sans lui, et sans "
            "Last-Event-ID, ceux à venir."
        ),
    ] = None


class FieldError(Answer):
    field: str
    detail: str


class Problem(Answer):
    """Pourquoi une demande n'est pas satisfaite (RFC 9457)."""

    type: Annotated[str, Field(description="about:blank, ou une adresse qui explique.")]
    title: Annotated[str, Field(description="Le genre de problème, en deux mots.")]
    status: Annotated[int, Field(ge=400, le=599, description="Le même que celui de la réponse.")]
    detail: Annotated[str, Field(description="Ce qui ne va pas, et que faire.")]
    errors: Annotated[
        list[FieldError] | None, Field(description="Champ par champ, quand ils sont en cause.")
    ] = None
