"""``python -m sandbox wire``: what passes through a relay, printed as it passes."""

from __future__ import annotations

import time

import click

from sandbox.wire import plain
from sandbox.wire.conversation import Decoder, conversation
from sandbox.wire.message import Happening, Message
from sandbox.wire.recording import TO_SERVER, Connection
from sandbox.wire.relay import Wiretap, wiretap

PERIOD = 0.05  # s between two looks
QUIET = 0.3  # s of silence after which what nothing ends is taken as ended
LIMIT = 16 * 1024 * 1024  # bytes kept of the connections that are open
ALARMS = ("reset", "refused", "cut", "silenced")


class Follower:
    """What has been printed of a connection, and what remains to be."""

    def __init__(self, connection: Connection, decode: Decoder | None) -> None:
        self.connection = connection
        self._decode = decode
        self._seen = 0  # events
        self._changed = time.monotonic()
        self._printed = 0  # items
        self.messages = 0

    def look(self) -> bool:
        """Print what is complete; tell whether everything has been printed for ever."""
        ended = self.connection.ended.is_set()  # before the events: none can come after
        now = time.monotonic()
        if len(self.connection.events) != self._seen:
            self._seen, self._changed = len(self.connection.events), now
        elif not ended and now - self._changed > 2 * QUIET:
            return False  # looked at already, since nothing comes any more
        quiet = ended or now - self._changed > QUIET
        for item in conversation(self.connection, self._decode).items[self._printed :]:
            if not ended and not self._is_whole(item, quiet=quiet):
                break
            self._print(item)
        return ended

    def _is_whole(self, item: Message | Happening, *, quiet: bool) -> bool:
        """Tell whether an item cannot change any more, or is not likely to."""
        if isinstance(item, Happening):
            return item.event < self._seen  # unlike « la connexion est encore ouverte »
        return item.complete and (quiet or not item.growing)

    def _print(self, item: Message | Happening) -> None:
        self._printed += 1
        self.messages += isinstance(item, Message)
        number = click.style(f"{self.connection.number:>3} ", dim=True)
        for line in plain.draw_item(item):
            click.echo(number + style(line, item))


def style(line: str, item: Message | Happening) -> str:
    """Colour a line: one colour for each way, and arrows bold."""
    if isinstance(item, Happening):
        alarm = item.kind in ALARMS
        return click.style(line, fg="red" if alarm else None, dim=not alarm)
    arrow = line.startswith(("──", "◀"))
    return click.style(line, fg="cyan" if item.direction == TO_SERVER else "yellow", bold=arrow)


def follow(tap: Wiretap) -> None:
    """Print what passes, for ever.

    Raises:
        KeyboardInterrupt: Ctrl-C; a last line has been printed.
    """
    followers: dict[int, Follower] = {}
    messages = lost = 0
    try:
        while True:
            for connection in tap.connections:
                follower = followers.setdefault(connection.number, Follower(connection, tap.decode))
                if follower.look():
                    messages += followers.pop(connection.number).messages
                    tap.forget(connection)
            lost = tell_loss(tap, lost)
            time.sleep(PERIOD)
    finally:
        messages += sum(follower.messages for follower in followers.values())
        click.echo(f"\nArrêt. {count(tap.opened, 'connexion')}, {count(messages, 'message')}.")


def tell_loss(tap: Wiretap, told: int) -> int:
    """Say once that the recording is full; return how many lines have been printed."""
    limits = tap.limits
    for line in limits[told:]:
        click.secho(line, fg="red", err=True)
    return max(told, len(limits))


def count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def main(to: str, *, host: str, port: int, decode: Decoder | None) -> int:
    """Relay, and print, until Ctrl-C; return the exit status."""
    if not 0 <= port <= 65535:
        click.echo(f"Un port est un nombre de 0 à 65535, pas {port}.", err=True)
        return 2
    try:
        tap = wiretap(to, host=host, port=port, decode=decode, limit=LIMIT)
    except ValueError:
        click.echo(f"--to attend une adresse, comme 127.0.0.1:5003, et voici « {to} ».", err=True)
        return 2
    except OSError as error:
        click.echo(
            f"Impossible d'écouter sur {host}:{port} ({error.strerror}). "
            "Un autre port ? --port 0 en prend un libre.",
            err=True,
        )
        return 1
    with tap:
        click.echo(f"Le relais mène à {to}. Dans le navigateur : {tap.url}  (Ctrl-C pour arrêter)")
        try:
            follow(tap)
        except KeyboardInterrupt:
            return 0
