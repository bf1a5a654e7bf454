"""How the rows of a table change hands in a merge, and how they come back.

Whatever a room does with its rows in a merge, it need not know of the undo: `before` takes a picture of all rows of
those concerned, in every table that takes part, `after` writes down what became of them (`MergedRow`), and `give_back`
reads that backwards. Two pictures and their difference, in sets; the undo is three-way, column by column: what is still
as the merge left it becomes as it was, what somebody has changed since stays changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models

from veche.contacts.models import Contact
from veche.contacts.registry import MergeParticipant, merge_participants
from veche.core.actor import Actor

CONTACTS, CHANGES = "contacts_contact", "contacts_fieldchange"
Into = Mapping[int, int]  # who goes → who stays

_RANKED = """
WITH into_one(gone, kept, place) AS (SELECT * FROM unnest(%(gone)s::bigint[], %(kept)s::bigint[]) WITH ORDINALITY),
ranked AS (
    SELECT mine.*, first_value(mine.id) OVER same AS stays, row_number() OVER same AS turn,
           into_one.gone IS NOT NULL AS goes
    FROM {table} AS mine LEFT JOIN into_one ON into_one.gone = mine.contact_id
    WHERE mine.contact_id = ANY(%(gone)s) OR mine.contact_id = ANY(%(kept)s)
    WINDOW same AS (PARTITION BY COALESCE(into_one.kept, mine.contact_id), {same}
                    ORDER BY into_one.place NULLS FIRST, mine.id))
"""


def hand_over(
    table: str,
    same: Collection[str] = (),
    blend: Mapping[str, str] | None = None,
    line: Collection[str] | None = None,
) -> Callable[[Actor, Into], None]:
    """A merge of `table`: rows of the gone go to the kept, but for those that the kept one has (by `same`).

    `blend`: column → aggregate over rows that are the same (`turn` is their order), for what the dropped one knew
    besides. `line`: the rows stand in a line (`position`) for each value of these columns; the kept one's come first.
    """

    def merge(by: Actor, into: Into) -> None:
        params = {"gone": list(into), "kept": list(into.values())}
        with connection.cursor() as sql:
            if same:
                _drop_doubles(sql, table, same, blend or {}, params)
            _move(sql, table, line, params)

    return merge


def _drop_doubles(
    sql: Any, table: str, same: Collection[str], blend: Mapping[str, str], params: dict
) -> None:
    ranked = _RANKED.format(table=table, same=", ".join(f"mine.{column}" for column in same))
    if blend:
        columns = ", ".join(f"{each} AS {column}" for column, each in blend.items())
        written = ", ".join(f"{column} = together.{column}" for column in blend)
        sql.execute(
            f"{ranked}, together AS (SELECT stays, {columns} FROM ranked GROUP BY stays"
            " HAVING count(*) > 1 AND bool_or(goes))"
            f" UPDATE {table} AS held SET {written} FROM together WHERE held.id = together.stays",
            params,
        )
    sql.execute(
        f"{ranked} DELETE FROM {table} AS held USING ranked WHERE ranked.id = held.id AND turn > 1 AND goes",
        params,
    )


def _move(sql: Any, table: str, line: Collection[str] | None, params: dict) -> None:
    pairs = "unnest(%(gone)s::bigint[], %(kept)s::bigint[]) WITH ORDINALITY AS into_one(gone, kept, place)"
    if line is None:
        sql.execute(
            f"UPDATE {table} AS held SET contact_id = into_one.kept FROM {pairs} WHERE held.contact_id = into_one.gone",
            params,
        )
        return
    each = "".join(f", mine.{column}" for column in line)
    beside = "".join(f" AND first.{column} = mine.{column}" for column in line)
    sql.execute(
        f"""
        UPDATE {table} AS held SET contact_id = moved.kept, position = LEAST(moved.position, 32767) FROM (
            SELECT mine.id, into_one.kept, COALESCE((
                       SELECT max(first.position) + 1 FROM {table} AS first
                       WHERE first.contact_id = into_one.kept{beside}), 0)
                   + row_number() OVER (
                       PARTITION BY into_one.kept{each} ORDER BY into_one.place, mine.position, mine.id) - 1 AS position
            FROM {table} AS mine JOIN {pairs} ON mine.contact_id = into_one.gone) AS moved
        WHERE held.id = moved.id
        """,
        params,
    )


# --- what was before, and what became of it


def before(merges: Mapping[int, int], into: Into) -> None:
    """Take a picture of the rows of all concerned. `merges` says under which merge each kept one is told."""
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS merging_side, merging_row")
        sql.execute(
            "CREATE TEMP TABLE merging_side (merge_id bigint, kept bigint, contact_id bigint) ON COMMIT DROP"
        )
        sides = [(merges[kept], kept, kept) for kept in merges] + [
            (merges[kept], kept, gone) for gone, kept in into.items()
        ]
        sql.execute(
            "INSERT INTO merging_side SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
            [list(each) for each in zip(*sides, strict=True)],
        )
        sql.execute(
            'CREATE TEMP TABLE merging_row (merge_id bigint, "table" text, key bigint, row jsonb, contact_id bigint)'
            " ON COMMIT DROP"
        )
        sql.execute(
            "INSERT INTO merging_row SELECT side.merge_id, %s, mine.id, to_jsonb(mine), mine.id"
            " FROM contacts_contact AS mine JOIN merging_side AS side"
            " ON side.kept = mine.id AND side.contact_id = mine.id",
            [CONTACTS],
        )
        for each in merge_participants:
            for column in each.columns:
                _picture(sql, each, column)
        sql.execute("ANALYZE merging_row")


def _picture(sql: Any, each: MergeParticipant, column: str) -> None:
    row, which = "to_jsonb(mine)", ""
    if each.is_log:
        row, which = f"jsonb_build_object('{column}', mine.{column})", " AND side.contact_id <> side.kept"
    sql.execute(
        f"""
        INSERT INTO merging_row SELECT side.merge_id, %(table)s, mine.{key_of(each)}, {row}, mine.{column}
        FROM {each.table} AS mine JOIN merging_side AS side ON mine.{column} = side.contact_id{which}
        WHERE NOT EXISTS (
            SELECT 1 FROM merging_row AS was WHERE was."table" = %(table)s AND was.key = mine.{key_of(each)}
            AND was.merge_id = side.merge_id)
        """,
        {"table": each.table},
    )


_BECAME = """
INSERT INTO contacts_mergedrow (merge_id, "table", key, before, after)
SELECT was.merge_id, was."table", was.key, was.row, CASE WHEN mine.{key} IS NOT NULL THEN (
        SELECT jsonb_object_agg(now.key, now.value) FROM jsonb_each(to_jsonb(mine)) AS now
        WHERE now.value IS DISTINCT FROM was.row -> now.key) END
