"""WebSocket 3006: sends each message back as it came, text as text, bytes as bytes."""

from websockets.asyncio.server import ServerConnection

from sandbox.serving.ws import log, main, send


async def echo(connection: ServerConnection) -> None:
    """Answer every message of one client, until it leaves."""
    async for message in connection:
        kind = "signes" if isinstance(message, str) else "octets"
        log(connection.remote_address[0], f"a envoyé {len(message)} {kind}")
        await send(connection, message)


if __name__ == "__main__":
    main("server_ws_echo", echo)
