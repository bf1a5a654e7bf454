"""Large files read by several processes: one cuts blocks of whole elements, others make lines for COPY of them.

The others have no connection and no state but what they are given. Each ends when its parent does, even by kill -9: a
thread of it waits on the parent's sentinel.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection as pipes

from veche.addresses.register.elements import Made, Making
from veche.addresses.register.matching import Matcher
from veche.addresses.register.rows import Intake

PROCESSES = 2
IN_WORK = 3  # blocks that each has before it at most
LARGE = 96 * 2**20  # bytes of XML, from which it pays to start them

_matchers: dict[str, Matcher] = {}
_intake: Intake | None = None


def may_help() -> bool:
    """Whether there is a second processor to work on."""
    return len(os.sched_getaffinity(0)) > 1


@contextmanager
def crew(matchers: dict[str, Matcher], intake: Intake) -> Iterator[Crew]:
    """Processes that read the tables of `matchers`; what `intake` knows is what they know to the end."""
    pool = ProcessPoolExecutor(
        PROCESSES, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(matchers, intake)
    )
    try:
        yield Crew(pool)
    finally:
        pool.shutdown(cancel_futures=True)


class Crew:
    """Processes at work."""

    def __init__(self, pool: ProcessPoolExecutor):
        self.pool = pool

    def making(self, table: str) -> Making:
        """What `elements.Reader.blocks` asks for lines instead of rows."""

        def made(texts: Iterator[bytes]) -> Iterator[Made]:
            begun: deque[Future[Made]] = deque()
            for text in texts:
                begun.append(self.pool.submit(_made, table, text))
                if len(begun) >= PROCESSES * IN_WORK:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()

        return made


def _begin(matchers: dict[str, Matcher], intake: Intake) -> None:
    global _intake
    _matchers.update(matchers)
    _intake = intake
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
        gc.disable()  # rows leave no cycles


def _end_with(sentinel: int) -> None:
    pipes.wait([sentinel])
    os._exit(1)


def _made(table: str, text: bytes) -> Made:
    matched = _matchers[table].match(text)
    if matched is None or _intake is None:
        return None
    rows, seen = matched
    return {name: [b"".join(lines)] for name, lines in _intake.lines(table, rows).items()}, seen
