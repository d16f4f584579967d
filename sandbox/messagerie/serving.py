"""Serving the application by the course's own HTTP server."""

from __future__ import annotations

from flask import Flask

from sandbox.messagerie import problems
from sandbox.serving.http import Problem, Response
from sandbox.serving.wsgi import WSGIHandler


def handler_of(app: Flask) -> type[WSGIHandler]:
    """Return what serves the application, telling bad HTTP as it tells its own problems."""

    class Handler(WSGIHandler):
        application = app

        def explain(self, problem: Problem) -> Response:
            body = problems.as_json(problem.status, problem.error)
            headers = [("Content-Type", problems.MEDIA_TYPE), *problem.headers]
            return Response(body.encode(), problem.status, headers)

    return Handler