FROM merging_row AS was LEFT JOIN {table} AS mine ON mine.{key} = was.key
WHERE was."table" = %(table)s AND to_jsonb(mine) IS DISTINCT FROM was.row
"""
_MADE = """
INSERT INTO contacts_mergedrow (merge_id, "table", key, before, after)
SELECT side.merge_id, %(table)s, mine.{key}, NULL, to_jsonb(mine) FROM {table} AS mine
JOIN merging_side AS side ON mine.{column} = side.contact_id AND side.contact_id = side.kept
WHERE NOT EXISTS (SELECT 1 FROM merging_row AS was WHERE was."table" = %(table)s AND was.key = mine.{key})
ON CONFLICT DO NOTHING
"""
_LOGGED = """
INSERT INTO contacts_mergedrow (merge_id, "table", key, before, after)
SELECT was.merge_id, was."table", was.key, was.row, jsonb_build_object('{column}', side.kept)
FROM merging_row AS was JOIN merging_side AS side ON side.contact_id = was.contact_id WHERE was."table" = %(table)s
"""


def after() -> None:
    """Write down what became of the rows that `before` has taken a picture of."""
    with connection.cursor() as sql:
        sql.execute(_BECAME.format(table=CONTACTS, key="id"), {"table": CONTACTS})
        for each in merge_participants:
            if each.is_log:
                sql.execute(_LOGGED.format(column=each.columns[0]), {"table": each.table})
                continue
            sql.execute(_BECAME.format(table=each.table, key=key_of(each)), {"table": each.table})
            for column in each.columns:
                made = _MADE.format(table=each.table, key=key_of(each), column=column)
                sql.execute(made, {"table": each.table})


def put_first(kept_id: int, whose: int, table: str, line: Mapping[str, str]) -> None:
    """In the line of the kept one, what was `whose` comes first: called between `before` and `after`."""
    alike = "".join(f" AND mine.{column} = %({column})s" for column in line)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE {table} AS held SET position = ranked.position FROM (
                SELECT mine.id, row_number() OVER (ORDER BY was.contact_id IS DISTINCT FROM %(whose)s, mine.position,
                    mine.id) - 1 AS position
                FROM {table} AS mine LEFT JOIN merging_row AS was ON was."table" = '{table}' AND was.key = mine.id
                WHERE mine.contact_id = %(kept)s{alike}) AS ranked
            WHERE held.id = ranked.id AND held.position <> ranked.position
            """,
            {"kept": kept_id, "whose": whose, **line},
        )


