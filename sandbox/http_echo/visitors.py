"""Who goes there? Cookies, names and tokens."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request, url_for

from sandbox.http_echo.statuses import redirect_to, status_response
from sandbox.serving.http import Problem, quoted

routes = Blueprint("visitors", __name__)


@routes.get("/cookies")
def view_cookies():
    """Tell the cookies that the client sent."""
    return jsonify(cookies=dict(request.cookies.items()))


@routes.get("/cookies/set")
def view_set_cookies():
    """Give the cookies of the query, then redirect to /cookies."""
    return with_cookies(dict(request.args.items()))


@routes.get("/cookies/set/<name>/<value>")
def view_set_cookie(name: str, value: str):
    """Give one cookie, then redirect to /cookies."""
    return with_cookies({name: value})


def with_cookies(cookies: dict[str, str]) -> Response:
    response = redirect_to(url_for("visitors.view_cookies"))
    for name, value in cookies.items():
        if not name or not name.isascii() or not name.isprintable():
            raise Problem(400, f"Ceci ne peut pas nommer un cookie : {quoted(name)}.")
        response.set_cookie(name, value)
    return response


@routes.get("/cookies/delete")
def view_delete_cookies():
    """Take back the cookies that the query names, then redirect to /cookies."""
    response = redirect_to(url_for("visitors.view_cookies"))
    for name in request.args:
        response.delete_cookie(name)
    return response


# Who goes there?


@routes.get("/basic-auth/<user>/<passwd>")
def view_basic_auth(user: str, passwd: str):
    """Let in who gives this name and this password (RFC 7617)."""
    given = request.authorization
    if not given or (given.username, given.password) != (user, passwd):
        return status_response(401)
    return jsonify(authenticated=True, user=user)


@routes.get("/bearer")
def view_bearer():
    """Let in who shows a token, whatever it is (RFC 6750)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return make_response("", 401, {"WWW-Authenticate": "Bearer"})
    return jsonify(authenticated=True, token=token)
