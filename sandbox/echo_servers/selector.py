"""One thread for all: the system says who may be read or written, we do it and never wait."""

import contextlib
import selectors
import socket

from listening import listen


class Client:
    """A connection, and where its conversation is: nobody else remembers it for us."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.incoming = b""  # the beginning of a line whose end has not come
        self.outgoing = b""  # what the system has not taken yet

    def go_on(self) -> int:
        """Send what waits, else read; return the event to wait for next, 0 if it is over."""
        try:
            if not self.outgoing and not self.read():
                return 0
            self.outgoing = self.outgoing[self.connection.send(self.outgoing) :]
        except BlockingIOError:
            pass  # not now: the selector will tell when
        except OSError:
            return 0  # the client left in the middle: its loss
        return selectors.EVENT_WRITE if self.outgoing else selectors.EVENT_READ

    def read(self) -> bool:
        """Read what has come, answer the lines that are whole; False at the end."""
        chunk = self.connection.recv(65536)
        *lines, self.incoming = (self.incoming + chunk).split(b"\n")
        self.outgoing = b"".join(line.upper() + b"\n" for line in lines)
        return bool(chunk)


def main() -> None:
    with listen("selector") as listener, selectors.DefaultSelector() as selector:
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    welcome(listener, selector)
                elif event := key.data.go_on():
                    selector.modify(key.fileobj, event, key.data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def welcome(listener: socket.socket, selector: selectors.BaseSelector) -> None:
    with contextlib.suppress(OSError):  # it was there, and is gone
        connection, _ = listener.accept()
        selector.register(connection, selectors.EVENT_READ, Client(connection))


if __name__ == "__main__":
    main()
