"""Work on one chunk of rows by two connections at once."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, TypeVar

from django.db import connection, transaction

WORTH_LANES = 2000  # rows of a chunk for which a second connection pays

Answer = TypeVar("Answer")


class Lanes:
    """Two connections that work on one chunk together: PostgreSQL then has two processors for it.

    A small chunk is worked on by one, in one transaction with the job's cursor. So is any within a transaction that is
    open already, for another connection would not see what it has written.
    """

    def __init__(self, size: int) -> None:
        self.count = 2 if size >= WORTH_LANES and not connection.in_atomic_block else 1

    def __enter__(self) -> Lanes:
        self._other = ThreadPoolExecutor(1, "lane") if self.count > 1 else None
        return self

    def __exit__(self, *_error: object) -> None:
        if self._other:
            self._other.submit(connection_of_thread_ends).result()
            self._other.shutdown()

    def transaction(self) -> AbstractContextManager[None]:
        return nullcontext() if self._other else transaction.atomic()

    def run(self, work: Callable[..., Answer], **given: Any) -> list[Answer]:
        """Do `work` for each lane at once and return their answers; all have ended when it returns or raises."""
        if not self._other:
            return [work(**given, lane=0, lanes=1)]
        context = contextvars.copy_context()
        beside = self._other.submit(context.run, partial(work, **given, lane=1, lanes=2))
        try:
            answer = work(**given, lane=0, lanes=2)
        finally:
            wait([beside])
        return [answer, beside.result()]


def connection_of_thread_ends() -> None:
    """Give back the connection of the thread that calls this."""
    connection.close()


def commit_without_waiting() -> None:
    """The running transaction need not wait for the disk at its end.

    For what a later transaction of the same job completes: a crash of the machine takes transactions from the end, so
    never this one without the job's cursor after it, and the rows are worked on again.
    """
    with connection.cursor() as sql:
        sql.execute("SET LOCAL synchronous_commit = off")
