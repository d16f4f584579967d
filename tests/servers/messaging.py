"""The messaging server's demonstration: its people's tokens, its application in this process."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from sandbox import server_messagerie
from sandbox.messagerie import create_app

ALICE, BOB, CHLOE, DRISS = "jeton-alice", "jeton-bob", "jeton-chloe", "jeton-driss"


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} | more


@contextlib.contextmanager
def demonstration(folder: Path) -> Iterator[Flask]:
    app = create_app(f"sqlite:///{folder / 'classe.db'}", **server_messagerie.DEMONSTRATION)
    service = app.extensions["messagerie"]
    server_messagerie.populate(service)
    yield app
    service.database.close()
