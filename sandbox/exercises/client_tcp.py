"""Solutions of lesson 03: reading a byte stream without trusting the network to cut it well."""

import socket


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return exactly `size` bytes read from `connection`.

    Raises:
        ConnectionError: the other side closed before that.
    """
    received = bytearray()
    while len(received) < size:
        chunk = connection.recv(size - len(received))
        if not chunk:
            raise ConnectionError(f"{len(received)} octets reçus sur {size}, puis plus rien")
        received += chunk
    return bytes(received)


def ask_lines(host: str, port: int, questions: list[str]) -> list[str]:
    """Send each question as a line on one connection; return the lines that answer them."""
    with socket.create_connection((host, port), timeout=5) as connection:
        stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        answers = []
        for question in questions:
            stream.write(question + "\n")
            stream.flush()
            answers.append(stream.readline().removesuffix("\n"))
        return answers


def exchange(host: str, port: int, request: bytes) -> bytes:
    """Send `request` and return the answer, each preceded by its length on four bytes.

    Lengths are unsigned, most significant byte first (``int.to_bytes(4, "big")``).

    Raises:
        ConnectionError: the server closed in the middle of its answer.
    """
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(len(request).to_bytes(4, "big") + request)
        size = int.from_bytes(read_exactly(connection, 4), "big")
        return read_exactly(connection, size)
