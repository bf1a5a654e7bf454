"""Filters on the team's own fields, and the typed expression index that makes one fast on a large base.

Values lie in `Contact.own` (see `OwnField`). An index covers only contacts that have a value, so five hundred fields
cost nothing until somebody filters by one of them.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from veche.contacts.models import OwnField
from veche.contacts.queries.matching import Sql

LARGE = 20_000  # contacts; a smaller base is filtered without an index
INDEXED_LETTERS = 100  # of a text; an index entry must stay small

Type = OwnField.Type


def own_where(field: OwnField, value: Any) -> Sql:
    """Contacts whose own field equals `value` (as `clean_own` gives it); case does not matter in texts."""
    has = f"contact.own ? {_literal(field)}"
    test = expression(field, "contact.own")
    match field.type:
        case Type.MANY_CHOICES:
            return Sql(f"({has} AND {test} @> to_jsonb(%s::text))", (str(value),))
        case Type.NUMBER:
            return Sql(f"({has} AND {test} = %s::numeric)", (str(value),))
        case Type.MONEY:
            return Sql(f"({has} AND {test} = %s::bigint)", (value["minor"],))
        case Type.YES_NO:
            return Sql(f"({has} AND {test} = %s)", ("true" if value else "false",))
        case Type.TEXT | Type.LINK:
            whole = f"lower(contact.own ->> {_literal(field)})"
            return Sql(
                f"({has} AND {test} = lower(left(%s, {INDEXED_LETTERS})) AND {whole} = lower(%s))",
                (value, value),
            )
    return Sql(f"({has} AND {test} = %s)", (str(value),))


def filled_where(field: OwnField) -> Sql:
    """Contacts that have a value in the field; the condition of its index."""
    return Sql(f"contact.own ? {_literal(field)}")


def own_range(field: OwnField, sign: str, value: Any) -> Sql:
    """Contacts whose number, sum or date is `sign` (<, <=, >, >=) `value`."""
    bound = {Type.NUMBER: "%s::numeric", Type.MONEY: "%s::bigint"}.get(field.type, "%s")
    given = value["minor"] if field.type == Type.MONEY else str(value)
    return Sql(
        f"({filled_where(field).text} AND {expression(field, 'contact.own')} {sign} {bound})", (given,)
    )


def own_like(field: OwnField, pattern: str) -> Sql:
    """Contacts whose text is like `pattern`, without regard to case."""
    whole = f"lower(contact.own ->> {_literal(field)})"
    return Sql(f"({filled_where(field).text} AND {whole} LIKE lower(%s))", (pattern,))


def expression(field: OwnField, column: str = "own") -> str:
    """The typed SQL expression of a field's value; the filter and the index must spell it alike."""
    key = _literal(field)
    match field.type:
        case Type.MANY_CHOICES:
            return f"({column} -> {key})"
        case Type.NUMBER:
            return f"(({column} ->> {key})::numeric)"
        case Type.MONEY:
            return f"(({column} -> {key} ->> 'minor')::bigint)"
        case Type.TEXT | Type.LINK:
            return f"(lower(left({column} ->> {key}, {INDEXED_LETTERS})))"
    return f"({column} ->> {key})"


def index_name(field: OwnField) -> str:
    return f"contacts_own_{field.pk}"


def index_ddl(field: OwnField) -> str:
    """The statement that builds the field's index beside the work that goes on."""
    head = f"CREATE INDEX CONCURRENTLY {index_name(field)} ON contacts_contact"
    if field.type == Type.MANY_CHOICES:
        columns = f"USING gin ({expression(field)} jsonb_path_ops)"
    else:
        columns = f"({expression(field)}, id)"
    return f"{head} {columns} WHERE own ? {_literal(field)}"


def index_is_valid(field: OwnField) -> bool:
    """Whether the index stands and is whole; a build that was broken off leaves an invalid one."""
    with connection.cursor() as sql:
        sql.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index_name(field)])
        row = sql.fetchone()
    return bool(row and row[0])


def is_large_base() -> bool:
    """Whether a scan of all contacts would be felt. From the server's statistics: nothing is counted."""
    with connection.cursor() as sql:
        sql.execute("SELECT reltuples FROM pg_class WHERE oid = 'contacts_contact'::regclass")
        return sql.fetchone()[0] > LARGE


def _literal(field: OwnField) -> str:
    """The key as an SQL literal. Keys are slugs; anything else would be our own mistake."""
    if not field.key.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"{field.key} is no key of an own field.")
    return f"'{field.key}'"
