"""Organisations named in a set, as places of work by the rows of a file: each found by its name or added once, and
linked. In sets, never rows, in the caller's transaction, who sees to it that nobody else loads meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from veche.contacts.actions.bulk import write_contacts
from veche.contacts.actions.bulk_plan import Batch
from veche.contacts.actions.relating_many import link_many
from veche.contacts.models import Kind, RelationKind
from veche.contacts.naming import key_of
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.core.action import action, unchanged
from veche.core.actor import Actor


@dataclass(frozen=True)
class Place:
    """The organisation `name` is `code` (of a kind, from either end) to the contact; `row` of the file says so."""

    contact_id: int
    code: str
    name: str
    row: int

    @cached_property
    def key(self) -> str:
        return key_of(self.name)


@dataclass(frozen=True)
class Linked:
    """How many of the places were linked, how many organisations were added for it."""

    found: int
    added: int


# By the index of names. What the batch itself has added is known to it, whoever sees it.
_KNOWN = """
SELECT said.key, count(*), min(contact.id)
FROM unnest(%s::text[]) AS said(key) JOIN contacts_contact AS contact ON contact.name_key = said.key
WHERE contact.kind = 'organisation' AND contact.removed_at IS NULL AND ({visible} OR EXISTS (
    SELECT 1 FROM contacts_origin AS origin WHERE origin.contact_id = contact.id AND origin.batch = %s))
GROUP BY said.key
"""
_NEW = """
SELECT said.row, -said.number, NULL::bigint, 'new', said.draft
FROM unnest(%(rows)s::int[], %(drafts)s::jsonb[]) WITH ORDINALITY AS said(row, draft, number)
"""


@action("contacts.edit")
def link_places(*, by: Actor, batch: Batch, named: Sequence[Place]) -> Linked:
    """Link each person with the organisation of that name. One that the base lacks is added, as the batch's own: its
    undo takes it again. Of several that are called so none is taken. May run twice.
    """
    unchanged()
    named = _sensible(by, named)
    known = _known(by, batch, named)
    fresh = {each.key: each for each in reversed(named) if each.key not in known}
    if fresh:
        given = {"rows": [each.row for each in fresh.values()], "drafts": list(map(_draft, fresh.values()))}
        write_contacts(by=by, batch=batch, source=_NEW, params=given)
        known |= _known(by, batch, list(fresh.values()))
    ties = [(each.contact_id, known[each.key], each.code) for each in named if known[each.key]]
    link_many(by=by, ties=ties)
    return Linked(len(ties), len(fresh))


def _sensible(by: Actor, named: Sequence[Place]) -> list[Place]:
    """Those that say something of a person, by a kind that is in use and links such two."""
    kinds = RelationKind.objects.filter(archived_at=None)
    codes = set(kinds.filter(one_is__in=("", Kind.ORGANISATION)).values_list("code", flat=True))
    codes |= set(kinds.filter(other_is__in=("", Kind.ORGANISATION)).values_list("reverse_code", flat=True))
    ids = {each.contact_id for each in named if each.key and each.code in codes}
    people = set(contacts_for(by).filter(pk__in=ids, kind=Kind.PERSON).values_list("pk", flat=True))
    return [each for each in named if each.contact_id in people and each.key and each.code in codes]


def _known(by: Actor, batch: Batch, named: Sequence[Place]) -> dict[str, int]:
    """The organisations of these names by key; 0 for a name that several have."""
    visible, params = visible_sql(by)
    with connection.cursor() as sql:
        sql.execute(
            _KNOWN.replace("{visible}", visible), [sorted({each.key for each in named}), *params, batch.id]
        )
        return {key: first if count == 1 else 0 for key, count, first in sql.fetchall()}


def _draft(place: Place) -> str:
    return json.dumps(
        {"kind": Kind.ORGANISATION, "name": place.name, "name_as_given": place.name, "name_key": place.key}
    )
