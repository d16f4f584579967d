"""Our solutions by their names: copies of the lesson import them from here."""

from sandbox.exercises.client_tcp.ask_lines import ask_lines
from sandbox.exercises.client_tcp.exchange import exchange
from sandbox.exercises.client_tcp.read_exactly import read_exactly

__all__ = ["ask_lines", "exchange", "read_exactly"]
