"""What clients send, taken in before anybody works on it: a thread of the site waits for nobody.

Up to `IN_MEMORY` it stays in memory, more goes to a temporary file. Strangers send too, so a body has a largest size, a
slowest pace and a longest silence, and all bodies of a process together have a room of their own on the disk. On a disk
that is nearly full nothing is kept of files: the site then refuses them with a sentence, before it looks at them.
"""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO, Any

from veche.core import room

IN_MEMORY = 2**18  # bytes
LARGEST = 2**29  # bytes of one body; a spreadsheet may have less (exchange says how much)
ROOM = 2**31  # bytes of all bodies that a process is being sent at once
SILENCE = 30.0  # seconds without a byte after which the client is gone
GRACE = 20.0  # seconds before its pace counts
PACE = 4096  # bytes a second, slower than the worst of telephones


class Refused(Exception):
    """It is not taken in; `status` says why: 408 too slow, 413 too much, 503 too much at once, 507 the disk is full."""

    def __init__(self, status: int):
        self.status = status


class Intake:
    """The bodies of one process. `async with intake.body(proto) as file`."""

    def __init__(self) -> None:
        self.held = 0

    def body(self, proto: Any, promised: int = 0, *, files: bool = False) -> _Body:
        """What `proto` sends, of which so many bytes are `promised`; `files` when it is a form with files."""
        return _Body(self, proto, promised, files)


class _Body:
    def __init__(self, intake: Intake, proto: Any, promised: int, files: bool):
        self.intake, self.proto, self.promised, self.files = intake, proto, promised, files
        self.size = 0
        self.falls = False  # the rest is let fall
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by __aexit__

    async def __aenter__(self) -> IO[bytes]:
        try:
            self._check(self.promised)
            await self._take()
        except BaseException:
            self._let_go()
            raise
        self.file.seek(0)
        return self.file

    async def __aexit__(self, *_failure: object) -> None:
        self._let_go()

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(SILENCE) as limit:
                async for chunk in self.proto:
                    self._keep(chunk)
                    patience = began + GRACE + self.size / PACE
                    limit.reschedule(min(loop.time() + SILENCE, patience))
        except TimeoutError:
            raise Refused(408) from None
        except OSError as error:
            if room.is_full(error):
                raise Refused(507) from None
            raise

    def _keep(self, chunk: bytes) -> None:
        self._check(len(chunk))
        if self.size <= IN_MEMORY < self.size + len(chunk) and room.is_short():
            if not self.files:
                raise Refused(507)
            self.falls = True
        self.size += len(chunk)
        self.intake.held += len(chunk)
        if not self.falls:
            self.file.write(chunk)

    def _check(self, more: int) -> None:
        if self.size + more > LARGEST:
            raise Refused(413)
        if self.intake.held + more > ROOM:
            raise Refused(503)

    def _let_go(self) -> None:
        self.intake.held -= self.size
        self.size = 0
        self.file.close()