def ceilings() -> dict[str, int]:
    """The highest number of a row in each table that keeps rows: what has a higher one comes later."""
    kept = [each for each in merge_participants if not each.is_log]
    tops = ", ".join(f"(SELECT max({key_of(each)}) FROM {each.table})" for each in kept)
    with connection.cursor() as sql:
        sql.execute(f"SELECT {tops}")
        return {each.table: top or 0 for each, top in zip(kept, sql.fetchone(), strict=True)}


# --- and back

_REMOVED_BY_UNDO = """
EXISTS (SELECT 1 FROM contacts_fieldchange AS undone WHERE undone.contact_id = merge.contact_id AND undone.is_undo
    AND undone.at > merge.made_at AND jsonb_typeof(undone.before) = 'object' AND undone.before ->> 'id' = told.key::text
    AND undone.after IS NULL)
"""


def give_back(merge_ids: Collection[int]) -> dict[str, int]:
    """Undo what these merges did to the rows of all tables; returns how many came back, by table.

    Rows that the merge dropped are there again; rows that somebody removed since too, unless an undo took them: the
    merge was wrong, and so may be what was thought of the rows of the merged one.
    """
    came: dict[str, int] = {}
    with connection.cursor() as sql:
        given = {"merges": list(merge_ids)}
        for each in merge_participants:
            params = given | {"table": each.table}
            came[each.table] = _change_back(sql, each, params)
            if not each.is_log:
                came[each.table] += _bring_back(sql, each, params)
            _take_away(sql, each, params)
    return {table: number for table, number in came.items() if number}


def _change_back(sql: Any, each: MergeParticipant, params: dict[str, Any]) -> int:
    """Rows that are there become as they were, but for columns that somebody has changed since."""
    sql.execute(
        "SELECT DISTINCT jsonb_object_keys(after) FROM contacts_mergedrow WHERE merge_id = ANY(%(merges)s)"
        ' AND "table" = %(table)s AND before IS NOT NULL AND after IS NOT NULL',
        params,
    )
    known = set(columns_of(each.table))
    columns = sorted({row[0] for row in sql.fetchall()} & known)
    if not columns:
        return 0
    whose = " OR ".join(f"mine.{column} = merge.contact_id" for column in each.columns)
    there = _is_there(each.columns) if len(each.columns) > 1 else "true"
    written, read = ", ".join(columns), ", ".join(f"fresh.{column}" for column in columns)
    sql.execute(
        f"""
        UPDATE {each.table} AS held SET ({written}) = (
            SELECT {read} FROM jsonb_populate_record(held, back.row) AS fresh)
        FROM (
            SELECT told.key, told.after, (
                SELECT jsonb_object_agg(made.key, told.before -> made.key) FROM jsonb_each(told.after) AS made
                WHERE to_jsonb(mine) -> made.key = made.value AND {there}) AS row
            FROM contacts_mergedrow AS told
            JOIN contacts_merge AS merge ON merge.id = told.merge_id
            JOIN {each.table} AS mine ON mine.{key_of(each)} = told.key AND ({whose})
            WHERE told.merge_id = ANY(%(merges)s) AND told."table" = %(table)s
              AND told.before IS NOT NULL AND told.after IS NOT NULL) AS back
        WHERE held.{key_of(each)} = back.key AND back.row IS NOT NULL
        """,
        params,
    )
    return sql.rowcount


def _is_there(columns: Collection[str]) -> str:
    """Of a row that links two contacts, the other may be merged away by another merge still: that end stays led on."""
    names = ", ".join(f"'{column}'" for column in columns)
    return (
        f"(made.key NOT IN ({names}) OR EXISTS (SELECT 1 FROM {CONTACTS} AS there"
        " WHERE there.id = (told.before ->> made.key)::bigint))"
    )


