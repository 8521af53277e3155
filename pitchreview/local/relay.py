"""A small TCP relay: lets other machines reach one port of 127.0.0.1 and nothing else of it.

python -m pitchreview.local.relay HOST PORT TARGET_PORT
"""

import asyncio
import contextlib
import sys

CHUNK = 256 * 1024  # bytes per read: large uploads pass through here


async def relay(host: str, port: int, target_port: int) -> None:
    """Serve until cancelled."""

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _connect(reader, writer, target_port)

    server = await asyncio.start_server(welcome, host, port, limit=CHUNK)
    async with server:
        await server.serve_forever()


async def _connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target_port: int) -> None:
    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target_port, limit=CHUNK)
    except OSError:
        writer.close()  # the object store is being restarted: the browser tries again
        return
    with contextlib.closing(writer), contextlib.closing(inner_writer):
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on until the end of this direction; the slower side sets the pace."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()  # one side broke off: so does the other


def main(arguments: list[str]) -> None:
    host, port, target_port = arguments
    asyncio.run(relay(host, int(port), int(target_port)))


if __name__ == "__main__":
    main(sys.argv[1:])
