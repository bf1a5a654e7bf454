"""What every change of one contact does: lock it, see that nobody was faster, keep before and after, new revision."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from veche.contacts.models import Contact, FieldChange
from veche.contacts.queries.merged_away import not_there
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.ledger import Event, publish
from veche.core.refusal import Stale

Before = Any
After = Any
Change = tuple[str, Before, After]  # field code, JSON before, JSON after


def taken(by: Actor, contact_id: int) -> Contact:
    """The contact, locked until the transaction ends; `NotFound` when `by` may not see it, `MergedAway` with where
    it went."""
    contact = contacts_for(by).select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None:
        raise not_there(by, contact_id)
    return contact


def present(by: Actor, contact_id: int) -> Contact:
    """The same for who only hangs something on the contact: nobody merges or erases it until the transaction ends."""
    contact = contacts_for(by).select_for_update(of=("self",), no_key=True).filter(pk=contact_id).first()
    if contact is None:
        raise not_there(by, contact_id)
    return contact


def insist_fresh(contact: Contact, seen: int | None, fields: Collection[str]) -> None:
    """`Stale` when one of `fields` was changed after revision `seen`, the one that the editor had on the screen.

    Changes of other fields do no harm; `phone` stands for every phone, and so on. A revision that the ledger knows
    nothing of (made in bulk) counts as a change of everything. None means that the caller does not care.
    """
    if seen is None or seen >= contact.revision:
        return
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT (data->>'revision')::int, data->'fields' FROM core_ledger
            WHERE contact_id = %s AND data ? 'revision' AND (data->>'revision')::int > %s
            """,
            [contact.pk, seen],
        )
        later = sql.fetchall()
    if len({revision for revision, _touched in later}) < contact.revision - seen:
        raise Stale
    touched = {code for _revision, codes in later for code in _codes(codes)}
    touched |= {code.partition(".")[0] for code in touched}
    if touched & set(fields):
        raise Stale


def _codes(stored: Any) -> list[str]:
    return json.loads(stored) if isinstance(stored, str) else stored


def keep(by: Actor, contact: Contact, changes: Iterable[Change], **columns: Any) -> list[FieldChange]:
    """Store `columns` of the contact with a new revision, and what each field held before and after."""
    now = timezone.now()
    contact.revision += 1
    contact.changed_at = now
    for name, value in columns.items():
        setattr(contact, name, value)
    contact.save(update_fields=["revision", "changed_at", *columns])
    return FieldChange.objects.bulk_create(
        FieldChange(
            contact=contact,
            field=field,
            before=before,
            after=after,
            at=now,
            by_id=by.user_id,
            request_id=by.request_id,
        )
        for field, before, after in changes
    )


def record(
    by: Actor,
    contact: Contact,
    code: str,
    row: Model,
    before: Any,
    after: Any,
    event: type[Event],
    **own: Any,
) -> FieldChange:
    """What became of one row of the contact, such as a phone: kept as a change of field `code`, and published as
    `event` with what is its `own`."""
    (kept,) = keep(by, contact, [(code, before, after)])
    fields = (f"{code}.{row.pk}",)
    publish(
        event(contact_id=contact.pk, object_id=row.pk, fields=fields, revision=contact.revision, **own), by=by
    )
    return kept
