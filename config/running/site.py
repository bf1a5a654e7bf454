"""The site, a WSGI application, behind a server that speaks RSGI: each request is answered by one thread of a few.

So the same port can carry the live channel, whose thousands of idle streams must not hold a thread each; and a request
has arrived whole before it takes a thread, however slowly it comes (`bodies.py`). What it costs beside granian's own
WSGI is in `docs/decisions/0008-one-port-for-pages-and-for-live-news.md`.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from config.running.bodies import Intake, Refused

BLOCK = 2**16  # bytes of a file sent at a time
SEND_SECONDS = 120  # a client that takes nothing for so long is gone


class Site:
    """`await site(scope, proto)` answers one request with the WSGI `application`."""

    def __init__(self, application: Callable, *, threads: int):
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="site")
        self.intake = Intake()

    async def __call__(self, scope: Any, proto: Any) -> None:
        loop = asyncio.get_running_loop()
        if not _sends(scope):
            environ = environ_of(scope, io.BytesIO())
            return await loop.run_in_executor(self.threads, self._answer, environ, proto, loop)
        try:
            async with self.intake.body(proto, _promised(scope), files=_has_files(scope)) as body:
                environ = environ_of(scope, body)
                await loop.run_in_executor(self.threads, self._answer, environ, proto, loop)
        except Refused as refused:
            proto.response_empty(refused.status, [("connection", "close")])

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


def _sends(scope: Any) -> bool:
    """Whether a body may come: a reading request says so beforehand, others end it at once when they have none."""
    told = _promised(scope) > 0 or bool(scope.headers.get_all("transfer-encoding"))
    return told or scope.method not in ("GET", "HEAD")


def _has_files(scope: Any) -> bool:
    return any(kind.startswith("multipart/") for kind in scope.headers.get_all("content-type"))


def _promised(scope: Any) -> int:
    length = (scope.headers.get_all("content-length") or ["0"])[0]
    return int(length) if length.isdecimal() and len(length) < 19 else 0


def environ_of(scope: Any, body: IO[bytes]) -> dict[str, Any]:
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


class FileBlocks:
    """PEP 3333's file wrapper: a file in blocks of our size, whatever the application had thought of."""

    def __init__(self, file: Any, _size: int = BLOCK):
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(BLOCK), b"")
