"""What the lessons of *Programmes coopérants* run on: ``from sandbox import start``."""

from sandbox.launcher import Server, ServerError, start

__all__ = ["Server", "ServerError", "start"]
