"""Work done ahead: while the database takes in one portion, the next is read in a thread."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
PATIENCE = 0.2  # seconds between two looks whether anybody still wants it


def ahead(items: Iterator[Item], *, most: int = 2) -> Iterator[Item]:
    """The same items, with up to `most` of them made beforehand. What making them raises is raised here.

    The thread ends when the items do, or soon after nobody asks for more.
    """
    made: queue.Queue[tuple[bool, Any]] = queue.Queue(most)
    over = threading.Event()

    def put(told: tuple[bool, Any]) -> bool:
        while not over.is_set():
            try:
                made.put(told, timeout=PATIENCE)
                return True
            except queue.Full:
                continue
        return False

    def make() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:
            put((False, error))

    # with the reader's language, in which a refusal is told
    thread = threading.Thread(target=contextvars.copy_context().run, args=(make,), name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            more, item = made.get()
            if more:
                yield item
            elif item is None:
                return
            else:
                raise item
    finally:
        over.set()
        thread.join()
