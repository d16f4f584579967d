"""A capture for Wireshark: the recorded connections as TCP/IP packets, written by dpkt.

Addresses, ports, sequence numbers and the opening packets are made up; the bytes, their order and
their relative times are those that passed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import dpkt

from sandbox.wire.recording import DIRECTIONS, TO_SERVER, Connection, Direction, Event

CLIENT_ADDRESS, SERVER_ADDRESS = b"\x7f\x00\x00\x02", b"\x7f\x00\x00\x01"
FIRST_CLIENT_PORT, SERVER_PORT = 49152, 8000
LINK_TYPE = 101  # packets begin with their IP header
MAX_SEGMENT = 1460  # bytes of data in a packet
SYN, ACK, PSH = dpkt.tcp.TH_SYN, dpkt.tcp.TH_ACK, dpkt.tcp.TH_PUSH
FIN, RST = dpkt.tcp.TH_FIN, dpkt.tcp.TH_RST


def capture(connections: list[Connection]) -> bytes:
    """Return a capture file (pcap) of all the connections."""
    packets = [packet for connection in connections for packet in _packets(connection)]
    output = io.BytesIO()
    writer = dpkt.pcap.Writer(output, linktype=LINK_TYPE)
    for time, packet in sorted(packets, key=lambda packet: packet[0]):
        writer.writepkt(packet, ts=time)
    return output.getvalue()


def _packets(connection: Connection) -> Iterator[tuple[float, bytes]]:
    """Yield the time of each packet, and its bytes."""
    to_server, to_client = DIRECTIONS
    following = {to_server: 1000, to_client: 5000}  # next sequence number of each side

    def packet(event: Event, direction: Direction, flags: int, data: bytes = b""):
        other = to_client if direction == to_server else to_server
        made = _packet(connection, direction, flags, following[direction], following[other], data)
        following[direction] += len(data) + bool(flags & (SYN | FIN))
        return event.time, made

    for event in list(connection.events):
        if event.kind == "opened":
            yield packet(event, to_server, SYN)
            yield packet(event, to_client, SYN | ACK)
            yield packet(event, to_server, ACK)
        elif event.kind == "data":
            for start in range(0, len(event.data), MAX_SEGMENT):
                segment = event.data[start : start + MAX_SEGMENT]
                yield packet(event, event.direction, PSH | ACK, segment)
        elif event.kind == "closed":
            yield packet(event, event.direction, FIN | ACK)
        elif event.kind != "silenced":
            yield packet(event, event.direction, RST | ACK)


def _packet(
    connection: Connection, direction: Direction, flags: int, seq: int, ack: int, data: bytes
) -> bytes:
    ports = FIRST_CLIENT_PORT + connection.number, SERVER_PORT
    addresses = CLIENT_ADDRESS, SERVER_ADDRESS
    way = 1 if direction == TO_SERVER else -1
    sport, dport = ports[::way]
    source, destination = addresses[::way]
    acknowledged = ack if flags & ACK else 0
    tcp = dpkt.tcp.TCP(
        sport=sport, dport=dport, seq=seq, ack=acknowledged, flags=flags, win=65535, data=data
    )
    ip = dpkt.ip.IP(src=source, dst=destination, p=dpkt.ip.IP_PROTO_TCP, data=tcp)
    ip.len = len(ip)
    return bytes(ip)
