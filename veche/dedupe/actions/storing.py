"""What a search has found goes into the queue, in sets. May run twice: the same people are one group."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from veche.dedupe.actions.choosing import CHOSEN
from veche.dedupe.grouping import Grouped
from veche.dedupe.models import Search

CHUNK = 2_000

_GROUPS = """
INSERT INTO dedupe_group AS held (search_id, mark, certain, probability, reasons, state, made_at)
SELECT %(search)s, found.mark, found.certain, found.probability, found.reasons::jsonb, 'open', now()
FROM unnest(%(marks)s::text[], %(certain)s::boolean[], %(probabilities)s::float8[], %(reasons)s::text[])
    AS found(mark, certain, probability, reasons)
ON CONFLICT (mark) WHERE state = 'open' DO UPDATE SET search_id = EXCLUDED.search_id, certain = EXCLUDED.certain,
    probability = EXCLUDED.probability, reasons = EXCLUDED.reasons
"""
# Who was erased meanwhile stays out.
_MEMBERS = """
INSERT INTO dedupe_member (group_id, contact_id, found_as)
SELECT asked.id, contact.id, contact.id FROM unnest(%(of)s::text[], %(ids)s::bigint[]) AS found(mark, id)
JOIN dedupe_group AS asked ON asked.mark = found.mark AND asked.state = 'open'
JOIN contacts_contact AS contact ON contact.id = found.id
ON CONFLICT (group_id, found_as) DO NOTHING
"""
# What an earlier search asked and this one, which looked at the same people, did not find.
_STALE = """
SELECT asked.id FROM dedupe_group AS asked WHERE asked.state = 'open' AND asked.search_id <> %(search)s AND {looked_at}
"""
_LOOKED_AT = f"""EXISTS (
    SELECT FROM dedupe_member AS member JOIN {CHOSEN} AS chosen ON chosen.id = member.contact_id
    WHERE member.group_id = asked.id AND chosen.fresh)"""


def store_groups(search: Search, groups: Sequence[Grouped]) -> None:
    """Put a portion of groups into the queue."""
    given: dict[str, Any] = {
        "search": search.pk,
        "marks": [each.mark for each in groups],
        "certain": [each.certain for each in groups],
        "probabilities": [each.probability for each in groups],
        "reasons": [json.dumps(each.reasons) for each in groups],
        "of": [each.mark for each in groups for _person in each.ids],
        "ids": [person for each in groups for person in each.ids],
    }
    with connection.cursor() as sql:
        sql.execute(_GROUPS, given)
        sql.execute(_MEMBERS, given)


def forget_stale(search: Search, *, whole: bool) -> int:
    """Drop open groups of earlier searches that were not found again; returns how many. What somebody has decided of
    a part of them stays, as a group that is done."""
    stale = _STALE.format(looked_at="true" if whole else _LOOKED_AT)
    said = "EXISTS (SELECT FROM dedupe_decision AS said WHERE said.group_id = asked.id AND said.verdict <> 'skipped')"
    with connection.cursor() as sql:
        given = {"search": search.pk}
        sql.execute(
            f"UPDATE dedupe_group AS asked SET state = 'decided' WHERE asked.id IN ({stale}) AND {said}",
            given,
        )
        sql.execute(f"CREATE TEMP TABLE dedupe_stale ON COMMIT DROP AS {stale}", given)
        sql.execute(
            "DELETE FROM dedupe_side USING dedupe_decision AS said WHERE said.id = decision_id"
            " AND said.group_id IN (SELECT id FROM dedupe_stale)"
        )
        for table in ("dedupe_member", "dedupe_decision"):
            sql.execute(f"DELETE FROM {table} WHERE group_id IN (SELECT id FROM dedupe_stale)")
        sql.execute("DELETE FROM dedupe_group WHERE id IN (SELECT id FROM dedupe_stale)")
        return sql.rowcount


def told_apart() -> set[tuple[int, int]]:
    """(low, high) of all of whom somebody has said that they are different people."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT DISTINCT one.contact_id, two.contact_id FROM dedupe_side AS one
            JOIN dedupe_side AS two ON two.decision_id = one.decision_id AND two.number <> one.number
            JOIN dedupe_decision AS told ON told.id = one.decision_id AND told.undone_at IS NULL
            WHERE one.contact_id < two.contact_id
            """
        )
        return set(sql.fetchall())
