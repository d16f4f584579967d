"""demo1: the smallest Flask application."""

import pytest

from sandbox.running.catalogue import DEMO_FOLDER
from sandbox.running.demos import load_demo


@pytest.fixture
def client():
    return load_demo("demo1").app.test_client()


def test_is_six_lines_long():
    code = (DEMO_FOLDER / "demo1" / "app.py").read_text("utf-8")
    assert len([line for line in code.splitlines() if line.strip()]) == 6


def test_greets(client):
    assert client.get("/").text.startswith("Bonjour\N{NO-BREAK SPACE}!")


def test_has_nothing_else(client):
    assert client.get("/rien").status_code == 404


def test_only_reads(client):
    answer = client.post("/")
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}
