"""Lines come back in capitals, one client at a time: the next one waits for this one to leave."""

import socket

from listening import listen


def converse(connection: socket.socket) -> None:
    try:
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                stream.write(line.upper())
                stream.flush()
    except OSError:
        pass  # the client left in the middle: its loss


def main() -> None:
    with listen("one_at_a_time") as listener:
        while True:
            connection, _ = listener.accept()
            converse(connection)


if __name__ == "__main__":
    main()
