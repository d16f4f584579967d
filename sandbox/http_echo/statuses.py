"""Statuses to order, and redirections."""

from __future__ import annotations

import random
import re

from flask import Blueprint, Response, jsonify, make_response, request, url_for

from sandbox.http_echo.said import VERBS, text_of, whole
from sandbox.serving.http import Problem, quoted

routes = Blueprint("statuses", __name__)


@routes.route("/status/<codes>", methods=VERBS)
def view_status(codes: str):
    """Answer a status: ``/status/404``; one at random among several: ``/status/200,503:0.2``."""
    choices, weights = [], []
    for choice in codes.split(","):
        match = re.fullmatch(r"([2-5][0-9]{2})(?::([0-9]{1,6}(?:\.[0-9]{0,6})?))?", choice)
        if not match:
            raise Problem(
                400,
                f"Statut incompréhensible : {quoted(choice)}. J'attends un nombre de 200 à 599 (un "
                "statut 1xx n'est jamais le dernier mot d'un serveur), ou plusieurs séparés par "
                "des virgules, chacun avec son poids s'il le faut : /status/200:3,503.",
            )
        choices.append(int(match[1]))
        weights.append(float(match[2] or 1))
    if not any(weights):
        raise Problem(400, "Tous les poids sont nuls : donnez-en au moins un qui ne le soit pas.")
    return status_response(random.choices(choices, weights)[0])


def status_response(code: int) -> Response:
    """Return an answer with this status and the headers that go with it."""
    response = make_response("", code)
    if code in (301, 302, 303, 305, 307):
        response.headers["Location"] = "/redirect/1"
    elif code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Fake Realm"'
    elif code == 402:
        response.data = "Les bons comptes font les bons amis."
    elif code == 406:
        response = jsonify(
            message="Le client n'accepte aucun des types que je propose.",
            accept=["image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*"],
        )
        response.status_code = code
    elif code == 407:
        response.headers["Proxy-Authenticate"] = 'Basic realm="Fake Realm"'
    elif code == 418:
        response.data = text_of("teapot.txt")
        response.headers["x-more-info"] = "http://tools.ietf.org/html/rfc2324"
    return response


# Redirections


def redirect_to(location: str, code: int = 302) -> Response:
    """Return a redirection; its text is for those who do not follow."""
    try:
        response = make_response(f"Voyez {location}\n", code)
        response.headers["Location"] = location
    except ValueError:
        raise Problem(400, "Une adresse tient sur une seule ligne.") from None
    response.content_type = "text/plain; charset=utf-8"
    return response


@routes.get("/redirect/<n>")
def view_redirect(n: str):
    """Redirect n times, then to /get."""
    absolute = request.args.get("absolute", "false").lower() == "true"
    return redirect_again("absolute" if absolute else "relative", n)


@routes.get("/relative-redirect/<n>")
def view_relative_redirect(n: str):
    """Redirect n times, each time to a path."""
    return redirect_again("relative", n)


@routes.get("/absolute-redirect/<n>")
def view_absolute_redirect(n: str):
    """Redirect n times, each time to a whole URL."""
    return redirect_again("absolute", n)


def redirect_again(kind: str, n: str) -> Response:
    left = whole("n", n, 1, 10**9) - 1
    target = f"/{kind}-redirect/{left}" if left else url_for("view_get")
    return redirect_to(request.host_url.rstrip("/") + target if kind == "absolute" else target)


@routes.route("/redirect-to", methods=VERBS)
def view_redirect_to():
    """Redirect to ``?url=``, with the status ``?status_code=`` if it is a 3xx."""
    if "url" not in request.args:
        raise Problem(400, "Il me faut l'adresse où vous envoyer : /redirect-to?url=/get.")
    code = whole("status_code", request.args.get("status_code", "302"), 0, 999)
    return redirect_to(request.args["url"], code if 300 <= code < 400 else 302)
