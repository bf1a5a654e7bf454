"""Rows that are about nobody of the base for sure, and yet very like somebody: told, never guessed.

The look-up is that of the form (`contacts.queries.likely`), a portion of rows by one statement. Whoever matching has
found and not decided about is looked at as well, with what they share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from veche.contacts.queries.likely import Asked, Likely, likely, of_keys
from veche.core.actor import Actor
from veche.exchange.actions.rows import some_sql
from veche.exchange.queries.identity import LOOKS_LIKE, candidates_in
from veche.exchange.sameness import Decision, doubt

# Without a birthday, an address or somebody who has the same number there is nothing to tell namesakes by.
_ROWS = """
SELECT number, COALESCE(draft ->> 'kind', 'person'), surname_key, given_keys, patronymic_key,
       birth_year, birth_month, birth_day, COALESCE(draft ->> 'name_key', ''),
       ARRAY(SELECT said ->> 'text' FROM jsonb_array_elements(draft -> 'addresses') AS said),
       CASE WHEN number = ANY(%(open)s) THEN reach ELSE '{}' END
FROM exchange_importrow
WHERE batch_id = %(batch)s AND number BETWEEN %(first)s AND %(last)s AND number %% %(lanes)s = %(lane)s {some}
  AND leader IS NULL AND verdict <> 'reject' AND outcome = '' AND surname_key <> '' AND NOT number = ANY(%(settled)s)
  AND (num_nulls(birth_year, birth_month, birth_day) = 0 OR draft ? 'addresses' OR number = ANY(%(open)s))
"""


def with_likely(
    decisions: Mapping[int, Decision], met: Collection[int], rows: Mapping[str, Any], *, by: Actor
) -> dict[int, Decision]:
    """`decisions` about `rows` (as `rows.asked_rows` has them), and doubts about those that are like somebody.

    `met` are the rows of which matching has found somebody with one of their keys.
    """
    settled = [number for number, each in decisions.items() if each.contact_id or each.rejected]
    given = {**rows, "settled": settled, "open": sorted(set(met).difference(settled))}
    with connection.cursor() as sql:
        sql.execute(_ROWS.replace("{some}", some_sql(rows["numbers"], "number")), given)
        asked = {row[0]: _asked(*row[1:]) for row in sql.fetchall()}
    decided = dict(decisions)
    for number, people in likely(by, asked).items():
        before = candidates_in(decided[number].doubts) if number in decided else ()
        decided[number] = Decision(doubts=[_doubt(people, before)])
    return decided


def _asked(
    kind: str, surname: str, given: list[str], patronymic: str, year: int | None, month: int | None, day: int | None,
    name_key: str, addresses: list[str], reach: list[str],
) -> Asked:  # fmt: skip
    points = [(of, value) for of, _colon, value in (each.partition(":") for each in reach)]
    born = (year, month, day)
    return of_keys(
        kind, surname, given, patronymic, born, name_key=name_key, points=points, addresses=addresses
    )


def _doubt(people: list[Likely], before: Collection[int]) -> dict[str, Any]:
    """One doubt for a row, whoever it is about; `why` stands beside each, and is empty for whom matching doubted."""
    why = {each.contact_id: list(each.why) for each in people}
    ids = [*why, *(one for one in before if one not in why)][:3]
    return doubt(LOOKS_LIKE, contacts=ids, why=[why.get(one, []) for one in ids])
