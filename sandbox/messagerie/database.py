"""What is kept, in SQLite or in any database that SQLAlchemy knows.

Every change takes the next *number*, from the only row of a table. Taking it locks that row until
the transaction ends: changes are written one after another, and **their numbers are in the order
of their commits**. So who has seen number 12 has missed nothing before it, which is what ``since``
promises. With numbers drawn from a sequence of the database, number 11 could be committed after
number 12 has been read, and never be read itself.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    Engine,
    ForeignKey,
    Index,
    String,
    Text,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY = 30  # seconds that a writer waits for another, with SQLite
CONNECTIONS = 10  # to the database, at most, in each process
LOCK = 3005  # any number: what PostgreSQL calls our lock while the tables are brought up to date


class Base(DeclarativeBase):
    pass


class Counter(Base):
    """One row: the last number taken."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)  # 40, or what NFC makes of them
    status: Mapped[str] = mapped_column(String(80))
    teacher: Mapped[bool]
    changed: Mapped[int] = mapped_column(index=True)  # the number of its last change
    seen: Mapped[int | None]  # when it last asked for something, in seconds since 1970


class Token(Base):
    """A right to speak for a user. Only its hash is kept: who reads the base gets no token."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class Invitation(Base):
    """A right to open an account, once; or to get a new token, when it has a user already."""

    __tablename__ = "invitations"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    used: Mapped[bool]


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_received", "recipient_id", "id"),
        Index("messages_sent", "sender_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(24))


def last_number(session: Session) -> int:
    return session.scalars(select(Counter.last)).one()


def next_number(session: Session) -> int:
    """Take a number; nobody else takes one before this transaction ends."""
    session.execute(update(Counter).values(last=Counter.last + 1))
    return last_number(session)


class Database:
    """A database, its tables up to date.

    Args:
        url: as SQLAlchemy writes them, ``sqlite:///classe.db`` or ``postgresql+psycopg://…``.
    """

    def __init__(self, url: str) -> None:
        # A few connections that stay: opening one costs more than a request, above all with
        # PostgreSQL. A request holds one for a few milliseconds, never while it waits.
        self.engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=0, pool_pre_ping=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", prepare_sqlite)
        migrate(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session: one transaction, committed at the end of the block."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open a database, or end the program with the reason why it cannot be."""
    try:
        return Database(url)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(error).splitlines()[0]
        sys.exit(f"Impossible d'ouvrir la base de données ({type(error).__name__}) : {reason}")


def prepare_sqlite(connection, _) -> None:
    """Have readers and the writer work at once, and a commit be on the disk when it returns."""
    for setting in (
        f"busy_timeout = {BUSY * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {setting}")


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; workers that start together do it one after another."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()  # a process forked from this one must not inherit the connection


def lock(connection: Connection) -> None:
    """Keep the others waiting until the end of the transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
