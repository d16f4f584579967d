"""What the messaging server must never lose nor give twice, on SQLite and on PostgreSQL."""

import collections
import itertools
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import alembic.autogenerate
import alembic.migration
import pytest
import requests

from benchmarks import messagerie, postgresql
from sandbox import Server
from sandbox.messagerie import accounts, mailbox, schemas
from sandbox.messagerie.database import Base, Database, last_number, next_number
from sandbox.messagerie.problems import Refused
from tests.helpers import process_of

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL, which continuous integration must have."""
    if not postgresql.find_program("initdb") and not os.environ.get("CI"):
        pytest.skip("PostgreSQL is not installed")
    with postgresql.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """A database where there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'classe.db'}"
    return postgresql.new_database(
        request.getfixturevalue("postgresql_server"), f"classe_{next(numbers)}"
    )


@pytest.fixture
def database(url) -> Iterator[Database]:
    """A class of two, Ada (1) and Bob (2)."""
    database = Database(url)
    with database.session() as session:
        for name in ("Ada", "Bob"):
            accounts.add_user(session, name)
    yield database
    database.close()


def say(database: Database, text: str, to: int = 2) -> int:
    with database.session() as session:
        message = schemas.NewMessage(to=to, text=text)
        return mailbox.send(session, 1, message, mailbox.utc_now).id


def heard(database: Database, since: int = 0) -> list[str]:
    with database.session() as session:
        return [message.text for message in mailbox.received(session, 2, since)]


# Numbers and commits


def test_a_late_commit_is_never_behind_a_number_already_read(database):
    with ThreadPoolExecutor() as threads:
        with database.session() as slow:
            number = next_number(slow)
            new = schemas.NewMessage(to=2, text="lent")
            slow.add(mailbox.Message(id=number, sender_id=1, recipient_id=2, text=new.text, at=""))
            slow.flush()
            quick = threads.submit(say, database, "rapide")
            time.sleep(0.3)
            # Were it written now, who reads it would ask for what follows it, and miss the other.
            assert not quick.done()
            assert heard(database) == []
        assert quick.result(timeout=10) == number + 1
    assert heard(database) == ["lent", "rapide"]


def test_a_number_taken_in_vain_is_taken_by_another(database):
    with database.session() as session:
        before = last_number(session)
    unknown = schemas.NewMessage(to=99, text="à personne")  # seen once the number is taken
    with pytest.raises(Refused), database.session() as session:
        mailbox.send(session, 1, unknown, mailbox.utc_now)
    assert say(database, "a") == before + 1


def test_a_reader_misses_nothing_while_others_write(database):
    texts = {f"{writer}.{n}" for writer in range(6) for n in range(20)}
    written = threading.Event()

    def read() -> list[str]:
        since, found, last_time = 0, [], False
        while True:
            with database.session() as session:
                events = mailbox.events(session, 2, since)
            found += [event.data.text for event in events if event.name == "message"]
            since = events[-1].number if events else since
            if last_time and not events:
                return found
            last_time = written.is_set()

    with ThreadPoolExecutor(8) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        try:
            for sent in [threads.submit(say, database, text) for text in sorted(texts)]:
                sent.result(timeout=60)
        finally:
            written.set()
        for each in reading:
            assert collections.Counter(each.result(timeout=60)) == collections.Counter(texts)


def test_one_invitation_opens_one_account(database):
    with database.session() as session:
        code = accounts.invite(session, "Place 1")

    def come(name: str) -> bool:
        try:
            with database.session() as session:
                accounts.accept(session, code, name)
        except accounts.Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(come, (f"Zoé {n}" for n in range(8)))) == 1


# Tables


def test_the_migrations_make_the_tables_that_the_code_wants(url):
    database = Database(url)
    with database.engine.connect() as connection:
        context = alembic.migration.MigrationContext.configure(connection)
        assert alembic.autogenerate.compare_metadata(context, Base.metadata) == []
    database.close()


def test_workers_that_start_together_make_the_tables_once(url):
    with ThreadPoolExecutor(4) as threads:
        databases = list(threads.map(Database, [url] * 4))
    with databases[0].session() as session:
        assert last_number(session) == 0
    for database in databases:
        database.close()


@pytest.mark.parametrize(
    "text",
    ["🙂" * 2000, "'; DROP TABLE messages; --", "%s %(a)s :a", "\u202e\ufffe\x01"],
    ids=ascii,
)
def test_a_text_is_kept_as_it_is(database, text):
    say(database, text)
    assert heard(database) == [text]


# Under load


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="gunicorn is not for Windows")
def test_several_workers_lose_nothing_and_give_nothing_twice(url, monkeypatch):
    monkeypatch.setattr(messagerie, "PERIOD", 0.2)
    with ThreadPoolExecutor(1) as apart:  # Playwright may already run a loop in this thread
        running = apart.submit(messagerie.measure, messagerie.gunicorn, url, 20, seconds=3)
        outcome = running.result()
    assert (outcome.lost, outcome.twice, outcome.refused) == (0, 0, 0)
    assert len(outcome.delivery) == len(outcome.posting) >= 20  # each has written


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="only POSIX kills without a word")
def test_what_was_answered_201_is_there_after_a_kill(url):
    tokens = list(messagerie.enroll(url, 4).values())
    answered: set[str] = set()
    texts = (f"n° {n}" for n in itertools.count())
    for _ in range(2):
        with messagerie.course_server(url) as server, ThreadPoolExecutor(8) as threads:
            before = len(answered)
            writing = [
                threads.submit(write_until_killed, server, token, texts, answered)
                for token in (*tokens, *tokens)
            ]
            while len(answered) < before + 50 and not all(each.done() for each in writing):
                time.sleep(0.01)
            process_of(server).kill()
            for each in writing:
                each.result(timeout=20)
            assert len(answered) >= before + 50
    with messagerie.course_server(url) as server:
        kept = collections.Counter(all_received(server, tokens[0]))
    assert answered - kept.keys() == set()
    assert set(kept.values()) == {1}


def write_until_killed(
    server: Server, token: str, texts: Iterator[str], answered: set[str]
) -> None:
    """Write to the first user; note what the server says it has kept."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        while True:
            text = next(texts)
            try:
                answer = session.post(
                    f"{server.url}/api/messages", json={"to": 1, "text": text}, timeout=10
                )
            except requests.ConnectionError:
                return  # it may be kept or not: we were told nothing
            if answer.status_code == 201:
                answered.add(text)
            else:
                assert answer.status_code == 429
                time.sleep(0.1)


def all_received(server: Server, token: str) -> Iterator[str]:
    since = 0
    while messages := requests.get(
        f"{server.url}/api/messages?since={since}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json():
        yield from (message["text"] for message in messages)
        since = messages[-1]["id"]
