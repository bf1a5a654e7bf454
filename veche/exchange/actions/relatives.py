"""Relatives and places of work named by the rows of a load become relations, once all people are written; an undo takes
them away, with the organisations that were added for it."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from veche.contacts.actions.bulk import LOADS_LOCK
from veche.contacts.actions.employing_many import Place, link_places
from veche.contacts.actions.relating_many import Named, relate_many, unrelate_many
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.exchange.actions.rows import batch_of
from veche.exchange.mapping import names_somebody
from veche.exchange.models import Import

PORTION = 2000  # rows

# People whom the policy leaves alone get no relation either.
_NEXT = """
SELECT r.number, COALESCE(r.contact_id, led.contact_id), r.draft -> 'relatives'
FROM exchange_importrow AS r
LEFT JOIN exchange_importrow AS led ON led.batch_id = r.batch_id AND led.number = r.leader
WHERE r.batch_id = %s AND r.number > %s AND r.draft ? 'relatives'
  AND r.outcome IN ('created', 'updated', 'unchanged', 'repeated')
  AND COALESCE(r.contact_id, led.contact_id) IS NOT NULL
  AND (%s OR COALESCE(led.outcome, r.outcome) = 'created')
ORDER BY r.number LIMIT %s
"""


def names_relatives(imported: Import) -> bool:
    """Whether a column of the file does."""
    return any(names_somebody(each["target"]) for each in imported.mapping)


@action("exchange.import")
def relate_next(*, by: Actor, imported: Import, sums: dict[str, Any]) -> dict[str, Any] | None:
    """Find whom the rows after `sums["row"]` name. Returns the sums with theirs, None at the end; may run twice."""
    unchanged()
    sums = dict(sums)
    rows = _next(imported, sums["row"])
    if not rows:
        return None
    said = [(number, contact_id, each) for number, contact_id, named in rows for each in named]
    people = [Named(contact_id, **each) for _number, contact_id, each in said if "organisation" not in each]
    places = [
        Place(contact_id, each["code"], each["organisation"], number)
        for number, contact_id, each in said
        if "organisation" in each
    ]
    sums |= {"row": rows[-1][0], "named": sums["named"] + len(people)}
    sums["found"] += relate_many(by=by, named=people)
    if places:
        linked = link_places(by=by, batch=batch_of(imported, by=by), named=places)
        now = {"named": len(places), "found": linked.found, "added": linked.added}
        before = sums.get("places", {})
        sums["places"] = {name: count + before.get(name, 0) for name, count in now.items()}
    return sums


@action("exchange.import")
def unrelate_next(*, by: Actor, imported: Import, after: int) -> int | None:
    """Take away the relations that the rows after row `after` brought; returns the last row, None at the end."""
    unchanged()
    rows = _next(imported, after) if names_relatives(imported) else []
    if not rows:
        return None
    people = {contact_id for _number, contact_id, _said in rows}
    unrelate_many(by=by, contact_ids=people, request_id=imported.request_id, since=imported.made_at)
    return rows[-1][0]


def _next(imported: Import, after: int) -> list[tuple[int, int, list[dict[str, str]]]]:
    """The next rows that name somebody: number, contact, whom they name. Nobody is merged or loaded meanwhile."""
    all_people = imported.policy in (Import.Policy.FILL_EMPTY, Import.Policy.UPDATE)
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOADS_LOCK])
        sql.execute(_NEXT, [imported.pk, after, all_people, PORTION])
        return [(number, contact_id, json.loads(said)) for number, contact_id, said in sql.fetchall()]
