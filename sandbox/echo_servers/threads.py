"""The same conversation, each in a thread of its own."""

import threading

from listening import listen
from one_at_a_time import converse


def main() -> None:
    with listen("threads") as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=converse, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
