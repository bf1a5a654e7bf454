"""Tags and campaigns in a change of many people, and its undo. Called by `mass_changes` only.

The row that a change made or took stands in `MassOutcome.before`: a tag that somebody took off and put on again since
has another row, so it is known to be theirs. An undo puts back the very row that was taken, number and all.
"""

from __future__ import annotations

from typing import Any

from veche.contacts.events import CampaignJoined, CampaignLeft, TagPut, TagTaken
from veche.contacts.models import MassChange, MassOutcome
from veche.core.actor import Actor
from veche.core.ledger import Event, publish_set

Kind, What = MassChange.Kind, MassOutcome.What
PUTS = (Kind.TAG_PUT, Kind.CAMPAIGN_PUT)
# kind: (table, column of what belongs, column of the moment, the table of these, event of putting, of taking)
_TAGS = ("contacts_tagassignment", "tag_id", "made_at", "contacts_tag", TagPut, TagTaken)
_CAMPAIGNS = (
    "contacts_membership",
    "campaign_id",
    "since",
    "campaigns_campaign",
    CampaignJoined,
    CampaignLeft,
)
LINKS: dict[str, tuple[str, str, str, str, type[Event], type[Event]]] = {
    Kind.TAG_PUT: _TAGS, Kind.TAG_TAKE: _TAGS, Kind.CAMPAIGN_PUT: _CAMPAIGNS, Kind.CAMPAIGN_TAKE: _CAMPAIGNS,
}  # fmt: skip

_PUT = """
WITH made AS (
    INSERT INTO {table} ({thing}, contact_id, {moment})
    SELECT %(thing)s, contact_id, %(now)s FROM unnest(%(seen)s::bigint[]) AS contact_id ORDER BY contact_id
    ON CONFLICT DO NOTHING RETURNING id, contact_id
)
"""
_TAKE = """
WITH made AS (
    DELETE FROM {table} WHERE {thing} = %(thing)s AND contact_id = ANY(%(seen)s)
    RETURNING id, contact_id, {moment} AS moment
)
"""
_NOTE = """
INSERT INTO contacts_massoutcome (mass_change_id, contact_id, what, before)
SELECT %(mass)s, contact_id, CASE WHEN made.id IS NULL THEN 'same' ELSE 'changed' END,
       CASE WHEN made.id IS NOT NULL THEN {before} END
FROM unnest(%(seen)s::bigint[]) AS contact_id LEFT JOIN made USING (contact_id) ORDER BY contact_id
RETURNING contact_id, what
"""
_BEFORE_PUT = "jsonb_build_object('row', made.id)"
_BEFORE_TAKE = "jsonb_build_object('row', made.id, 'at', made.moment)"

_MADE = """
SELECT (before ->> 'row')::bigint, contact_id FROM contacts_massoutcome
WHERE mass_change_id = %(mass)s AND contact_id = ANY(%(seen)s)
"""
# By numbers that are given and no other way (hence the + 0): of a tag just put on many the server knows nothing yet,
# and would read all of it for every portion.
_TAKE_BACK = """
DELETE FROM {table} AS link USING unnest(%(rows)s::bigint[], %(people)s::bigint[]) AS made(id, contact_id)
WHERE link.id = ANY(%(rows)s) AND link.id = made.id AND link.contact_id = made.contact_id
  AND link.{thing} + 0 = %(thing)s
RETURNING link.contact_id
"""
# Nobody gets back what somebody has given and taken again since: of that the ledger has the last word.
_PUT_BACK = """
INSERT INTO {table} (id, {thing}, contact_id, {moment})
SELECT (o.before ->> 'row')::bigint, %(thing)s, o.contact_id, (o.before ->> 'at')::timestamptz
FROM contacts_massoutcome AS o
WHERE o.mass_change_id = %(mass)s AND o.contact_id = ANY(%(seen)s)
  AND EXISTS (SELECT 1 FROM {things} WHERE id = %(thing)s)
  AND NOT EXISTS (
      SELECT 1 FROM core_ledger AS l
      WHERE l.contact_id = o.contact_id AND l.at >= %(since)s AND l.kind = ANY(%(kinds)s)
        AND l.object_id = %(thing)s AND l.request_id <> ALL (%(undone)s::uuid[]))
ORDER BY o.contact_id
ON CONFLICT DO NOTHING RETURNING contact_id
"""
_THERE = "SELECT contact_id FROM {table} WHERE {thing} = %(thing)s AND contact_id = ANY(%(rest)s)"


def change(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> list[str]:
    """Put or take it at the people `seen`; returns what became of each."""
    table, thing, moment, _things, put, took = LINKS[mass.kind]
    puts = mass.kind in PUTS
    words = {
        "table": table,
        "thing": thing,
        "moment": moment,
        "before": _BEFORE_PUT if puts else _BEFORE_TAKE,
    }
    sql.execute(((_PUT if puts else _TAKE) + _NOTE).format(**words), params)
    outcomes = sql.fetchall()
    _publish(put if puts else took, by, mass, [key for key, what in outcomes if what == What.CHANGED])
    return [what for _key, what in outcomes]


def undo(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> dict[int, str]:
    """Take back what was put, put back what was taken; returns what became of each."""
    table, thing, moment, things, put, took = LINKS[mass.kind]
    puts = mass.kind in PUTS
    words = {"table": table, "thing": thing, "moment": moment, "things": things}
    params = params | {"kinds": [put.kind, took.kind]}
    if puts:
        sql.execute(_MADE, params)
        made = sql.fetchall()
        params |= {"rows": [row for row, _person in made], "people": [person for _row, person in made]}
    sql.execute((_TAKE_BACK if puts else _PUT_BACK).format(**words), params)
    back = {row[0] for row in sql.fetchall()}
    rest = [key for key in params["seen"] if key not in back]
    sql.execute(_THERE.format(**words), params | {"rest": rest})
    there = {row[0] for row in sql.fetchall()}
    _publish(took if puts else put, by, mass, sorted(back))
    kept = [key for key in rest if (key in there) == puts]
    return dict.fromkeys(params["seen"], What.UNDONE) | dict.fromkeys(kept, What.KEPT)


def _publish(event: type[Event], by: Actor, mass: MassChange, contact_ids: list[int]) -> None:
    select = "SELECT contact_id, %s::bigint, NULL::jsonb FROM unnest(%s::bigint[]) AS contact_id ORDER BY 1"
    publish_set(event(), by=by, select=select, params=[mass.value, contact_ids])
