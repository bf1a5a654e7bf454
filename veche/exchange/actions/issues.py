"""What the check has found, in narrow tables for the pages: problems by row, column and cell; words of list columns."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from veche.exchange.actions.rows import asked_rows, some_sql
from veche.exchange.mapping.correcting import KEY_SQL, one_word, words_in
from veche.exchange.models import Import
from veche.exchange.queries.plans import plans_of

# What was copied from a leader, and what the matching found, is said of the whole row.
_ISSUES = f"""
INSERT INTO exchange_issue (batch_id, number, "column", code, severity, value)
SELECT DISTINCT r.batch_id, r.number, said.place, said.problem ->> 'code', said.problem ->> 'severity',
       COALESCE({KEY_SQL.format("(r.cells ->> said.place)")}, '')
FROM exchange_importrow AS r CROSS JOIN LATERAL (
    SELECT each AS problem, COALESCE((each ->> 'column')::int, -1) AS place
    FROM jsonb_array_elements(r.problems) AS each
    UNION ALL
    SELECT each, -1 FROM jsonb_array_elements(r.doubts) AS each WHERE each ->> 'severity' = 'reject' OR NOT EXISTS (
        SELECT 1 FROM exchange_correction AS c
        WHERE c.batch_id = r.batch_id AND c."column" = -1 AND c.row = r.number AND c.kind = 'accept'
    )
) AS said
WHERE r.batch_id = %(batch)s AND r.number BETWEEN %(first)s AND %(last)s AND r.number %% %(lanes)s = %(lane)s
  {{some}} AND (r.problems <> '[]' OR r.doubts <> '[]')
"""
_WORDS = """
INSERT INTO exchange_fileword (batch_id, "column", word, rows)
SELECT %(batch)s, %(column)s, min(word), count(*) FROM (
    SELECT DISTINCT r.number, left(btrim(regexp_replace(ltrim(btrim(piece), '#'), '\\s+', ' ', 'g')), 100) AS word
    FROM exchange_importrow AS r CROSS JOIN LATERAL {pieces} AS said(piece)
    WHERE r.batch_id = %(batch)s
) AS each WHERE word <> '' GROUP BY lower(word)
"""
_MANY = r"regexp_split_to_table(r.cells ->> %(column)s::int, '[,;\n|]+')"
_ONE = "(SELECT r.cells ->> %(column)s::int)"


def note_issues(
    imported: Import,
    first: int,
    last: int,
    *,
    lane: int = 0,
    lanes: int = 1,
    numbers: Sequence[int] | None = None,
) -> None:
    """Write the issues of rows `first` to `last` anew; of `lanes`, those in `lane`; of them all, those in `numbers`."""
    rows = asked_rows(imported, first, last, lane=lane, lanes=lanes, numbers=numbers)
    with connection.cursor() as sql:
        sql.execute(
            "DELETE FROM exchange_issue WHERE batch_id = %(batch)s AND number BETWEEN %(first)s AND %(last)s"
            f" AND number %% %(lanes)s = %(lane)s {some_sql(numbers, 'number')}",
            rows,
        )
        sql.execute(_ISSUES.replace("{some}", some_sql(numbers)), rows)


def note_words(imported: Import) -> None:
    """Count the words of each column that is matched against a list."""
    with connection.cursor() as sql:
        sql.execute("DELETE FROM exchange_fileword WHERE batch_id = %s", [imported.pk])
        for plan in plans_of(imported):
            if (split := words_in(plan)) is None:
                continue
            pieces = _ONE if split is one_word else _MANY
            sql.execute(_WORDS.replace("{pieces}", pieces), {"batch": imported.pk, "column": plan.index})


def forget_issues(imported: Import) -> None:
    """Delete both, as the rows they speak of are deleted."""
    with connection.cursor() as sql:
        sql.execute("DELETE FROM exchange_issue WHERE batch_id = %s", [imported.pk])
        sql.execute("DELETE FROM exchange_fileword WHERE batch_id = %s", [imported.pk])
