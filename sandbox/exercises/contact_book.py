"""Solutions of lesson 05: clients of the address book for bad days and crowds."""

import csv
import io
import json
import os
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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
