"""Exercises of lesson 05: clients of the address book for bad days and crowds."""

import csv
import io
import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sandbox.checking import Case, Exercise, Expect, Failure, Mistake, Raises, Stage
from sandbox.serving.scripted import Play
from sandbox.wire import BadNetwork

# Solutions

Message = dict[str, Any]  # a request or an answer: a JSON object


def ask_patiently(
    host: str,
    port: int,
    request: Message,
    tries: int = 3,
    timeout: float = 1.0,
    pause: float = 0.1,
) -> Message:
    """Return the server's answer to `request`, be it yes or no.

    Args:
        tries: how many attempts at most, each on a new connection.
        timeout: seconds that one attempt may last in all.
        pause: seconds to wait after the first failure, then twice as many
            after each other one.

    Raises:
        OSError: the last attempt failed too; this is its reason.
    """
    for _ in range(tries - 1):
        try:
            return ask_once(host, port, request, timeout)
        except OSError:
            time.sleep(pause)
            pause *= 2
    return ask_once(host, port, request, timeout)


def ask_once(host: str, port: int, request: Message, timeout: float) -> Message:
    """Return the answer to `request`, got within `timeout` seconds in all.

    Raises:
        TimeoutError: it did not come in time.
        ConnectionError: what came is not a whole JSON object.
        OSError: the server cannot be reached.
    """
    deadline = time.monotonic() + timeout
    received = bytearray()
    with socket.create_connection((host, port), timeout=timeout) as connection:
        connection.settimeout(seconds_before(deadline))
        connection.sendall(json.dumps(request).encode())
        connection.settimeout(seconds_before(deadline))
        while chunk := connection.recv(65_536):
            received += chunk
            connection.settimeout(seconds_before(deadline))
    return read_answer(received)


def seconds_before(deadline: float) -> float:
    """Return the seconds left.

    Raises:
        TimeoutError: there are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("la réponse n'est pas venue à temps")
    return left


def read_answer(received: bytes) -> Message:
    """Return the JSON object in `received`.

    Raises:
        ConnectionError: there is none, or it was cut.
    """
    try:
        answer = json.loads(received)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ConnectionError(f"réponse incomplète : {len(received)} octets")
    return answer


def import_contacts(
    host: str, port: int, path: str | os.PathLike
) -> tuple[int, list[tuple[int, str]]]:
    """Add to the book the contacts of a CSV file in UTF-8.

    Its first line names the columns; ``name`` and ``mail`` are used.

    Returns:
        How many contacts were accepted, then those refused: the number of
        the line (the first is 1) and the server's reason.

    Raises:
        ValueError: the file is not in UTF-8, or a column is missing;
            nothing was added.
        OSError: the file cannot be opened, or the server does not answer.
    """
    text = Path(path).read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"name", "mail"} - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"colonne absente : {', '.join(sorted(missing))}")
    added, refused = 0, []
    for row in rows:
        contact = {key: (row[key] or "").strip() for key in ("name", "mail")}
        answer = ask_patiently(host, port, {"cmd": "add", "args": contact})
        if answer["status"]:
            added += 1
        else:
            refused.append((rows.line_num, answer["msg"]))
    return added, refused


def add_together(
    host: str, port: int, contacts: Mapping[str, str], workers: int = 8
) -> dict[str, str]:
    """Add the contacts (name to mail), at most `workers` at once.

    Returns:
        The server's reason for each name refused.

    Raises:
        OSError: the server does not answer; some contacts may be in.
    """

    def add(contact: tuple[str, str]) -> Message:
        name, mail = contact
        request = {"cmd": "add", "args": {"name": name, "mail": mail}}
        return ask_patiently(host, port, request)

    with ThreadPoolExecutor(workers) as pool:
        answers = dict(zip(contacts, pool.map(add, contacts.items()), strict=True))
    return {name: a["msg"] for name, a in answers.items() if not a["status"]}


def ask_all(host: str, port: int, requests: Sequence[Message]) -> list[Message]:
    """Send all the requests on one connection; return their answers in order.

    The server speaks version 2, a JSON object a line, and may answer in any
    order. Everything is sent before anything is read: good for hundreds of
    requests, not for millions.

    Raises:
        ConnectionError: the server closed before the last answer.
        TimeoutError: it kept silent for five seconds.
    """
    expected = range(len(requests))
    answers: dict[int, Message] = {}
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        for number, request in enumerate(requests):
            message = {**request, "version": 2, "id": number}
            stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()
        while len(answers) < len(requests):
            line = stream.readline()
            if not line.endswith(b"\n"):
                raise ConnectionError(f"seulement {len(answers)} réponses")
            answer = json.loads(line)
            if answer["id"] in expected:
                answers[answer["id"]] = answer
    return [answers[number] for number in expected]


# What they are tried on

LIST = {"cmd": "list", "args": {}}
YES = {"status": True, "msg": "Voilà l'été.", "data": {"Zoé Lefèvre": "zoe@example.org"}}
NO = {"status": False, "msg": "Commande inconnue.", "data": {}}
NO_MAIL = "mail doit avoir de 1 à 254 caractères, pas 0."


def to_bytes(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def read_object(connection: socket.socket) -> Message:
    """Read one JSON object.

    Raises:
        ConnectionError: the client left before its end.
    """
    received = b""
    while chunk := connection.recv(4096):
        received += chunk
        with suppress(ValueError):  # not whole yet
            return json.loads(received)
    raise ConnectionError("the client left")


def in_turn(*answers: bytes | None) -> Play:
    """Give the first answer to the first client, and so on, the last one again; None is silence."""
    left = iter(answers)

    def play(connection: socket.socket) -> None:
        read_object(connection)
        said = next(left, answers[-1])
        if said is not None:
            connection.sendall(said)
            return
        while connection.recv(4096):
            pass

    return play


def patiently(
    stage: Stage, function, *answers: bytes | None, network=(), **settings
) -> tuple[object, int] | None:
    """Return the answer or the name of the exception, and how many connections it took."""
    tap = stage.scripted(in_turn(*answers), network)
    try:
        answer = function(tap.host, tap.port, LIST, **settings)
    except OSError:
        answer = "OSError"
    stage.passed("client→server")  # all of it has been recorded
    return None if answer is None else (answer, len(tap.connections))


def timed(stage: Stage, function, pause: float, least: float) -> tuple[object, int, bool] | None:
    """Fail four times; tell in addition whether it took at least that many seconds."""
    started = time.monotonic()
    found = patiently(stage, function, b"", tries=4, pause=pause)
    waited = time.monotonic() - started > least
    return found and (*found, waited)


class Book:
    """A book that only knows ``add``, and takes its time.

    Attributes:
        contacts: mails by name.
        most: the largest number of clients that there were at once.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self.contacts: dict[str, str] = {}
        self.most = 0
        self._pause = pause
        self._now = 0
        self._lock = threading.Lock()

    def play(self, connection: socket.socket) -> None:
        with self._counted():  # ends before the client can call again
            answer = self._answer(read_object(connection))
        connection.sendall(to_bytes(answer))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1

    def _answer(self, request: Message) -> Message:
        time.sleep(self._pause)
        match request:
            case {"cmd": "add", "args": {"name": str(name), "mail": str(mail)}} if mail:
                self.contacts[name] = mail
                return {"status": True, "msg": f"« {name} » est ajouté au carnet.", "data": {}}
            case {"cmd": "add", "args": {"name": str(), "mail": ""}}:
                return {"status": False, "msg": NO_MAIL, "data": {}}
        return {"status": False, "msg": "J'attends add, avec name et mail.", "data": {}}


