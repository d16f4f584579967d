"""What we use of websockets beyond what it documents: tried with the version below.

``tests/serving/test_borrowed.py`` fails when another version does otherwise.
"""

from __future__ import annotations

from websockets.asyncio.server import Server, ServerConnection

TRIED = {"websockets": "17.4"}


def crowd(connection: ServerConnection) -> int:
    """Return how many connections its server has: those that still shake hands count.

    ``server.connections``, which is documented, leaves them out.
    """
    return len(connection.server.handler_tasks)


def hang_up_on_all(server: Server) -> None:
    """Cut every connection of a server at once, those that are saying goodbye too.

    ``server.connections``, which is documented, leaves them out.
    """
    for connection in list(server.all_connections):
        hang_up(connection)


def hang_up(connection: ServerConnection) -> None:
    """Cut a connection at once, without waiting for what was not read."""
    connection.transport.abort()


def unsent(connection: ServerConnection) -> int:
    """Return the bytes that its client has not let us send yet."""
    return connection.transport.get_write_buffer_size()


def close_code(connection: ServerConnection) -> int:
    """Return the code by which a connection was closed, 1006 if it was merely cut.

    ``connection.close_code``, which is documented, forgets the code that we sent ourselves when
    the client leaves without answering it.
    """
    said = connection.protocol.close_rcvd or connection.protocol.close_sent
    return said.code if said else 1006
