"""Subscribers: reactions to what happened, after its commit, in batches.

    @subscriber("contacts.recount_campaigns", kinds={"contacts.membership_added"})
    def recount_campaigns(entries: list[Entry]) -> None: ...

Each has its own stored cursor. A cursor never skips a row whose transaction commits late: rows are read in the order
(transaction id, row id), and only of transactions older than the snapshot's xmin, all of which have ended
(PostgreSQL, "System Information Functions": pg_snapshot_xmin). The cursor moves in the same transaction as the
subscriber's own writes; whatever it does outside may happen twice, so a subscriber is harmless when it runs twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from veche.core.ledger import COLUMNS, Entry, entries
from veche.core.models import Cursor

log = logging.getLogger(__name__)

LONGEST_PAUSE = 600  # seconds between two tries of a failing subscriber


@dataclass(frozen=True)
class Subscriber:
    name: str
    kinds: frozenset[str] | None
    batch: int
    react: Callable[[list[Entry]], None]


SUBSCRIBERS: dict[str, Subscriber] = {}


def subscriber(name: str, *, kinds: Collection[str] | None = None, batch: int = 1000):
    """Register a function that gets lists of at most `batch` ledger entries of these `kinds` (None: all), in order."""

    def register(react: Callable[[list[Entry]], None]):
        if name in SUBSCRIBERS and SUBSCRIBERS[name].react.__qualname__ != react.__qualname__:
            raise TypeError(f"Two subscribers are called {name}.")
        SUBSCRIBERS[name] = Subscriber(name, frozenset(kinds) if kinds is not None else None, batch, react)
        return react

    return register


def deliver_all(*, until_quiet: bool = True) -> int:
    """Let every subscriber read what is new; returns how many entries were delivered. Safe to run in two processes."""
    delivered, behind = 0, _behind()
    for each in list(SUBSCRIBERS.values()):
        before = delivered
        while each.name in behind and (count := deliver(each)):
            delivered += count
            if not until_quiet or count < each.batch:
                break
        if delivered > before:
            behind = _behind()  # its reaction may be news for those that come after it
    return delivered


def _behind() -> set[str]:
    """Those for whom something may have happened. A quiet base is asked this once, not seven times for each of them,
    and no cursor is written for nothing."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT place.name, (place.xid::text::xid8, place.entry) < (newest.xid, newest.id)
            FROM core_cursor AS place LEFT JOIN (
                SELECT xid, id FROM core_ledger WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY xid DESC, id DESC LIMIT 1
            ) AS newest ON true
            """
        )
        known = dict(sql.fetchall())
    return {name for name in SUBSCRIBERS if known.get(name, True)}


def deliver(each: Subscriber) -> int:
    """Give `each` its next batch; 0 when there is none, when another process holds its cursor or when it failed."""
    try:
        with transaction.atomic():
            cursor = _claim(each.name)
            if cursor is None:
                return 0
            batch, reached = _next(each, cursor)
            if batch:
                each.react(batch)
            if batch or (cursor.xid, cursor.entry) < reached:
                cursor.xid, cursor.entry = reached
                cursor.failures, cursor.error, cursor.retry_at = 0, "", None
                cursor.save()
            return len(batch)
    except Exception as error:
        log.exception("subscriber %s failed", each.name)
        _remember_failure(each.name, error)
        return 0


def _claim(name: str) -> Cursor | None:
    Cursor.objects.bulk_create([Cursor(name=name)], ignore_conflicts=True)
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if cursor and cursor.retry_at and cursor.retry_at > timezone.now():
        return None
    return cursor


def _next(each: Subscriber, cursor: Cursor) -> tuple[list[Entry], tuple[int, int]]:
    """The next entries, and the position reached by reading them: (transaction id, entry id)."""
    kinds = "" if each.kinds is None else "AND kind = ANY(%(kinds)s)"
    params = {
        "xid": str(cursor.xid),
        "entry": cursor.entry,
        "limit": each.batch,
        "kinds": list(each.kinds or ()),
    }
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        params["horizon"] = sql.fetchone()[0]
        sql.execute(
            f"""
            SELECT {COLUMNS}, xid::text FROM core_ledger
            WHERE (xid, id) > (%(xid)s::xid8, %(entry)s) AND xid < %(horizon)s::xid8 {kinds}
            ORDER BY xid, id LIMIT %(limit)s
            """,
            params,
        )
        rows = sql.fetchall()
    if len(rows) < each.batch:  # nothing older than the horizon is left, and nothing will be added there
        return entries(rows), (int(params["horizon"]), 0)
    return entries(rows), (int(rows[-1][-1]), rows[-1][0])


def _remember_failure(name: str, error: Exception) -> None:
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().filter(name=name).first() or Cursor(name=name)
        cursor.failures += 1
        cursor.error = f"{type(error).__name__}: {error}"[:2000]
        cursor.retry_at = timezone.now() + dt.timedelta(seconds=min(LONGEST_PAUSE, 2**cursor.failures))
        cursor.save()


def lagging() -> list[tuple[str, int, str]]:
    """(name, failures, error) of the subscribers that failed at their last try. For ``veche doctor``."""
    return list(Cursor.objects.filter(failures__gt=0).values_list("name", "failures", "error"))


def cursors_ahead() -> list[str]:
    """Subscribers whose cursor is ahead of this server's transaction ids, as after a restore into a new cluster."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        newest = int(sql.fetchone()[0])
    return list(Cursor.objects.filter(xid__gt=newest).values_list("name", flat=True))
