"""For every room's tests: what the ledger says."""

from __future__ import annotations

from django.db import connection


def kinds_published() -> list[str]:
    """The kinds of all ledger entries that this test can see, in the order of writing."""
    with connection.cursor() as sql:
        sql.execute("SELECT kind FROM core_ledger ORDER BY id")
        return [kind for (kind,) in sql.fetchall()]
