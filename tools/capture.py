"""Take again `sandbox/captures/bonjour.pcap`: ``unshare -rn python -m tools.capture`` (Linux).

Two network namespaces, joined by a virtual Ethernet cable (veth), stand for two machines: the
frames are those that the system's own stack puts on it, with addresses chosen to be easy to read.
Lessons read the file: capturing needs rights that students do not have.
"""

import socket
import subprocess
import sys
import time

import dpkt

from tools import ROOT

FILE = ROOT / "sandbox" / "captures" / "bonjour.pcap"
CLIENT, SERVER = "192.168.1.20", "192.168.1.10"
CLIENT_MAC, SERVER_MAC = "02:00:00:00:00:20", "02:00:00:00:00:10"
CLIENT_PORT, SERVER_PORT = 49200, 3000
ALL_FRAMES = 3  # ETH_P_ALL, <linux/if_ether.h>
SERVE = f"""
import os, subprocess, sys
for command in sys.argv[1:]:
    assert sys.stdin.readline()
    subprocess.run(command.split(), check=True)
os.execv(sys.executable, [sys.executable, "-m", "sandbox.server_socket_tcp",
                          "--host", "{SERVER}", "--port", "{SERVER_PORT}"])
"""


def ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)


def connect_two_machines() -> subprocess.Popen:
    """Lay the cable, and start the server at its other end."""
    up = (f"ip addr add {SERVER}/24 dev right", "ip link set right up")
    server = subprocess.Popen(
        ["unshare", "-n", sys.executable, "-c", SERVE, *up],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    ip(f"link add left address {CLIENT_MAC} type veth peer name right address {SERVER_MAC}")
    time.sleep(1)  # unshare has made its namespace by then
    ip(f"link set right netns {server.pid}")
    ip(f"addr add {CLIENT}/24 dev left")
    ip("link set left up")
    server.stdin.write("\n" * len(up))
    server.stdin.flush()
    server.stdout.readline()  # « listening on … »
    return server


def talk() -> None:
    """Do the four gestures of lesson 03, from a port that is easy to recognise."""
    with socket.socket() as client:
        client.bind((CLIENT, CLIENT_PORT))
        client.connect((SERVER, SERVER_PORT))
        client.sendall(b"Bonjour !\n")
        while client.recv(4096):
            pass


def main() -> None:
    server = connect_two_machines()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_FRAMES)) as sniffer:
        sniffer.bind(("left", 0))
        sniffer.settimeout(1)
        talk()
        frames = []
        try:
            while True:
                frames.append(sniffer.recv(65536))
        except TimeoutError:
            server.terminate()
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("wb") as file:
        writer = dpkt.pcap.Writer(file)
        for number, frame in enumerate(frames):
            if dpkt.ethernet.Ethernet(frame).type != dpkt.ethernet.ETH_TYPE_IP6:
                writer.writepkt(frame, ts=number)


if __name__ == "__main__":
    main()
