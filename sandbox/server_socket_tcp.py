"""TCP 3000: takes one message, answers one sentence that quotes it, closes.

TCP carries bytes, not messages: this server has to decide where a message ends. It ends with a
newline, or when the client closes its side, or when the client falls silent.
"""

import socketserver
import time

from sandbox.serving.tcp import log, main

MAX_MESSAGE = 64 * 1024  # bytes
SILENCE_SECONDS = 0.5  # without a byte, they end a message once begun
BEGIN_SECONDS = 60.0  # given to begin one: a student may be typing, cell after cell
DEADLINE_SECONDS = 30.0  # for a whole message, however slowly it drips


class MessageHandler(socketserver.BaseRequestHandler):
    """One connection: read a message, answer it."""

    def handle(self) -> None:
        message = self.read_message()
        log(self.client_address[0], f"a envoyé {len(message)} octets")
        self.request.settimeout(DEADLINE_SECONDS)
        self.request.sendall(reply(message).encode())

    def read_message(self) -> bytes:
        """Return the bytes before the newline, or all those received before the end."""
        received = bytearray()
        self.request.settimeout(BEGIN_SECONDS)
        deadline = time.monotonic() + BEGIN_SECONDS
        # Two bytes more than the limit leave room for the "\r\n" of a message just as long.
        while b"\n" not in received and len(received) < MAX_MESSAGE + 2:
            try:
                chunk = self.request.recv(4096)
            except TimeoutError:
                break
            if not chunk:
                break
            if not received:
                deadline = time.monotonic() + DEADLINE_SECONDS
            received += chunk
            left = deadline - time.monotonic()
            self.request.settimeout(max(0.001, min(SILENCE_SECONDS, left)))
        return bytes(received).partition(b"\n")[0].removesuffix(b"\r")


def reply(message: bytes) -> str:
    """Return the sentence that answers `message`."""
    if not message:
        return "Vous ne m'avez rien dit. Au revoir !"
    if len(message) > MAX_MESSAGE:
        return f"Votre message est trop long : je n'accepte que {MAX_MESSAGE} octets. Au revoir !"
    text = message.decode("utf-8", errors="replace")
    return f"Vous m'avez dit « {text} », soit {len(message)} octets. Au revoir !"


if __name__ == "__main__":
    main("server_socket_tcp", MessageHandler)
