"""What the four servers share: a free port, and the line that says they are ready."""

import socket

# Everybody may call in the same instant: the system keeps those who wait in this queue.
QUEUE = 256


def listen(name: str) -> socket.socket:
    """Return a listening socket, and announce its address on stdout."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=QUEUE)
    host, port = listener.getsockname()
    print(f"{name} listening on {host}:{port}", flush=True)
    return listener
