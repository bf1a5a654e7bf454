"""After a test that commits, the database is again as the migrations left it.

Django would truncate every table and save what the migrations shipped row by row: most of a second for each such test,
of which there are hundreds. Here only tables that the test has touched are put back, in a few milliseconds.
"""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

UNTOUCHED = "django_migrations"
PATIENCE = "60s"  # a statement of a request that the test did not wait for
LARGE = 2**20  # bytes of a table; what a test has left in a larger one would slow down the others
TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY 1
"""


class Shipped:
    """What all tables hold at the moment when this is made, and the way back to it."""

    def __init__(self) -> None:
        with connection.cursor() as sql:
            sql.execute(TABLES)
            self.tables = [name for (name,) in sql.fetchall() if name != UNTOUCHED]
            self.rows = {name: rows for name in self.tables if (rows := _rows(sql, name))}
            self._differs = " UNION ALL ".join(self._question(sql, name) for name in self.tables)

    def restore(self) -> list[str]:
        """Put back what differs, once everybody who writes has committed; returns the names of those tables."""
        with transaction.atomic(), connection.cursor() as sql:
            sql.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            sql.execute(f"LOCK TABLE {', '.join(self.tables)} IN EXCLUSIVE MODE")
            sql.execute(self._differs)
            touched = [name for (name,) in sql.fetchall()]
            if touched:
                # No trigger runs and no foreign key is asked, so the order does not matter.
                sql.execute("SET LOCAL session_replication_role = replica")
                sql.execute("; ".join(f"DELETE FROM {name}" for name in touched))
            for name in touched:
                if name in self.rows:
                    with sql.copy(f"COPY {name} FROM STDIN") as line:
                        line.write(self.rows[name])
        _shrink(touched)
        return touched

    def _question(self, sql: CursorWrapper, name: str) -> str:
        """SELECT the name of the table if it holds anything else than it should."""
        if name not in self.rows:
            return f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"
        now = f"(SELECT md5(string_agg(each::text, ',' ORDER BY each::text)) FROM {name} AS each)"
        sql.execute(f"SELECT {now}")
        return f"SELECT '{name}' WHERE {now} IS DISTINCT FROM '{sql.fetchone()[0]}'"


def _rows(sql: CursorWrapper, name: str) -> bytes:
    sql.execute(f"SELECT EXISTS (SELECT FROM {name})")
    if not sql.fetchone()[0]:
        return b""
    with sql.copy(f"COPY {name} TO STDOUT") as line:
        return b"".join(line)


def _shrink(touched: list[str]) -> None:
    """Deleted rows are still read over by whoever looks for others: a test of ten thousand people leaves many."""
    with connection.cursor() as sql:
        sizes = "SELECT name FROM unnest(%s::text[]) AS name WHERE pg_table_size(name::regclass) > %s"
        sql.execute(sizes, [touched, LARGE])
        for (name,) in sql.fetchall():
            sql.execute(f"VACUUM {name}")


def take_over(shipped: Shipped, patch: pytest.MonkeyPatch) -> None:
    """From now on every test that commits begins and ends with what is shipped."""

    def restore(*_args: object) -> None:
        connection.close()  # whatever state the test left it in
        shipped.restore()

    patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(restore))
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
