"""An importable kind of the tests' own: signatures on a sheet, in a small table made by the test that needs it.

It shows what a room offers in its `apps.py` to let its facts through the wizard, the shell, undo and the folder.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from veche.contacts.registry import ImportableKind, ImportedFact, ImportTarget, importable_kinds
from veche.core.actor import Actor

TABLE = """
CREATE TABLE tests_signature (
    import_id bigint, row_number int, contact_id bigint, day date, sheet int, collector text, side text, seen bool,
    UNIQUE (import_id, row_number)
)
"""
calls: list[tuple[str, int]] = []  # what was called with how many facts


def known(*, by: Actor, import_id: int, facts: Sequence[ImportedFact]) -> list[int]:
    calls.append(("known", len(facts)))
    with connection.cursor() as sql:
        sql.execute(
            "SELECT f.number FROM unnest(%s::int[], %s::bigint[], %s::date[]) AS f(number, contact_id, day)"
            " JOIN tests_signature AS s ON s.contact_id = f.contact_id AND s.day = f.day AND s.import_id <> %s",
            [
                [fact.row for fact in facts], [fact.contact_id for fact in facts],
                [fact.values["day"] for fact in facts], import_id,
            ],
        )  # fmt: skip
        return [row[0] for row in sql.fetchall()]


def write(*, by: Actor, import_id: int, facts: Sequence[ImportedFact]) -> list[int]:
    there = set(known(by=by, import_id=import_id, facts=facts))
    calls.append(("write", len(facts)))
    drafts = [
        {"row_number": fact.row, "contact_id": fact.contact_id, **fact.values}
        for fact in facts if fact.row not in there
    ]  # fmt: skip
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO tests_signature (import_id, row_number, contact_id, day, sheet, collector, side)"
            " SELECT %s, d.row_number, d.contact_id, d.day, d.sheet, d.collector, d.side FROM jsonb_to_recordset(%s)"
            " AS d(row_number int, contact_id bigint, day date, sheet int, collector text, side text)"
            " ON CONFLICT (import_id, row_number) DO UPDATE SET row_number = EXCLUDED.row_number RETURNING row_number",
            [import_id, json.dumps(drafts)],
        )
        return [row[0] for row in sql.fetchall()]


def forget(*, by: Actor, import_id: int, rows: Collection[int]) -> list[int]:
    """Those that somebody has looked at since stay."""
    calls.append(("forget", len(rows)))
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM tests_signature WHERE import_id = %s AND row_number = ANY(%s) AND seen IS NOT TRUE"
            " RETURNING row_number", [import_id, list(rows)],
        )  # fmt: skip
        return [row[0] for row in sql.fetchall()]


SIGNATURES = ImportableKind(
    key="signatures",
    label="Подписи",
    hint="Каждая строка — подпись и тот, кто подписал.",
    permission="exchange.import",
    targets=(
        ImportTarget("day", "День подписи", "date", required=True, captions=("дата подписи", "signed on")),
        ImportTarget("sheet", "Номер листа", "number", captions=("лист", "sheet")),
        ImportTarget("collector", "Сборщик", captions=("кто собрал",)),
        ImportTarget("side", "Сторона", "choice", choices=(("front", "Лицо"), ("back", "Оборот"))),
    ),
    counted=lambda count: f"подписей — {count}",
    known=known,
    write=write,
    forget=forget,
)


@contextmanager
def offered(*, with_table: bool = True) -> Iterator[None]:
    """The kind is registered meanwhile, and its table is there."""
    calls.clear()
    if with_table:
        with connection.cursor() as sql:
            sql.execute(TABLE)
    importable_kinds.add(SIGNATURES)
    try:
        yield
    finally:
        importable_kinds.remove(SIGNATURES.key)
        if with_table:
            with connection.cursor() as sql:
                sql.execute("DROP TABLE IF EXISTS tests_signature")


def stored(columns: str = "row_number, sheet") -> list[tuple]:
    with connection.cursor() as sql:
        sql.execute(f"SELECT {columns} FROM tests_signature ORDER BY 1")
        return sql.fetchall()
