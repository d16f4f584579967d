"""The description of the API (OpenAPI 3.1), made from the classes that check what travels."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sandbox.markup import typeset
from sandbox.messagerie import schemas
from sandbox.messagerie.limits import BURST, RATE
from sandbox.messagerie.problems import MAX_BODY, MEDIA_TYPE, TITLES

ANSWERS = (schemas.User, schemas.Message, schemas.Account, schemas.Guest, schemas.Problem)
BODIES = (schemas.NewAccount, schemas.NewStatus, schemas.NewMessage)
EVERYWHERE = (429, 503)
TO_USERS = (401, *EVERYWHERE)  # what any route may answer to who shows a token, or should
WITH_BODY = (400, 413, 415)

_, DEFINITIONS = models_json_schema(
    [*((each, "serialization") for each in ANSWERS), *((each, "validation") for each in BODIES)],
    ref_template="#/components/schemas/{model}",
)


def reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def json_of(schema: dict) -> dict:
    return {"application/json": {"schema": schema}}


def one(model: type[BaseModel]) -> dict:
    return json_of(reference("schemas", model.__name__))


def many(model: type[BaseModel]) -> dict:
    return json_of({"type": "array", "items": reference("schemas", model.__name__)})


def operation(
    name: str,
    summary: str,
    *,
    answer: dict,
    description: str = "",
    status: int = 200,
    body: type[BaseModel] | None = None,
    example: dict | None = None,
    query: type[BaseModel] | None = None,
    parameters: Iterable[dict] = (),
    problems: Iterable[int] = (),
    token: bool = True,
) -> dict:
    """Describe what a method does at a path."""
    success = {"description": "C’est fait." if status == 201 else "Voici.", "content": answer}
    if status == 201:
        where = {"description": "Où le relire.", "schema": {"type": "string"}}
        success["headers"] = {"Location": where}
    described = {
        "operationId": name,
        "summary": typeset(summary),
        "description": typeset(description),
        "parameters": [*(parameters_of(query) if query else ()), *parameters],
        "responses": {str(status): success},
    }
    statuses = {*problems, *(TO_USERS if token else EVERYWHERE), *(WITH_BODY if body else ())}
    statuses |= {400} if query else set()
    for each in sorted(statuses):
        described["responses"][str(each)] = reference("responses", f"Problem{each}")
    if body:
        content = json_of(reference("schemas", body.__name__))
        content["application/json"]["example"] = example
        described["requestBody"] = {"required": True, "content": content}
    if not token:
        described["security"] = []
    return described


def parameters_of(query: type[BaseModel]) -> list[dict]:
    """Describe the parameters that a class reads."""
    properties = query.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": schema["description"],
            "schema": {
                key: value
                for key, value in schema.items()
                if key not in ("title", "description") and value is not None
            },
        }
        for name, schema in properties.items()
    ]


def problem(status: int) -> dict:
    schema = reference("schemas", schemas.Problem.__name__)
    described = {
        "description": typeset(TITLES[status]),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if status in EVERYWHERE:
        wait = {"description": "Secondes à attendre.", "schema": {"type": "string"}}
        described["headers"] = {"Retry-After": wait}
    return described


MESSAGE_ID = {
    "name": "message_id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 0, "maximum": schemas.MAX_NUMBER},
}
LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "Le numéro du dernier événement reçu : le flux reprend après lui.",
    "schema": {"type": "string", "pattern": r"^[0-9]{0,9}$"},
}

PATHS = {
    "/api/users": {
        "get": operation("listUsers", "Les gens de la classe", answer=many(schemas.User)),
        "post": operation(
            "createAccount",
            "Ouvrir un compte, avec une invitation",
            description="Rend le jeton du compte : c'est la seule fois. Une invitation sert une "
            "fois ; celle qu'on reçoit après avoir perdu son jeton en donne un autre.",
            body=schemas.NewAccount,
            example={"invitation": "INVITATION-1", "name": "Zoé"},
            answer=one(schemas.Account),
            status=201,
            problems=(403, 409),
            token=False,
        ),
    },
    "/api/users/me": {
        "get": operation("whoAmI", "Qui je suis", answer=one(schemas.User)),
        "patch": operation(
            "changeStatus",
            "Changer mon statut",
            body=schemas.NewStatus,
            example={"status": "en pause café"},
            answer=one(schemas.User),
        ),
    },
    "/api/messages": {
        "get": operation(
            "listMessages",
            "Les messages reçus",
            description="Les cent premiers après « since », du plus ancien au plus récent. Pour "
            "la suite, redemander avec l'identifiant du dernier reçu.",
            query=schemas.MessagesQuery,
            answer=many(schemas.Message),
        ),
        "post": operation(
            "sendMessage",
            "Envoyer un message",
            description="La réponse 201 ne part qu'une fois le message sur le disque.",
            body=schemas.NewMessage,
            example={"to": 2, "text": "Bonjour !"},
            answer=one(schemas.Message),
            status=201,
            problems=(404,),
        ),
    },
    "/api/messages/{message_id}": {
        "get": operation(
            "getMessage",
            "Un message, envoyé ou reçu",
            parameters=[MESSAGE_ID],
            answer=one(schemas.Message),
            problems=(404,),
        )
    },
    "/api/events": {
        "get": operation(
            "openStream",
            "Les événements, au fil de l'eau",
            description="Des « server-sent events » : message (reçu) ou user (quelqu'un arrive ou "
            "change de statut). Un commentaire après 15 s de silence ; le flux finit après 100 s, "
            "et l'on revient avec Last-Event-ID.",
            query=schemas.EventsQuery,
            parameters=[LAST_EVENT_ID],
            answer={"text/event-stream": {"schema": {"type": "string"}}},
        )
    },
    "/api/invitations": {
        "get": operation(
            "listInvitations",
            "Les invitations, et ce qu'elles sont devenues",
            description="Pour l'enseignant ou l'enseignante seulement.",
            answer=many(schemas.Guest),
            problems=(403,),
        )
    },
}

DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {
        "title": "La messagerie de la classe",
        "version": "1.0.0",
        "description": typeset(
            "Chaque demande montre le jeton de qui la fait, sauf celle qui ouvre un "
            f"compte. Un corps a {MAX_BODY} octets au plus. Chacun peut faire {BURST} demandes "
            f"d'un coup, puis {RATE} par seconde."
        ),
        "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
    },
    "servers": [{"url": "./", "description": "Ce serveur-ci"}],
    "security": [{"token": []}],
    "paths": PATHS,
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "responses": {
            f"Problem{status}": problem(status)
            for status in (400, 401, 403, 404, 409, 413, 415, *EVERYWHERE)
        },
        "schemas": DEFINITIONS["$defs"],
    },
}
