"""What tests do over and over with a server."""

import socket

from sandbox import Server


def talk(server: Server, *segments: bytes, half_close: bool = False) -> bytes:
    """Send `segments`, one ``sendall`` each, and return all that the server answers."""
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        for segment in segments:
            client.sendall(segment)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def read_to_end(client: socket.socket) -> bytes:
    """Return everything received until the other side closes."""
    return b"".join(iter(lambda: client.recv(65536), b""))
