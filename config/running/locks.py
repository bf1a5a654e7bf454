"""Locks between processes of one machine: flock, which the system lets go of when their holder is killed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def take(path: Path, *, shared: bool = False, wait: bool = True) -> IO | None:
    """The open lock file, or None when somebody else holds it and we were not to wait. Closing it lets go."""
    file = path.open("a+")
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        file.close()
        return None
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait for the lock, hold it for the block."""
    with take(path):
        yield
