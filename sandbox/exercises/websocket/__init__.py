"""Our solutions by their names: copies of the lesson import them from here."""

from sandbox.exercises.websocket.converse import converse
from sandbox.exercises.websocket.create_counter import create_counter
from sandbox.exercises.websocket.shout import shout

__all__ = ["converse", "create_counter", "shout"]
