"""The one table of the course's ports: who listens where unless told otherwise.

Port 5000, Flask's default, is left out on purpose: AirPlay holds it on macOS.
"""

SERVERS = {
    "server_socket_tcp": 3000,
    "server_contact": 3001,
    "server_web_site": 3002,
    "server_http_random": 3003,
    "server_http_echo": 3004,
}

LOOPBACK = "127.0.0.1"
