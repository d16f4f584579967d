"""See what goes over the wire, and break it on purpose: ``from sandbox import wiretap``."""

from sandbox.wire.network import BadNetwork
from sandbox.wire.recording import Connection, Event, Exchange
from sandbox.wire.relay import Wiretap, wiretap

__all__ = ["BadNetwork", "Connection", "Event", "Exchange", "Wiretap", "wiretap"]
