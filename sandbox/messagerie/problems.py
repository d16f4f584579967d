"""Errors as ``application/problem+json`` (RFC 9457), in French, whoever finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import Flask, Response
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException

from sandbox.serving.tcp import log

MEDIA_TYPE = "application/problem+json"
SHOWN = 10  # errors told, of those in a body
MAX_BODY = 16 * 1024  # bytes

TITLES = {
    400: "Demande mal faite",
    401: "Qui êtes-vous ?",
    403: "Interdit",
    404: "Introuvable",
    405: "Méthode non permise",
    409: "Déjà pris",
    413: "Trop gros",
    415: "Ce n'est pas du JSON",
    429: "Trop vite",
    500: "Erreur du serveur",
    503: "Serveur occupé",
}

DETAILS = {
    400: "Cette demande est mal écrite.",
    404: "Il n'y a rien à cette adresse : la page /docs dit celles qui existent.",
    405: "Cette adresse n'accepte pas cette méthode : voyez l'en-tête Allow.",
    413: f"Le corps d'une demande a {MAX_BODY} octets au plus.",
    415: "On attend du JSON, annoncé par Content-Type: application/json.",
    500: "Le serveur s'est trompé : voyez son journal.",
}

#: By pydantic's own names: https://docs.pydantic.dev/latest/errors/validation_errors/
REASONS = {
    "missing": "manque",
    "extra_forbidden": "champ inconnu",
    "string_type": "doit être un texte",
    "int_type": "doit être un nombre entier",
    "int_parsing": "doit être un nombre entier",
    "int_from_float": "doit être un nombre entier",
    "value_error": "doit être un nombre",
    "string_too_short": "ne doit pas être vide",
    "string_too_long": "doit avoir {max_length} signes au plus",
    "string_pattern_mismatch": "doit être un texte non vide, sans caractère de commande",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than_equal": "doit être au plus {le}",
}
NOT_JSON = "json_invalid"
NOT_AN_OBJECT = "model_type"


class Refused(Exception):
    """Why a request is not served: a status and, in French, what is wrong and what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}


def as_json(status: int, detail: str, errors: Sequence[dict[str, str]] = ()) -> str:
    """Write a problem."""
    content = {
        "type": "/docs#champs" if errors else "about:blank",
        "title": TITLES.get(status, "Erreur"),
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = list(errors)
    return json.dumps(content, ensure_ascii=False)


def response(refused: Refused) -> Response:
    body = as_json(refused.status, refused.detail, refused.errors)
    return Response(body, refused.status, refused.headers, content_type=MEDIA_TYPE)


def from_validation(error: ValidationError) -> Refused:
    """Say in French what pydantic found."""
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == NOT_JSON:
        return Refused(400, "Le corps n'est pas du JSON bien formé, en UTF-8.")
    if found[0]["type"] == NOT_AN_OBJECT:
        return Refused(400, "On attend un objet JSON, entre accolades.")
    errors = [
        {
            "field": ".".join(map(str, each["loc"]))[:60],
            "detail": REASONS[each["type"]].format(**each.get("ctx", {})),
        }
        for each in found[:SHOWN]
    ]
    said = " ; ".join(f"{each['field']} {each['detail']}" for each in errors)
    return Refused(400, f"{said}.", errors=errors)


def from_http(error: HTTPException) -> Refused:
    """Keep the headers that the library gives (Allow…), not its words."""
    headers = {k: v for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length")}
    return Refused(error.code, DETAILS.get(error.code, DETAILS[400]), headers=headers)


def busy(error: Exception) -> Refused:
    """The database does not answer: it may well do so in a moment."""
    log(f"base de données : {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    return Refused(503, "La base de données ne répond pas.", headers={"Retry-After": "2"})


def register(app: Flask) -> None:
    """Have every error of an application told as a problem."""
    app.register_error_handler(Refused, response)
    app.register_error_handler(HTTPException, lambda error: response(from_http(error)))
    for kind in (DBAPIError, TimeoutError):
        app.register_error_handler(kind, lambda error: response(busy(error)))
