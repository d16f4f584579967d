"""What the servers stand on: connections, HTTP, WSGI, WebSocket, limits."""
