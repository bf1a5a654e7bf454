"""For every room's tests: what the ledger says, and two people doing something at once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, transaction

from veche.core.ledger import COLUMNS, Entry, entries

Answer = TypeVar("Answer")


def kinds_published() -> list[str]:
    """The kinds of all ledger entries that this test can see, in the order of writing."""
    with connection.cursor() as sql:
        sql.execute("SELECT kind FROM core_ledger ORDER BY id")
        return [kind for (kind,) in sql.fetchall()]


def published(kind: str) -> list[Entry]:
    """The ledger entries of one kind that this test can see, in the order of writing."""
    with connection.cursor() as sql:
        sql.execute(f"SELECT {COLUMNS} FROM core_ledger WHERE kind = %s ORDER BY id", [kind])
        return entries(sql.fetchall())


def in_the_same_instant(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do `second` while what `first` wrote is not committed yet; returns what `second` returned or raised.

    Each has a connection of its own. `first` is committed once `second` waits for it, or has ended without waiting.
    For tests that commit.
    """
    outcome: list[Any] = []
    other = threading.Thread(target=lambda: outcome.append(_alone(second)))
    with transaction.atomic():
        first()
        other.start()
        until = time.monotonic() + 10
        while other.is_alive() and not _somebody_waits_for_us() and time.monotonic() < until:
            time.sleep(0.01)
    other.join()
    return outcome[0]


def at_once(number: int, deed: Callable[[], Any]) -> list[Any]:
    """`number` threads do `deed` at once, each on a connection of its own; what each returned or raised."""
    start, outcomes = threading.Barrier(number), []

    def do() -> None:
        connection.ensure_connection()
        start.wait()
        outcomes.append(_alone(deed))

    threads = [threading.Thread(target=do) for _n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _alone(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except Exception as error:
        return error
    finally:
        connection.close()


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return sql.fetchone()[0]


def run_async(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What a coroutine gives, from a loop of its own: in this thread Playwright may have left one running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
