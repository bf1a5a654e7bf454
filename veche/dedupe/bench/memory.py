"""How much memory a process and those that it started have together, at the most: pages that they share count once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

_PROCESSES = Path("/proc")
_SECONDS = 0.5  # between two looks


@contextmanager
def watching() -> Iterator[list[float]]:
    """The greatest number of megabytes meanwhile, as the only item; 0 where the system does not tell it."""
    peak, ended = [0.0], Event()

    def watch() -> None:
        while not ended.wait(_SECONDS):
            peak[0] = max(peak[0], used())

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()
        peak[0] = max(peak[0], used())


def used() -> float:
    """Megabytes that this process and its children have now; 0 where the system does not tell it."""
    own = str(os.getpid())
    children = [child for path in _PROCESSES.glob(f"{own}/task/*/children") for child in _told(path).split()]
    lines = (
        line for each in (own, *children) for line in _told(_PROCESSES / each / "smaps_rollup").splitlines()
    )
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _told(path: Path) -> str:
    with suppress(OSError):  # one that has just ended
        return path.read_text(encoding="ascii", errors="replace")
    return ""
