"""What the servers stand on: connections, HTTP, WSGI, WebSocket, limits."""

from sandbox.serving.tcp import close_gently

__all__ = ["close_gently"]
