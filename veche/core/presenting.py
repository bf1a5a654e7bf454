"""Showing the real base under invented names: the same pages and queries, read through views that hold no real value.

While somebody presents, the connection of the request looks for each table in the schema `presentation` first. There
stands a view of the table's own name whose personal columns are inventions made out of the row's number and a secret
of the installation; so each query of each room, written or yet to be written, gets them, and no real value leaves the
database. Everything is read only meanwhile.

    presenting.invent("contacts_contact", surname="presentation.surname(real.id, real.gender)")
    presenting.leave_open("contacts_tag", "name")

Closed by default: a column of text or JSON that nobody speaks of is masked, whoever adds it later; numbers, dates,
choices and keys stay. Rooms say what to invent in their `apps.py`; `real` is the row. Tables of text that is no row's
own (words of names) are given whole by `replace`. Functions for the inventions are SQL, made by `define`.

An invention has no index. A query that would make them for a whole base asks `is_on` and goes another way; one that
takes longer than `PATIENCE` is stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils.crypto import salted_hmac

SCHEMA = "presentation"
MASK = "•••"
PATIENCE = 10_000  # milliseconds for one statement

_inventions: dict[str, dict[str, str]] = {}
_open: dict[str, set[str]] = {}
_replaced: dict[str, str] = {}
_functions: list[str] = []
_on: ContextVar[bool] = ContextVar("presenting", default=False)

_VEILED = f"""
CREATE FUNCTION {SCHEMA}.veiled(given jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(given)
        WHEN 'string' THEN CASE WHEN given = '""' THEN given ELSE '"{MASK}"' END
        WHEN 'array' THEN (SELECT COALESCE(jsonb_agg({SCHEMA}.veiled(each) ORDER BY place), '[]')
                           FROM jsonb_array_elements(given) WITH ORDINALITY AS item(each, place))
        WHEN 'object' THEN (SELECT COALESCE(jsonb_object_agg(key, {SCHEMA}.veiled(value)), '{{}}')
                            FROM jsonb_each(given))
        ELSE given END;
END $$
"""


def invent(table: str, **columns: str) -> None:
    """Show these columns of `table` as SQL expressions over `real`, the row."""
    _inventions.setdefault(table, {}).update(columns)


def leave_open(table: str, *columns: str) -> None:
    """Show these columns of `table` as they are: the team's own words, codes, nothing about a person."""
    _open.setdefault(table, set()).update(columns)


def replace(table: str, select: str) -> None:
    """Show the rows of `select` instead of the table's."""
    _replaced[table] = select


def define(function: str) -> None:
    """Make an SQL function before the views, in the schema `presentation`; `{seed}` in it is the secret number."""
    _functions.append(function)


def seed() -> int:
    """The secret of the installation as a number for `hashint8extended`: its inventions are its own, and stay."""
    return int.from_bytes(salted_hmac("veche.core.presenting", "seed").digest()[:7])


@contextmanager
def presenting() -> Iterator[None]:
    """Within it every query of this connection sees the inventions and can write nothing."""
    build()
    # A view has no primary key, so a query that groups by one must name all the columns it selects.
    connection.features.allows_group_by_selected_pks = False
    token = _on.set(True)
    settings = {
        "search_path": f"{SCHEMA}, public",
        "default_transaction_read_only": "on",
        "statement_timeout": str(PATIENCE),
    }
    try:
        with _set(settings):
            yield
    finally:
        _on.reset(token)
        del connection.features.allows_group_by_selected_pks


def is_on() -> bool:
    """Whether queries see inventions now."""
    return _on.get()


@contextmanager
def reading_only() -> Iterator[None]:
    """Within it this connection can write nothing: the server itself refuses."""
    with _set({"default_transaction_read_only": "on"}):
        yield


@contextmanager
def _set(values: dict[str, str]) -> Iterator[None]:
    """Settings of the connection, which goes back to the pool as it was, or not at all."""
    try:
        with connection.cursor() as sql:
            for name, value in values.items():
                sql.execute("SELECT set_config(%s, %s, false)", [name, value])
        yield
    finally:
        try:
            with connection.cursor() as sql:
                for name in values:
                    sql.execute(f"RESET {name}")
        except Exception:
            connection.close()
            raise


def build() -> None:
    """Make the views unless they stand as they should: one look per request."""
    mark = _mark()
    with connection.cursor() as sql:
        sql.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA])
        if sql.fetchone()[0] == mark:
            return
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SCHEMA])
        sql.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for statement in _statements():
            sql.execute(statement)
        sql.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")


def drop() -> None:
    """Take the views away, so that a migration may change what they stand on; the next presentation makes them anew."""
    with connection.cursor() as sql:
        sql.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def views() -> dict[str, str]:
    """Table to the SELECT that a presentation sees instead; tables without anything personal have none."""
    made = dict(_replaced)
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model.__module__.startswith("veche.") and model._meta.managed and table not in made:
            columns = {field.column: _shown(table, field) for field in model._meta.concrete_fields}
            if any(text != f"real.{name}" for name, text in columns.items()):
                listed = ", ".join(f"{text} AS {name}" for name, text in columns.items())
                made[table] = f"SELECT {listed} FROM public.{table} AS real"
    return made


@cache
def _mark() -> str:
    """What the views should be, in short: another version of Veche or another secret makes them anew."""
    return hashlib.sha256("\n".join(_statements()).encode()).hexdigest()


def _statements() -> list[str]:
    functions = [text.replace("{seed}", str(seed())) for text in _functions]
    made = [f"CREATE VIEW {SCHEMA}.{table} AS {select}" for table, select in sorted(views().items())]
    return [_VEILED, *functions, *made]


def _shown(table: str, field: models.Field) -> str:
    """A column in a presentation: invented, open, or masked where it could say something about somebody."""
    column = field.column
    if invention := _inventions.get(table, {}).get(column):
        collation = getattr(field, "db_collation", None)
        return f"({invention})::{field.db_type(connection)}" + (
            f' COLLATE "{collation}"' if collation else ""
        )
    plain = f"real.{column}"
    if column in _open.get(table, ()) or field.choices or field.remote_field or field.primary_key:
        return plain
    kind = field.db_type(connection)
    match field:
        case models.JSONField():
            return f"{SCHEMA}.veiled({plain})"
        case ArrayField():
            return f"array_fill('{MASK}'::text, ARRAY[COALESCE(cardinality({plain}), 0)])::{kind}"
        case models.GenericIPAddressField():
            return "'192.0.2.1'::inet"
        case models.CharField() | models.TextField() | models.BinaryField():
            return f"CASE WHEN {plain} = '' THEN '' ELSE '{MASK}' END::{kind}"
    return plain
