"""What the servers stand on: connections, HTTP, WSGI, WebSocket, limits."""

# Students' copies of lesson 09 import it from here; the lesson now does from sandbox itself.
from sandbox.serving.tcp import close_gently

__all__ = ["close_gently"]
