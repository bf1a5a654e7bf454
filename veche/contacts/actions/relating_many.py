"""Relations of people named in a set, as by the rows of a file: whoever is meant is looked for near the one who is
spoken of, and linked where that is one person and no other. In sets, never rows, in the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.bulk_plan import folded, squeezed
from veche.contacts.events import RelationEnded, RelationMade
from veche.contacts.models import Relation
from veche.contacts.naming import key_of
from veche.contacts.queries.scope import visible_sql
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish_set


@dataclass(frozen=True)
class Named:
    """Somebody of this name is `code` (of a kind, from either end) to the contact."""

    contact_id: int
    code: str
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""

    @property
    def key(self) -> str:
        """By which a whole name is looked for; a bare given name has none."""
        if not (self.surname and self.given_name):
            return ""
        return key_of(self.surname, self.given_name, self.patronymic)


# By the whole name first, through its index, so that only the few who are called so are asked where they live, by a
# subquery each: of EXISTS the planner may make a hash of all addresses. A bare given name says too little: among those
# of one phone, e-mail or household only. An address with no number in it is a town: no evidence of anything.
_FOUND = rf"""
WITH said AS MATERIALIZED (
    SELECT said.*,
        ARRAY(SELECT value FROM contacts_contactpoint WHERE contact_id = me AND kind IN ('phone', 'email')) AS points,
        ARRAY(SELECT {squeezed("text")} FROM contacts_postaladdress WHERE contact_id = me AND text ~ '\d') AS places,
        (SELECT household_id FROM contacts_householdmember WHERE contact_id = me) AS home
    FROM jsonb_to_recordset(%s) AS said(number int, me bigint, key text, given text, patronymic text)
), candidate AS (
    SELECT said.number, contact.id FROM said JOIN contacts_contact AS contact
        ON contact.name_key >= said.key AND contact.name_key < said.key || '!'
    WHERE said.key <> '' AND contact.id <> said.me AND contact.kind = 'person' AND {{visible}} AND (
        (SELECT 1 FROM contacts_contactpoint AS theirs WHERE theirs.contact_id = contact.id
            AND theirs.kind IN ('phone', 'email') AND theirs.value = ANY(said.points) LIMIT 1) IS NOT NULL
        OR (SELECT 1 FROM contacts_postaladdress AS theirs WHERE theirs.contact_id = contact.id
            AND {squeezed("theirs.text")} = ANY(said.places) LIMIT 1) IS NOT NULL
        OR said.home IS NOT NULL AND (SELECT 1 FROM contacts_householdmember AS theirs
            WHERE theirs.contact_id = contact.id AND theirs.household_id = said.home) IS NOT NULL)
    UNION
    SELECT said.number, contact.id FROM said CROSS JOIN LATERAL (
        SELECT contact_id FROM contacts_contactpoint
            WHERE value = ANY(said.points) AND kind IN ('phone', 'email') AND contact_id <> said.me
        UNION SELECT contact_id FROM contacts_householdmember
            WHERE household_id = said.home AND contact_id <> said.me) AS near(id)
    JOIN contacts_contact AS contact ON contact.id = near.id
    WHERE said.key = '' AND said.given <> '' AND contact.kind = 'person' AND {{visible}}
      AND {folded("contact.given_name")} = {folded("said.given")}
      AND (said.patronymic = '' OR {folded("contact.patronymic")} = {folded("said.patronymic")})
)
SELECT number, min(id) FROM candidate GROUP BY number HAVING count(*) = 1
"""
_LOCK = "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_MADE = """
INSERT INTO contacts_relation (kind_id, one_id, other_id, note, made_at)
SELECT DISTINCT ON (kind.id, LEAST(said.me, said.they), GREATEST(said.me, said.they)) kind.id,
    CASE WHEN kind.code = said.code THEN said.they ELSE said.me END,
    CASE WHEN kind.code = said.code THEN said.me ELSE said.they END, '', %s
