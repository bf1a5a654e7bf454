"""Erasing a person for good. How each of this room's tables takes part in it, and in a merge: `taking_part`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.contacts import KEPT_DAYS
from veche.contacts.events import ContactErased
from veche.contacts.models import Contact
from veche.contacts.queries.scope import contacts_for, removed_contacts_for
from veche.contacts.registry import erasure_participants
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish_set


@action("contacts.delete")
def erase_contact(*, by: Actor, contact_id: int) -> int:
    """Erase a contact for good, removed or not: all its rows in all rooms. Returns how many contacts went (0 or 1).

    The ledger keeps that something happened to this number, which then means nobody. There is no undo. Whoever may
    not see the contact gets 0 like for a number that never was.
    """
    known = (
        contacts_for(by).filter(pk=contact_id).exists()
        or removed_contacts_for(by).filter(pk=contact_id).exists()
    )
    if not known:
        unchanged()
        return 0
    return _erase(by, [contact_id])


@action("contacts.delete")
def erase_contacts(*, by: Actor, contact_ids: Collection[int]) -> int:
    """Erase contacts for good, whoever may see them; returns how many there were. Call it with some thousands."""
    return _erase(by, contact_ids)


@action("contacts.delete")
def erase_long_removed(*, by: Actor, portion: int = 1000) -> int:
    """Erase at most `portion` contacts whose days of grace are over; returns how many. A second run finds none."""
    limit = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    over = removed_contacts_for(by).filter(removed_at__lt=limit).order_by("removed_at")
    ids = list(over.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:portion])
    return _erase(by, ids)


def _erase(by: Actor, contact_ids: Collection[int]) -> int:
    """The contacts and their rows in all rooms go, locked in the order of ids; the ledger keeps that they went."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [sorted(contact_ids)]
        )
        ids = [row[0] for row in sql.fetchall()]
    if not ids:
        unchanged()
        return 0
    for participant in erasure_participants:
        participant.erase(by, ids)
    Contact.objects.filter(pk__in=ids).delete()
    select = "SELECT NULL::bigint, id, NULL::jsonb FROM unnest(%s::bigint[]) AS id"
    publish_set(ContactErased(), by=by, select=select, params=[ids])
    return len(ids)


def delete_rows(table: str) -> Callable[[Actor, Collection[int]], None]:
    """An erasure of `table`: the rows go."""

    def erase(by: Actor, contact_ids: Collection[int]) -> None:
        with connection.cursor() as sql:
            sql.execute(f"DELETE FROM {table} WHERE contact_id = ANY(%s)", [list(contact_ids)])

    return erase