def _bring_back(sql: Any, each: MergeParticipant, params: dict[str, Any]) -> int:
    """Rows that were dropped, or that somebody removed since, come back with their old numbers."""
    return insert_kept(
        sql, each.table,
        f"""
        SELECT told.before AS row FROM contacts_mergedrow AS told
        JOIN contacts_merge AS merge ON merge.id = told.merge_id
        WHERE told.merge_id = ANY(%(merges)s) AND told."table" = %(table)s AND told.before IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM {each.table} AS mine WHERE mine.{key_of(each)} = told.key)
          AND (told.after IS NULL OR NOT {_REMOVED_BY_UNDO})
        ORDER BY told.key
        """,
        params,
    )  # fmt: skip


def _take_away(sql: Any, each: MergeParticipant, params: dict[str, Any]) -> None:
    """Rows that the merge made go, unless somebody has changed them since."""
    sql.execute(
        f"""
        DELETE FROM {each.table} AS held USING contacts_mergedrow AS told
        WHERE told.merge_id = ANY(%(merges)s) AND told."table" = %(table)s AND told.before IS NULL
          AND held.{key_of(each)} = told.key AND to_jsonb(held) = told.after
        """,
        params,
    )


def insert_kept(sql: Any, table: str, select: str, params: dict[str, Any]) -> int:
    """Insert rows that were kept as JSON; returns how many.

    Columns that the table has got since take their defaults. What a row hung on may be gone: where the column can be
    empty it is, else the row cannot come back.
    """
    sql.execute(
        "SELECT DISTINCT keys FROM ("
        f" SELECT ARRAY(SELECT jsonb_object_keys(row)) AS keys FROM ({select}) AS kept) AS each",
        params,
    )
    found = [set(keys) for (keys,) in sql.fetchall()]
    if not found:
        return 0
    names = [column for column in columns_of(table) if column in set.intersection(*found)]
    columns, read = (", ".join(f'{each}"{name}"' for name in names) for each in ("", "fresh."))
    emptied, needed = _hung_on(table)
    sql.execute(
        f"""
        WITH kept AS ({select})
        INSERT INTO {table} ({columns}) SELECT {read} FROM kept
        CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, kept.row{emptied}) AS fresh WHERE {needed}
        ON CONFLICT DO NOTHING
        """,
        params,
    )
    return sql.rowcount


def _hung_on(table: str) -> tuple[str, str]:
    """SQL that empties links to rows that are gone, and the condition that those which may not be empty are there."""
    emptied, needed = _led_on(table)
    for column in model_of(table)._meta.concrete_fields:
        checked = isinstance(column, models.ForeignKey) and column.db_constraint
        if not checked or column.related_model is Contact:
            continue
        parent = column.related_model._meta
        there = (
            f"EXISTS (SELECT 1 FROM {parent.db_table} AS parent"
            f" WHERE parent.{parent.pk.column} = (kept.row ->> '{column.column}')::bigint)"
        )
        if column.null:
            nothing = f"jsonb_build_object('{column.column}', NULL)"
            emptied += f" || CASE WHEN {there} THEN '{{}}'::jsonb ELSE {nothing} END"
        else:
            needed.append(there)
    return emptied, " AND ".join(needed)


def _led_on(table: str) -> tuple[str, list[str]]:
    """Of a row that links two contacts, the one who is merged away by another merge is led on; nobody is linked to
    themselves or to nobody."""
    fields = model_of(table)._meta.concrete_fields
    ends = [each.column for each in fields if each.is_relation and each.related_model is Contact]
    if len(ends) < 2:
        return "", ["true"]
    led = "".join(
        f" || CASE WHEN EXISTS (SELECT 1 FROM {CONTACTS} AS there WHERE there.id = (kept.row ->> '{end}')::bigint)"
        f" THEN '{{}}'::jsonb ELSE jsonb_build_object('{end}', (SELECT merge.contact_id"
        " FROM contacts_mergedcontact AS went JOIN contacts_merge AS merge ON merge.id = went.merge_id"
        f" WHERE went.former_id = (kept.row ->> '{end}')::bigint AND went.row IS NOT NULL)) END"
        for end in ends
    )
    return led, [f"fresh.{end} IS NOT NULL" for end in ends] + [f"fresh.{ends[0]} <> fresh.{ends[1]}"]


# --- tables


def participants() -> list[MergeParticipant]:
    return list(merge_participants)


def model_of(table: str) -> type[models.Model]:
    return next(each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table)


def key_of(each: MergeParticipant) -> str:
    """The column by which a row of the table is known."""
    known = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == each.table
    ]
    return known[0]._meta.pk.column if known else "id"


def columns_of(table: str) -> list[str]:
    """All columns of a table that can be written, in their order."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = '' ORDER BY attnum",
            [table],
        )
        return [row[0] for row in sql.fetchall()]