def imported(
    stage: Stage, function, text: str, encoding: str = "utf-8"
) -> tuple[object, dict] | None:
    """Return what the function returned or the name of its exception, and what the book has."""
    book = Book()
    tap = stage.scripted(book.play)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.csv"
        path.write_text(text, encoding=encoding, newline="")
        try:
            result = function(tap.host, tap.port, path)
        except ValueError:
            result = "ValueError"
    return None if result is None else (result, book.contacts)


def crowd(size: int) -> dict[str, str]:
    return {f"Élève {number:02}": f"e{number:02}@example.org" for number in range(size)}


def added(
    stage: Stage, function, contacts: dict[str, str], pause: float = 0.0, workers: int = 8
) -> tuple[object, Book]:
    """Return what the function returned, and the book just after."""
    book = Book(pause)
    tap = stage.scripted(book.play)
    refused = function(tap.host, tap.port, contacts, workers)
    return refused, book


def added_to_nobody(stage: Stage, function) -> object:
    """Call the function with a port on which nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return function(*nobody.getsockname(), crowd(3), 3)


def reply(message: Message) -> bytes:
    """Return the line that answers a message of version 2."""
    number, words = message.get("id"), [message.get("cmd"), *message.get("args", {}).values()]
    right = message.get("version") == 2
    msg = " ".join(map(str, words)) if right else "Je parle la version 2."
    return to_bytes({"version": 2, "id": number, "status": right, "msg": msg, "data": {}}) + b"\n"


def prompt(connection: socket.socket) -> None:
    """Answer each line at once."""
    connection.settimeout(2.0)
    with connection.makefile("rwb") as stream:
        for line in stream:
            stream.write(reply(json.loads(line)))
            stream.flush()


def in_order(*order: int, strangers: bool = False, cut: bool = False) -> Play:
    """Wait for three lines, then answer them in that order.

    Args:
        order: 0 is the first of the lines.
        strangers: send lines between, that answer nothing.
        cut: send only half of the last line.
    """

    def play(connection: socket.socket) -> None:
        connection.settimeout(2.0)
        with connection.makefile("rwb") as stream:
            messages = [json.loads(stream.readline()) for _ in range(3)]
            for index in order:
                if strangers:
                    stream.write(to_bytes({**NO, "version": 2, "id": None}) + b"\n")
                line = reply(messages[index])
                stream.write(line[:20] if cut and index == order[-1] else line)

    return play


THREE = [
    {"cmd": "find", "args": {"name": "Zoé Lefèvre"}},
    {"cmd": "list", "args": {}},
    {"cmd": "find", "args": {"name": "Inès"}},
]
THEIR_ANSWERS = ["find Zoé Lefèvre", "list", "find Inès"]


def asked(stage: Stage, function, play: Play, requests=THREE, network=()) -> tuple | None:
    """Return the sentences of the answers, and how many connections it took."""
    tap = stage.scripted(play, network)
    answers = function(tap.host, tap.port, [dict(request) for request in requests])
    stage.passed("client→server")  # all of it has been recorded
    if answers is None:
        return None
    with suppress(TypeError, KeyError):  # no list of answers: shown as it is
        return [answer["msg"] for answer in answers], len(tap.connections)
    return answers, len(tap.connections)


# Mistakes foreseen


def ask_once_by_waits(host: str, port: int, request: Message, timeout: float) -> Message:
    with socket.create_connection((host, port), timeout=timeout) as connection:
        connection.sendall(json.dumps(request).encode())
        with connection.makefile("rb") as stream:
            return read_answer(stream.read())


def ask_once_in_one_recv(host: str, port: int, request: Message, timeout: float) -> Message:
    with socket.create_connection((host, port), timeout=timeout) as connection:
        connection.sendall(json.dumps(request).encode())
        return read_answer(connection.recv(65_536))


def insist(once, host, port, request, tries, timeout, pause) -> Message:
    """Do as `ask_patiently`, with another way to ask once."""
    for _ in range(tries - 1):
        try:
            return once(host, port, request, timeout)
        except OSError:
            time.sleep(pause)
            pause *= 2
    return once(host, port, request, timeout)


def settimeout_only(host, port, request, tries=3, timeout=1.0, pause=0.1):
    return insist(ask_once_by_waits, host, port, request, tries, timeout, pause)


def single_recv(host, port, request, tries=3, timeout=1.0, pause=0.1):
    return insist(ask_once_in_one_recv, host, port, request, tries, timeout, pause)


def retries_a_refusal(host, port, request, tries=3, timeout=1.0, pause=0.1):
    for _ in range(tries):
        answer = ask_patiently(host, port, request, tries, timeout, pause)
        if answer["status"]:
            break
    return answer


def reuses_the_socket(host, port, request, tries=3, timeout=1.0, pause=0.1):
    with socket.create_connection((host, port), timeout=timeout) as connection:
        for left in reversed(range(tries)):
            try:
                connection.sendall(json.dumps(request).encode())
                received = bytearray()
                while chunk := connection.recv(65_536):
                    received += chunk
                return read_answer(received)
            except OSError:
                if not left:
                    raise
                time.sleep(pause)
                pause *= 2


def swallows_the_last(host, port, request, tries=3, timeout=1.0, pause=0.1):
    try:
        return ask_patiently(host, port, request, tries, timeout, pause)
    except OSError:
        return None


def only_os_errors(host, port, request, tries=3, timeout=1.0, pause=0.1):
    def once(host: str, port: int, request: Message, timeout: float) -> Message:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            connection.sendall(json.dumps(request).encode())
            with connection.makefile("rb") as stream:
                return json.loads(stream.read())

    return insist(once, host, port, request, tries, timeout, pause)


def same_pause(host, port, request, tries=3, timeout=1.0, pause=0.1):
    for left in reversed(range(tries)):
        try:
            return ask_once(host, port, request, timeout)
        except OSError:
            if not left:
                raise
            time.sleep(pause)


def add_rows(host: str, port: int, rows) -> tuple[int, list[tuple[int, str]]]:
    """Add contacts given as (line, name, mail)."""
    count, refused = 0, []
    for line, name, mail in rows:
        request = {"cmd": "add", "args": {"name": name, "mail": mail}}
        answer = ask_patiently(host, port, request)
        if answer["status"]:
            count += 1
        else:
            refused.append((line, answer["msg"]))
    return count, refused


def split_at_commas(host: str, port: int, path: Path):
    head, *lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    columns = head.split(",")
    rows = [
        (number, dict(zip(columns, line.split(","), strict=False)))
        for number, line in enumerate(lines, 2)
        if line
    ]
    if not {"name", "mail"} <= set(columns):
        raise ValueError(head)
    return add_rows(
        host,
        port,
        [(n, row.get("name", "").strip(), row.get("mail", "").strip()) for n, row in rows],
    )


def tidy(cell: str | None) -> str:
    return (cell or "").strip()


def read_rows(
    path: Path, encoding="utf-8-sig", required=("name", "mail"), tidied=tidy
) -> list[tuple[int, str, str]]:
    """Return the contacts as (line, name, mail), read well unless told otherwise."""
    with open(path, encoding=encoding, newline="") as file:
        rows = csv.DictReader(file)
        if not set(required) <= set(rows.fieldnames):
            raise ValueError("colonne absente")
        return [(rows.line_num, tidied(row["name"]), tidied(row["mail"])) for row in rows]


def mark_kept(host: str, port: int, path: Path):
    return add_rows(host, port, read_rows(path, "utf-8"))


def stops_at_a_refusal(host: str, port: int, path: Path):
    count = 0
    for line, name, mail in read_rows(path):
        accepted, refused = add_rows(host, port, [(line, name, mail)])
        if refused:
            return count, refused
        count += accepted
    return count, []


def record_numbers(host: str, port: int, path: Path):
    rows = read_rows(path)
    return add_rows(host, port, [(n, row[1], row[2]) for n, row in enumerate(rows, 1)])


def no_check_of_columns(host: str, port: int, path: Path):
    return add_rows(host, port, read_rows(path, required=()))


def spaces_kept(host: str, port: int, path: Path):
    return add_rows(host, port, read_rows(path, tidied=lambda cell: cell or ""))


def absent_cell(host: str, port: int, path: Path):
    return add_rows(host, port, read_rows(path, tidied=lambda cell: cell.strip()))


def add_one(host: str, port: int, name: str, mail: str) -> Message:
    return ask_patiently(host, port, {"cmd": "add", "args": {"name": name, "mail": mail}})


def sequential(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    return add_together(host, port, contacts, 1)


def a_thread_each(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    return add_together(host, port, contacts, len(contacts) or 1)


def not_joined(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    refused = {}
    slots = threading.Semaphore(workers)

    def add(name: str, mail: str) -> None:
        with slots:
            answer = add_one(host, port, name, mail)
        if not answer["status"]:
            refused[name] = answer["msg"]

    for contact in contacts.items():
        threading.Thread(target=add, args=contact).start()
    return refused


def lost_exception(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    refused = {}

    def add(name: str, mail: str) -> None:
        answer = add_one(host, port, name, mail)
        if not answer["status"]:
            refused[name] = answer["msg"]

    with ThreadPoolExecutor(workers) as pool:
        for contact in contacts.items():
            pool.submit(add, *contact)
    return refused


def all_the_answers(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda contact: add_one(host, port, *contact), contacts.items())
        return {name: answer["msg"] for name, answer in zip(contacts, answers, strict=True)}


def refusal_as_exception(host: str, port: int, contacts: dict[str, str], workers: int = 8):
    refused = add_together(host, port, contacts, workers)
    if refused:
        raise RuntimeError(next(iter(refused.values())))
    return refused


def line_of(number: object, request: Message) -> bytes:
    return json.dumps({**request, "version": 2, "id": number}).encode() + b"\n"


def read_line(stream) -> Message:
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise ConnectionError("l'autre a raccroché")
    return json.loads(line)


def one_by_one(host: str, port: int, requests: list[Message]) -> list[Message]:
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        answers = []
        for number, request in enumerate(requests):
            stream.write(line_of(number, request))
            stream.flush()
            answers.append(read_line(stream))
        return answers


def a_connection_each(host: str, port: int, requests: list[Message]) -> list[Message]:
    return [one_by_one(host, port, [request])[0] for request in requests]


def arrival_order(host: str, port: int, requests: list[Message]) -> list[Message]:
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        stream.writelines(line_of(number, request) for number, request in enumerate(requests))
        stream.flush()
        return [read_line(stream) for _ in requests]


def no_flush(host: str, port: int, requests: list[Message]) -> list[Message]:
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        stream.writelines(line_of(number, request) for number, request in enumerate(requests))
        answers = [read_line(stream) for _ in requests]
        return sorted(answers, key=lambda answer: answer["id"])


def collect(host: str, port: int, lines: list[bytes], is_ours) -> dict[Any, Message]:
    """Send the lines; return the answers by `id`, as many as there are lines."""
    answers: dict[Any, Message] = {}
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        stream.writelines(lines)
        stream.flush()
        while len(answers) < len(lines):
            answer = read_line(stream)
            if is_ours(answer["id"]):
                answers[answer["id"]] = answer
    return answers


def same_id(host: str, port: int, requests: list[Message]) -> list[Message]:
    lines = [line_of(1, request) for request in requests]
    return list(collect(host, port, lines, lambda number: number == 1).values())


def counts_strangers(host: str, port: int, requests: list[Message]) -> list[Message]:
    lines = [line_of(number, request) for number, request in enumerate(requests)]
    answers = collect(host, port, lines, lambda number: True)
    return [answers[number] for number in sorted(answers, key=str) if number is not None]


def no_newline(host: str, port: int, requests: list[Message]) -> list[Message]:
    lines = [line_of(number, request).strip() for number, request in enumerate(requests)]
    answers = collect(host, port, lines, lambda number: number is not None)
    return [answers[number] for number in sorted(answers)]


def content_with_less(host: str, port: int, requests: list[Message]) -> list[Message]:
    answers = {}
    with (
        socket.create_connection((host, port), timeout=5) as connection,
        connection.makefile("rwb") as stream,
    ):
        stream.writelines(line_of(number, request) for number, request in enumerate(requests))
        stream.flush()
        for line in stream:
            answer = json.loads(line)
            if isinstance(answer["id"], int):
                answers[answer["id"]] = answer
            if len(answers) == len(requests):
                break
    return [answers[number] for number in sorted(answers)]


# Exercises

REFUSED = "le serveur répond non : `status` est faux"
SILENT = "le serveur se tait la première fois ; timeout = 1"
HANGS_UP = "le serveur raccroche sans répondre, puis au milieu de sa réponse, puis répond"
IN_PIECES = "la réponse arrive en petits morceaux"
DRIPS = "la réponse vient octet par octet, pendant plusieurs secondes ; timeout = 0.5, tries = 2"
NEVER = (
    "le serveur raccroche toujours ; tries = 4, pause = 0.2 : a-t-on attendu 0,2, 0,4 et 0,8 s ?"
)

ASK_PATIENTLY = Exercise(
    ask_patiently,
    label="ex-carnet-de-contacts-ask-patiently",
    hints=(
        "Séparez les deux soucis : une fonction qui tente une fois, une autre qui recommence. "
        "Qu'est-ce qui fait échouer une tentative ?",
        "Pour borner le tout, notez l'échéance, `deadline = time.monotonic() + timeout`, et "
        "appelez `connection.settimeout(deadline - time.monotonic())` avant chaque `recv`.",
        "Dans la boucle des tentatives : `try:`, `return` la réponse ; `except OSError:`, dormir "
        "`pause`, la doubler. La dernière tentative s'écrit après la boucle, sans `try`. Changez "
        "la `JSONDecodeError` d'une réponse coupée en `ConnectionError`.",
    ),
    cases=[
        Case(
            "le serveur répond aussitôt",
            lambda stage, f: patiently(stage, f, to_bytes(YES)),
            (YES, 1),
        ),
        Case(
            REFUSED,
            lambda stage, f: patiently(stage, f, to_bytes(NO)),
            (NO, 1),
        ),
        Case(
            IN_PIECES,
            lambda stage, f: patiently(
                stage,
                f,
                to_bytes(YES),
                network=BadNetwork(fragment=30, direction="server→client"),
                timeout=2.5,
            ),
            (YES, 1),
        ),
        Case(
            SILENT,
            lambda stage, f: patiently(stage, f, None, to_bytes(YES), timeout=1.0),
            (YES, 2),
        ),
        Case(
            HANGS_UP,
            lambda stage, f: patiently(stage, f, b"", to_bytes(YES)[:30], to_bytes(YES)),
            (YES, 3),
        ),
        Case(
            NEVER,
            lambda stage, f: timed(stage, f, pause=0.2, least=1.3),
            ("OSError", 4, True),
        ),
        Case(
            DRIPS,
            lambda stage, f: patiently(
                stage,
                f,
                to_bytes(NO),
                network=BadNetwork(fragment=1, delay=0.02, direction="server→client"),
                tries=2,
                timeout=0.5,
                pause=0.05,
            ),
            ("OSError", 2),
            limit=8,
        ),
    ],
    mistakes=[
        Mistake(
            "Le délai de `settimeout` vaut pour chaque attente, et chacune est courte : fixez une "
            "échéance, et donnez à chaque `recv` le temps qui reste.",
            settimeout_only,
            lambda failure: failure.case == DRIPS and failure.value[0] == NO,
        ),
        Mistake(
            "Un refus est une réponse : le réseau a marché, et le serveur dira encore non. "
            "Rendez-la telle quelle.",
            retries_a_refusal,
            lambda failure: failure.case == REFUSED and failure.value[1] > 1,
        ),
        Mistake(
            "Vous renvoyez la demande sur la même connexion, qui n'en accepte qu'une. Une "
            "tentative est une nouvelle connexion : ouvrez-la dans la boucle.",
            reuses_the_socket,
            lambda failure: failure.sent.count(b'"cmd"') > failure.value[1],
        ),
        Mistake(
            "Vous n'avez lu qu'un morceau de la réponse : appelez `recv` jusqu'à `b''`.",
            single_recv,
            lambda failure: (
                failure.case == IN_PIECES
                and (
                    isinstance(failure.error, json.JSONDecodeError) or failure.value[0] == "OSError"
                )
            ),
        ),
        Mistake(
            "La dernière erreur a disparu, et l'appelant ne sait pas que tout a échoué : "
            "laissez-la passer.",
            swallows_the_last,
            lambda failure: (
                failure.case in (NEVER, DRIPS)
                and failure.verdict == "faux"
                and failure.value is None
            ),
        ),
        Mistake(
            "Une réponse vide ou coupée lève `JSONDecodeError`, qui n'est pas une `OSError` : "
            "c'est un échec comme un autre, à rattraper et à réessayer.",
            only_os_errors,
            lambda failure: isinstance(failure.error, json.JSONDecodeError),
        ),
        Mistake(
            "Entre deux tentatives, on attend `pause` secondes, puis le double à chaque fois, et "
            "votre fonction est allée plus vite que cela.",
            same_pause,
            lambda failure: failure.case == NEVER and failure.value == ("OSError", 4, False),
        ),
    ],
)

COMMA = 'une virgule dans un nom : `"Durand, Ada"`'
MARK = "le fichier commence par la marque d'un tableur"
LINES = "deux refus, une ligne vide entre eux : quelles lignes ?"
SPACES = "des espaces autour des valeurs"
ABSENT = "une case absente : la ligne `Noé Girard`, sans virgule"
NO_COLUMN = "la colonne `mail` manque"

IMPORT_CONTACTS = Exercise(
    import_contacts,
    label="ex-carnet-de-contacts-import-contacts",
    hints=(
        "Le module `csv` sait lire les guillemets et les virgules, et nommer les colonnes : "
        "cherchez `DictReader`.",
        "Ouvrez le fichier par `open(path, encoding='utf-8-sig', newline='')`. "
        "`rows.fieldnames` donne les colonnes, `rows.line_num` la ligne où l'on en est.",
        "`for row in rows:` une demande `add` avec `(row['name'] or '').strip()`, et de même pour "
        "`mail`. Si `status` est vrai, un de plus ; sinon, ajoutez "
        "`(rows.line_num, answer['msg'])` aux refus, et continuez.",
    ),
    cases=[
        Case(
            "deux contacts",
            lambda stage, f: imported(stage, f, "name,mail\nAda,ada@a.fr\nNoé,noe@a.fr\n"),
            ((2, []), {"Ada": "ada@a.fr", "Noé": "noe@a.fr"}),
        ),
        Case(
            "d'autres colonnes, dans un autre ordre : `mail,tel,name`",
            lambda stage, f: imported(stage, f, "mail,tel,name\nada@a.fr,12,Ada\n"),
            ((1, []), {"Ada": "ada@a.fr"}),
        ),
        Case(
            COMMA,
            lambda stage, f: imported(stage, f, 'name,mail\n"Durand, Ada",ada@a.fr\n'),
            ((1, []), {"Durand, Ada": "ada@a.fr"}),
        ),
        Case(
            MARK,
            lambda stage, f: imported(stage, f, "name,mail\r\nAda,ada@a.fr\r\n", "utf-8-sig"),
            ((1, []), {"Ada": "ada@a.fr"}),
        ),
        Case(
            LINES,
            lambda stage, f: imported(
                stage, f, "name,mail\nAda,ada@a.fr\nNoé,\n\nLila,\nHugo,hugo@a.fr\n"
            ),
            ((2, [(3, NO_MAIL), (5, NO_MAIL)]), {"Ada": "ada@a.fr", "Hugo": "hugo@a.fr"}),
        ),
        Case(
            SPACES,
            lambda stage, f: imported(stage, f, "name,mail\n Lila Roux , lila@a.fr \n"),
            ((1, []), {"Lila Roux": "lila@a.fr"}),
        ),
        Case(
            ABSENT,
            lambda stage, f: imported(stage, f, "name,mail\nNoé Girard\nAda,ada@a.fr\n"),
            ((1, [(2, NO_MAIL)]), {"Ada": "ada@a.fr"}),
        ),
        Case(
            NO_COLUMN,
            lambda stage, f: imported(stage, f, "name,courriel\nAda,ada@a.fr\n"),
            ("ValueError", {}),
        ),
    ],
    mistakes=[
        Mistake(
            "Une virgule entre guillemets fait partie du nom. Laissez le module `csv` découper : "
            "`split(',')` ne connaît pas les guillemets.",
            split_at_commas,
            lambda failure: b'\\"Durand' in failure.sent,
        ),
        Mistake(
            "La marque du début s'est collée au nom de la première colonne : l'encodage "
            "`utf-8-sig` l'ôte, et lit aussi bien les fichiers qui n'en ont pas.",
            mark_kept,
            lambda failure: (
                failure.case == MARK
                and (isinstance(failure.error, KeyError) or "Ada" not in failure.value[1])
            ),
        ),
        Mistake(
            "Vous vous arrêtez au premier refus : notez-le, et passez à la ligne suivante.",
            stops_at_a_refusal,
            lambda failure: failure.case == LINES and len(failure.value[0][1]) == 1,
        ),
        Mistake(
            "Vous comptez les contacts, et l'on veut la ligne du fichier : l'en-tête est la "
            "ligne 1, et les lignes vides comptent. `rows.line_num` le sait.",
            record_numbers,
            lambda failure: (
                failure.case in (LINES, ABSENT)
                and {reason for _, reason in failure.value[0][1]} == {NO_MAIL}
            ),
        ),
        Mistake(
            "Une colonne absente doit lever `ValueError` avant tout ajout : regardez "
            "`rows.fieldnames`.",
            no_check_of_columns,
            lambda failure: failure.case == NO_COLUMN and failure.value != ("ValueError", {}),
        ),
        Mistake(
            "Ôtez les espaces autour du nom et de l'adresse, par `strip`.",
            spaces_kept,
            lambda failure: failure.case == SPACES and " Lila Roux " in failure.value[1],
        ),
        Mistake(
            "Une case absente vaut `None` pour `DictReader`, et `None` n'a pas de `strip` : "
            "`(row['mail'] or '')`.",
            absent_cell,
            lambda failure: isinstance(failure.error, AttributeError),
        ),
    ],
)

A_REFUSAL = "quatre contacts, dont un sans adresse"
AT_ONCE = "vingt contacts, un serveur lent, workers = 4 : combien de connexions à la fois ?"
ALL_IN = "trente contacts, un serveur lent : combien sont inscrits quand vous rendez la main ?"
NOBODY = "personne n'écoute sur ce port"

ADD_TOGETHER = Exercise(
    add_together,
    label="ex-carnet-de-contacts-add-together",
    hints=(
        "Écrivez d'abord une fonction qui ajoute un seul contact et rend la réponse. Ensuite, qui "
        "l'appelle, et à combien ?",
        "`with ThreadPoolExecutor(workers) as pool:` tient une équipe de `workers` threads, et "
        "attend les derniers en sortant. `pool.map(add, contacts.items())` leur distribue les "
        "contacts.",
        "`answers = list(pool.map(add, contacts.items()))` rend les réponses dans l'ordre des "
        "contacts, et lève ce qu'un thread a levé. `zip(contacts, answers)` remet les noms en "
        "face ; gardez ceux dont `status` est faux.",
    ),
    cases=[
        Case(
            "trois contacts",
            lambda stage, f: added(stage, f, crowd(3))[0],
            {},
        ),
        Case(
            A_REFUSAL,
            lambda stage, f: added(stage, f, {**crowd(3), "Sans adresse": ""})[0],
            {"Sans adresse": NO_MAIL},
        ),
        Case(
            AT_ONCE,
            lambda stage, f: added(stage, f, crowd(20), pause=0.08, workers=4)[1].most,
            Expect("de 2 à 4", lambda most: 2 <= most <= 4),
        ),
        Case(
            ALL_IN,
            lambda stage, f: len(added(stage, f, crowd(30), pause=0.08)[1].contacts),
            30,
        ),
        Case(
            "aucun contact",
            lambda stage, f: added(stage, f, {})[0],
            {},
        ),
        Case(
            NOBODY,
            added_to_nobody,
            Raises(OSError),
        ),
    ],
    mistakes=[
        Mistake(
            "Vos ajouts se suivent au lieu d'aller ensemble : le serveur n'a jamais vu qu'un "
            "client à la fois. Confiez-les à plusieurs threads.",
            sequential,
            lambda failure: failure.case == AT_ONCE and failure.value == 1,
        ),
        Mistake(
            "Vous ouvrez plus de `workers` connexions à la fois, et un serveur n'est pas fait pour "
            "la ruée : `ThreadPoolExecutor(workers)` tient la limite.",
            a_thread_each,
            lambda failure: failure.case == AT_ONCE and failure.value > 4,
        ),
        Mistake(
            "Vous rendez la main avant la fin : attendez chaque thread, par `join` ou en sortant "
            "d'un `with ThreadPoolExecutor(…)`.",
            not_joined,
            lambda failure: failure.case == ALL_IN and failure.value < 30,
        ),
        Mistake(
            "Le serveur est injoignable et votre fonction dit que tout va bien : l'exception est "
            "restée dans son thread. Demandez à chacun son résultat, ce que `map` fait pour vous.",
            lost_exception,
            lambda failure: failure.case == NOBODY and failure.value is not None,
        ),
        Mistake(
            "Rendez les refus, et eux seuls : ceux dont la réponse a un `status` faux.",
            all_the_answers,
            lambda failure: len(failure.value) in (3, 4),
        ),
        Mistake(
            "Un refus n'est pas une panne : il se range dans le dictionnaire, et "
            "n'arrête personne.",
            refusal_as_exception,
            lambda failure: failure.case == A_REFUSAL and failure.verdict == "exception",
        ),
    ],
)

AS_THEY_COME = "le serveur répond à chaque ligne aussitôt (et l'on compte les connexions)"
SHUFFLED = "le serveur attend les trois lignes, et répond dans le désordre"
STRANGERS = "des lignes qui ne répondent à rien se glissent entre les réponses"
HANGS_UP_EARLY = "le serveur raccroche après deux réponses sur trois"
HALF_A_LINE = "le serveur raccroche au milieu de la troisième réponse"


def lines_sent(failure: Failure) -> list[Message]:
    return [json.loads(line) for line in failure.sent.splitlines()]


ASK_ALL = Exercise(
    ask_all,
    label="ex-carnet-de-contacts-ask-all",
    hints=(
        "Deux boucles l'une après l'autre : la première écrit toutes les demandes, la seconde lit "
        "jusqu'à ce qu'il ne manque plus rien.",
        "Donnez pour `id` le rang de la demande, `for number, request in enumerate(requests)`, et "
        "rangez chaque réponse dans un dictionnaire : `answers[answer['id']] = answer`.",
        "Après la première boucle, `stream.flush()`. La seconde tourne tant que "
        "`len(answers) < len(requests)` : si la ligne lue ne finit pas par `b'\\n'`, levez "
        "`ConnectionError` ; si son `id` n'est pas un de vos rangs, passez à la suivante.",
    ),
    cases=[
        Case(
            AS_THEY_COME,
            lambda stage, f: asked(stage, f, prompt),
            (THEIR_ANSWERS, 1),
        ),
        Case(
            SHUFFLED,
            lambda stage, f: asked(stage, f, in_order(1, 2, 0)),
            (THEIR_ANSWERS, 1),
        ),
        Case(
            STRANGERS,
            lambda stage, f: asked(stage, f, in_order(0, 1, 2, strangers=True)),
            (THEIR_ANSWERS, 1),
        ),
        Case(
            IN_PIECES,
            lambda stage, f: asked(
                stage,
                f,
                in_order(2, 1, 0),
                network=BadNetwork(fragment=20, direction="server→client"),
            ),
            (THEIR_ANSWERS, 1),
        ),
        Case(
            "aucune demande",
            lambda stage, f: asked(stage, f, prompt, requests=[])[0],
            [],
        ),
        Case(
            HANGS_UP_EARLY,
            lambda stage, f: asked(stage, f, in_order(0, 1)),
            Raises(ConnectionError),
        ),
        Case(
            HALF_A_LINE,
            lambda stage, f: asked(stage, f, in_order(0, 1, 2, cut=True)),
            Raises(ConnectionError),
        ),
    ],
    mistakes=[
        Mistake(
            "Le serveur attend la fin de la ligne, et elle ne vient pas : ajoutez `b'\\n'` après "
            "chaque objet.",
            no_newline,
            lambda failure: failure.sent and b"\n" not in failure.sent,
        ),
        Mistake(
            "Rien n'est parti à temps : `write` remplit un tampon, `flush` l'envoie. Sans lui, "
            "chacun attend l'autre.",
            no_flush,
            lambda failure: not failure.received and len(lines_sent(failure)) in (0, 3),
        ),
        Mistake(
            "Vous ouvrez plusieurs connexions : une seule doit porter toutes les demandes.",
            a_connection_each,
            lambda failure: failure.case == AS_THEY_COME and failure.value[1] > 1,
        ),
        Mistake(
            "Vous attendez une réponse avant d'envoyer la demande suivante : écrivez-les toutes, "
            "puis lisez.",
            one_by_one,
            lambda failure: failure.case != AS_THEY_COME and len(lines_sent(failure)) == 1,
        ),
        Mistake(
            "Chaque demande doit porter un `id` à elle : sinon, comment savoir à laquelle le "
            "serveur répond ?",
            same_id,
            lambda failure: (
                len({line.get("id") for line in lines_sent(failure)}) < len(lines_sent(failure))
            ),
        ),
        Mistake(
            "Vous rendez les réponses dans l'ordre où elles arrivent : leur `id` dit à quelle "
            "demande elles répondent.",
            arrival_order,
            lambda failure: (
                failure.case in (SHUFFLED, IN_PIECES)
                and sorted(failure.value[0]) == sorted(THEIR_ANSWERS)
            ),
        ),
        Mistake(
            "Une ligne dont l'`id` n'est pas à vous ne compte pas : ignorez-la, et lisez la "
            "suivante.",
            counts_strangers,
            lambda failure: failure.case == STRANGERS,
        ),
        Mistake(
            "Il manque une réponse et personne ne le sait : levez `ConnectionError`, pour une "
            "ligne coupée comme pour une ligne absente.",
            content_with_less,
            lambda failure: failure.case in (HANGS_UP_EARLY, HALF_A_LINE),
        ),
    ],
)
