"""Writing many rows of one table by one statement, each with its own values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def update_rows(model: type[models.Model], rows: Iterable[models.Model], fields: Sequence[str]) -> int:
    """Write `fields` of `rows` by their primary keys; returns how many were there.

    Does what Django's `bulk_update` does. That writes a case for each row and column, which the database reads again
    for each row; this sends an array for each column.
    """
    rows = list(rows)
    if not rows:
        return 0
    table, key = model._meta.db_table, model._meta.pk
    columns = [key, *(model._meta.get_field(name) for name in fields)]
    arrays = [[_value(column, row) for row in rows] for column in columns]
    fresh = ", ".join(f'"{column.column}"' for column in columns)
    values = ", ".join(f"%s::{_type(column)}[]" for column in columns)
    written = ", ".join(f'"{each.column}" = fresh."{each.column}"{_cast(each)}' for each in columns[1:])
    with connection.cursor() as sql:
        sql.execute(
            f'UPDATE "{table}" AS held SET {written} FROM unnest({values}) AS fresh({fresh})'
            f' WHERE held."{key.column}" = fresh."{key.column}"',
            arrays,
        )
        return sql.rowcount


def add_rows(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Insert `rows`, whose keys the database gives and nobody asks for; returns how many.

    Django's `bulk_create` writes a placeholder for each cell and reads each key back; this sends an array for a column.
    """
    rows = list(rows)
    if not rows:
        return 0
    columns = [each for each in model._meta.concrete_fields if not each.primary_key]
    arrays = [[_value(column, row) for row in rows] for column in columns]
    names = ", ".join(f'"{column.column}"' for column in columns)
    values = ", ".join(f"%s::{_type(column)}[]" for column in columns)
    given = ", ".join(f'fresh."{column.column}"{_cast(column)}' for column in columns)
    with connection.cursor() as sql:
        sql.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {given} FROM unnest({values}) AS fresh({names})',
            arrays,
        )
        return sql.rowcount


def _value(column: Any, row: models.Model) -> Any:
    value = getattr(row, column.attname)
    if isinstance(column, models.JSONField):
        return None if value is None else json.dumps(value, cls=column.encoder, ensure_ascii=False)
    return column.get_db_prep_save(value, connection)


def _type(column: Any) -> str:
    """Texts go without their length, so that one too long is refused by the column and not cut by the cast."""
    kind = column.db_type(connection)
    return "text" if kind.startswith("varchar") or isinstance(column, models.JSONField) else kind


def _cast(column: Any) -> str:
    return "::jsonb" if isinstance(column, models.JSONField) else ""
