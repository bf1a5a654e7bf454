"""Entries of the ledger about what happened before they were written: a demonstration's past, a history brought along.

They have their own moment and the number of the transaction that writes them: subscribers hear of them in order, as of
anything else, and the timeline shows them where they belong.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import connection

from veche.core.action import leave_trace, unchanged
from veche.core.actor import Actor
from veche.core.ledger import CHANNEL, Event


@dataclass(frozen=True, slots=True)
class PastEntry:
    """`event` happened at `at`, by a user or, for None, by the machine itself."""

    at: dt.datetime
    actor_id: int | None
    event: Event


def copy_past(entries: Sequence[PastEntry], *, by: Actor) -> int:
    """Write entries inside the running transaction; months that have no partition yet get one."""
    if not entries:
        unchanged()
        return 0
    columns = "at, kind, actor_id, via, request_id, contact_id, object_kind, object_id, data"
    with connection.cursor() as sql:
        _make_months(min(entry.at for entry in entries))
        request_id = str(by.request_id)
        with sql.copy(f"COPY core_ledger ({columns}) FROM STDIN") as copy:
            for entry in sorted(
                entries, key=attrgetter("at")
            ):  # month by month, as partitions and their indexes lie
                event = entry.event
                copy.write_row(
                    (entry.at, event.kind, entry.actor_id, by.via, request_id, event.contact_id, event.object_kind,
                     event.object_id, json.dumps(event.data()))
                )  # fmt: skip
        sql.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    leave_trace(len(entries))
    return len(entries)


def _make_months(first: dt.datetime) -> None:
    """Partitions from the month of `first` on. One whose entries lie in the default partition already is left alone."""
    now = dt.datetime.now(dt.UTC)
    months = (now.year - first.year) * 12 + now.month - first.month + 1
    with connection.cursor() as sql:
        sql.execute("SELECT min(at) FROM core_ledger_rest")
        if sql.fetchone()[0] is None:
            sql.execute("SELECT core_ensure_ledger_months(%s, %s)", [first.date().replace(day=1), months])
