"""For every room's tests: what the ledger says."""

from __future__ import annotations

from django.db import connection

from veche.core.ledger import COLUMNS, Entry, entries


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
