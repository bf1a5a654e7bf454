"""The web server's application (RSGI): pages from the site, and under `/live/` the live channel's own process.

The live channel is reached through this port, so that browsers, cookies, policies and reverse proxies know of one
address only. Its bytes are passed on as they come. While its process is down `/live/` is 503, all else is as ever.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.running.site import Site

LIVE = {"/live/events/": ("GET",), "/live/watch/": ("POST",)}
PASSED_ON = ("cookie", "content-type", "last-event-id", "origin", "sec-fetch-site")
LONGEST_BODY = 2**16  # bytes that a page may say of itself
CONNECT_SECONDS = 5
BODY_SECONDS = 30
BLOCK = 2**14  # bytes passed on at once
DOWN = [("retry-after", "5"), ("cache-control", "no-store")]


class Front:
    """`__rsgi__` as granian calls it."""

    def __init__(self, site: Site, live_socket: Path):
        self.site = site
        self.live_socket = str(live_socket)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        if scope.proto != "http":
            proto.close(403)
        elif scope.path in LIVE:
            await self.live(scope, proto)
        else:
            await self.site(scope, proto)

    async def live(self, scope: Any, proto: Any) -> None:
        """Pass a request on to the live process, and its answer back for as long as both sides last."""
        if scope.method not in LIVE[scope.path]:
            return proto.response_empty(405, [("allow", ", ".join(LIVE[scope.path]))])
        body = await body_of(proto) if scope.method == "POST" else b""
        if body is None:
            return proto.response_empty(413, [])
        try:
            opening = asyncio.open_unix_connection(self.live_socket)
            reader, writer = await asyncio.wait_for(opening, CONNECT_SECONDS)
        except (OSError, TimeoutError):
            return proto.response_empty(503, DOWN)
        try:
            writer.write(request_of(scope, body))
            await answer(proto, reader)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def body_of(proto: Any) -> bytes | None:
    """What the client sends, whatever it says of its length; None for more, or slower, than a page has to say.

    Strangers send too.
    """
    body = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in proto:
                body += chunk
                if len(body) > LONGEST_BODY:
                    return None
            return body
    return None


def request_of(scope: Any, body: bytes) -> bytes:
    """HTTP/1.0, whose answers end with the connection. The path is one of ours and the query is still encoded."""
    query = f"?{scope.query_string}" if scope.query_string else ""
    lines = [f"{scope.method} {scope.path}{query} HTTP/1.0", "host: live", f"content-length: {len(body)}"]
    for name in PASSED_ON:
        if values := scope.headers.get_all(name):
            lines.append(f"{name}: {'; '.join(values)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


async def answer(proto: Any, reader: asyncio.StreamReader) -> None:
    """The live process's answer, until it ends or the client has gone."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (asyncio.IncompleteReadError, OSError):
        return proto.response_empty(503, DOWN)
    status = int(head[0].split(" ", 2)[1])
    pairs = [line.split(": ", 1) for line in head[1:] if ": " in line]
    headers = [(name, value) for name, value in pairs if name.lower() not in ("connection", "date", "server")]
    transport = proto.response_stream(status, headers)
    gone = asyncio.ensure_future(proto.client_disconnect())
    try:
        while True:
            reading = asyncio.ensure_future(reader.read(BLOCK))
            await asyncio.wait({reading, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                reading.cancel()
                return None
            if not (block := reading.result()):
                return None
            await transport.send_bytes(block)
    except Exception:  # either side may go at any moment; the browser asks again
        return None
    finally:
        gone.cancel()
