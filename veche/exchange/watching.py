"""The watched folder as files: which have come whole, how one is opened, and how it leaves. Knows nothing of imports.

Everything goes through the descriptor of the folder and follows no link, so that nobody who may write there makes the
server read or replace a file elsewhere.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import BinaryIO

log = logging.getLogger(__name__)
DONE, FAILED = "done", "failed"
SETTLED = 60  # seconds for which nobody has written to a file that is whole
ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")
_MAKESHIFT = ("~$", "~", ".", "_part")  # how programs call what they are still writing


class Folder:
    """The folder and its `done` and `failed`, which are made where they are not there. Close it after use."""

    def __init__(self, path: str) -> None:
        """OSError where it is no folder, or where it cannot be read and written to."""
        self.fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        os.close(self.fd)

    def settled(self) -> Iterator[str]:
        """The names of whole spreadsheets that lie there, in order: no links, no folders, nothing half written."""
        before = time.time() - SETTLED
        for name in sorted(os.listdir(self.fd)):
            if name.lower().endswith(ENDINGS) and not name.startswith(_MAKESHIFT) and _is_text(name):
                with suppress(OSError):
                    found = os.stat(name, dir_fd=self.fd, follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode) and max(found.st_mtime, found.st_ctime) < before:
                        yield name

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """The file to be read; OSError for a link, and for what is no plain file or is gone."""
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self.fd)
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(f"{name} is no plain file")
            yield file

    def digest(self, name: str) -> str:
        """The sha256 of the file, "" where it is gone or no plain file."""
        try:
            with self.opened(name) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ""

    def move(self, name: str, to: str, *, number: int, said: str = "") -> str:
        """Move the file into `to`, with `said` in a .txt beside it; returns where it lies now, below the folder.

        One that lies there under this name stays: the new one gets `number` into its name.
        """
        with suppress(FileExistsError):
            os.mkdir(to, 0o750, dir_fd=self.fd)
        place = os.open(to, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self.fd)
        try:
            path = PurePath(name)
            new = name if name not in os.listdir(place) else f"{path.stem} ({number}){path.suffix}"
            if said:
                self._write(place, f"{new}.txt", said)
            os.rename(name, new, src_dir_fd=self.fd, dst_dir_fd=place)
        finally:
            os.close(place)
        return f"{to}/{new}"

    @staticmethod
    def _write(place: int, name: str, said: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(name, flags, 0o640, dir_fd=place), "w", encoding="utf-8") as file:
            file.write(said + "\n")


def _is_text(name: str) -> bool:
    """Whether the name can be kept; one of bytes that are no text must not stop all others."""
    if not (known := name == os.fsencode(name).decode("utf-8", "replace")):
        log.warning("The folder of imports: the name of %a is no text; rename the file.", name)
    return known
