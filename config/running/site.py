"""The site, a WSGI application, behind a server that speaks RSGI: each request is answered by one thread of a few.

So the same port can carry the live channel, whose thousands of idle streams must not hold a thread each. What it costs
beside granian's own WSGI is in `docs/decisions/0008-one-port-for-pages-and-for-live-news.md`.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

BLOCK = 2**16  # bytes of a file sent at a time
SEND_SECONDS = 120  # a client that takes nothing for so long is gone
RECEIVE_SECONDS = 60  # one that sends nothing of what it promised, too: each holds a thread of a few


class Site:
    """`await site(scope, proto)` answers one request with the WSGI `application`."""

    def __init__(self, application: Callable, *, threads: int):
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="site")

    async def __call__(self, scope: Any, proto: Any) -> None:
        loop = asyncio.get_running_loop()
        environ = environ_of(scope, io.BufferedReader(Body(proto, loop), BLOCK))
        await loop.run_in_executor(self.threads, self._answer, environ, proto, loop)

    def _answer(self, environ: dict[str, Any], proto: Any, loop: asyncio.AbstractEventLoop) -> None:
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _problem: Any = None) -> None:
            begun[:] = [int(status.split(" ", 1)[0]), [(name, value.strip()) for name, value in headers]]

        body = self.application(environ, start_response)
        try:
            if getattr(body, "streaming", False) or isinstance(body, FileBlocks):
                _send(proto.response_stream(*begun), body, loop)
            else:
                proto.response_bytes(*begun, b"".join(body))
        finally:
            if close := getattr(body, "close", None):
                close()


def _send(transport: Any, body: Iterable[bytes], loop: asyncio.AbstractEventLoop) -> None:
    async def send(chunk: bytes) -> None:
        await transport.send_bytes(chunk)

    for chunk in body:
        if chunk:
            asyncio.run_coroutine_threadsafe(send(chunk), loop).result(SEND_SECONDS)


def environ_of(scope: Any, body: io.BufferedReader) -> dict[str, Any]:
    """PEP 3333 out of RSGI. Headers with an underscore are dropped: they could pass for those with a hyphen."""
    name, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBlocks,
    }
    for header in scope.headers.keys():  # noqa: SIM118  no mapping, though it looks like one
        if "_" in header:
            continue
        key = header.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        environ[key] = ("; " if header == "cookie" else ",").join(scope.headers.get_all(header))
    return environ


class Body(io.RawIOBase):
    """What the client sends, read by a thread while it arrives, and never more than is asked for."""

    def __init__(self, proto: Any, loop: asyncio.AbstractEventLoop):
        self.proto, self.loop = proto, loop
        self.chunks: Any = None
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest:
            waiting = asyncio.run_coroutine_threadsafe(self._next(), self.loop)
            try:
                chunk = waiting.result(RECEIVE_SECONDS)
            except TimeoutError:  # Django says that the request cannot be read, and the thread is free again
                waiting.cancel()
                raise
            if chunk is None:
                return 0
            self.rest = memoryview(chunk)
        size = min(len(buffer), len(self.rest))
        buffer[:size] = self.rest[:size]
        self.rest = self.rest[size:]
        return size

    async def _next(self) -> bytes | None:
        if self.chunks is None:
            self.chunks = self.proto.__aiter__()
        try:
            return await self.chunks.__anext__()
        except StopAsyncIteration:
            return None


class FileBlocks:
    """PEP 3333's file wrapper: a file in blocks of our size, whatever the application had thought of."""

    def __init__(self, file: Any, _size: int = BLOCK):
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(BLOCK), b"")