FROM jsonb_to_recordset(%s) AS said(me bigint, they bigint, code text)
JOIN contacts_relationkind AS kind ON said.code IN (kind.code, kind.reverse_code) AND kind.archived_at IS NULL
JOIN contacts_contact AS one ON one.id = said.me AND one.kind = 'person' AND one.removed_at IS NULL
JOIN contacts_contact AS other ON other.id = said.they AND other.removed_at IS NULL
ORDER BY kind.id, LEAST(said.me, said.they), GREATEST(said.me, said.they)
ON CONFLICT DO NOTHING RETURNING id
"""
_TOLD = """
SELECT side.me, tie.id, jsonb_build_object('other', side.they, 'code', side.code)
FROM contacts_relation AS tie JOIN contacts_relationkind AS kind ON kind.id = tie.kind_id
CROSS JOIN LATERAL (VALUES (tie.one_id, tie.other_id, kind.reverse_code), (tie.other_id, tie.one_id, kind.code))
    AS side(me, they, code) WHERE tie.id = ANY(%s)
"""
# The last word on each relation of these people, where that is the set's own.
_OURS = """
SELECT DISTINCT object_id FROM (
    SELECT DISTINCT ON (contact_id, object_id) object_id, kind, request_id FROM core_ledger
    WHERE contact_id = ANY(%s) AND at >= %s AND kind = ANY(%s) ORDER BY contact_id, object_id, id DESC
) AS word WHERE kind = %s AND request_id = %s
"""


@action("contacts.edit")
def relate_many(*, by: Actor, named: Sequence[Named]) -> int:
    """Link each contact with whom it names, where `by` sees exactly one such person who shares a phone, an e-mail, an
    address or the household with it. Returns how many of the named were found; may run twice.
    """
    unchanged()
    if not named:
        return 0
    visible, params = visible_sql(by)
    rows = [(n, one.contact_id, one.key, one.given_name, one.patronymic) for n, one in enumerate(named)]
    with connection.cursor() as sql:
        sql.execute(
            _FOUND.replace("{visible}", visible),
            [_said(rows, "number", "me", "key", "given", "patronymic"), *params, *params],
        )
        found = [(named[number].contact_id, they, named[number].code) for number, they in sql.fetchall()]
    link_many(by=by, ties=found)
    return len(found)


@action("contacts.edit")
def link_many(*, by: Actor, ties: Sequence[tuple[int, int, str]]) -> list[int]:
    """Relate in sets: (person, whoever is `code` to them, `code`). What was said already stays as it is, kinds that the
    team has put away and whoever is no person or gone are passed over. Returns the relations that were made."""
    unchanged()
    with connection.cursor() as sql:
        sql.execute(_LOCK, [sorted({each for me, they, _code in ties for each in (me, they)})])
        sql.execute(_MADE, [timezone.now(), _said(ties, "me", "they", "code")])
        made = [row[0] for row in sql.fetchall()]
    _tell(by, RelationMade(other=0, code=""), made)
    return made


@action("contacts.edit")
def unrelate_many(*, by: Actor, contact_ids: Collection[int], request_id: UUID, since: dt.datetime) -> int:
    """Take away the relations of these people that were made under `request_id` and that nobody has made anew."""
    unchanged()
    words = [RelationMade.kind, RelationEnded.kind]
    with connection.cursor() as sql:
        sql.execute(_OURS, [sorted(contact_ids), since, words, RelationMade.kind, request_id])
        ties = Relation.objects.filter(pk__in=[row[0] for row in sql.fetchall()])
        ends = {each for pair in ties.values_list("one_id", "other_id") for each in pair}
        sql.execute(_LOCK, [sorted(ends)])
    gone = sorted(ties.values_list("pk", flat=True))
    _tell(by, RelationEnded(other=0, code=""), gone)
    Relation.objects.filter(pk__in=gone).delete()
    return len(gone)


def _tell(by: Actor, event: RelationMade | RelationEnded, ties: list[int]) -> None:
    if ties:
        publish_set(event, by=by, select=_TOLD, params=(ties,))


def _said(rows: Sequence[tuple[Any, ...]], *columns: str) -> str:
    """Rows as one parameter: arrays of as many values cost the client ten times as much."""
    return json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
