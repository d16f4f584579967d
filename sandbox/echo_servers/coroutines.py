"""One thread for all again, but asyncio keeps the accounts: each ``await`` lets the others on."""

import asyncio

from listening import QUEUE, listen


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
    except OSError:
        pass  # the client left in the middle: its loss
    finally:
        writer.close()


async def main() -> None:
    # Without `backlog`, asyncio would shorten the queue of this very socket.
    server = await asyncio.start_server(converse, sock=listen("coroutines"), backlog=QUEUE)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
