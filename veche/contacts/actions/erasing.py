"""Erasing a person for good, and how each of this room's tables takes part in a merge and in an erasure.

The merge itself comes with the duplicates; what is handed over, and how, is settled here and tested table by table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.db import connection
from django.utils import timezone

from veche.contacts.actions.contacts import KEPT_DAYS
from veche.contacts.events import ContactErased
from veche.contacts.models import Contact
from veche.contacts.queries.scope import contacts_for, removed_contacts_for
from veche.contacts.registry import (
    ErasureParticipant,
    MergeParticipant,
    erasure_participants,
    merge_participants,
)
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish_set

# table: (columns beside contact_id by which two rows are the same, what becomes of them in a merge)
OWN_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "contacts_contactpoint": (("kind", "value", "extension"), "phones and e-mails of both, each once"),
    "contacts_postaladdress": (("text",), "addresses of both, each once"),
    "contacts_addressreading": ((), "what was read of the addresses that stay"),
    "contacts_externalid": (("system", "value"), "the numbers of both"),
    "contacts_membership": (("campaign_id",), "the campaigns of both"),
    "contacts_tagassignment": (("tag_id",), "the tags of both"),
    "contacts_contactrole": (("role_id", "since"), "the roles of both"),
    "contacts_origin": ((), "all origins stay, as they are"),
    "contacts_givencontact": (("list_id",), "on the given lists of both, once"),
    "contacts_houseelder": (("house_id",), "elder of the houses of both"),
    "contacts_note": ((), "all notes"),
    "contacts_fieldchange": ((), "all changes, in one history"),
    "contacts_massoutcome": (("mass_change_id",), "what bulk changes did to both, each once"),
    "contacts_findingdismissal": (("key", "mark"), "what was said to be right of both, each once"),
    "contacts_undokept": (("batch", "field"), "what undone imports left, each once"),
}


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


def hand_over(table: str, same: Collection[str]) -> Callable[[Actor, int, Collection[int]], None]:
    """A merge of `table`: rows of the gone go to the kept one, but for those that it has (by `same`)."""

    def merge(by: Actor, kept_id: int, gone_ids: Collection[int]) -> None:
        params = {"kept": kept_id, "gone": list(gone_ids)}
        with connection.cursor() as sql:
            if same:
                alike = " AND ".join(f"other.{column} IS NOT DISTINCT FROM own.{column}" for column in same)
                sql.execute(
                    f"""
                    DELETE FROM {table} AS own USING {table} AS other
                    WHERE own.contact_id = ANY(%(gone)s) AND {alike}
                      AND (other.contact_id = %(kept)s OR other.contact_id = ANY(%(gone)s) AND other.id < own.id)
                    """,
                    params,
                )
            sql.execute(f"UPDATE {table} SET contact_id = %(kept)s WHERE contact_id = ANY(%(gone)s)", params)

    return merge


def delete_rows(table: str) -> Callable[[Actor, Collection[int]], None]:
    """An erasure of `table`: the rows go."""

    def erase(by: Actor, contact_ids: Collection[int]) -> None:
        with connection.cursor() as sql:
            sql.execute(f"DELETE FROM {table} WHERE contact_id = ANY(%s)", [list(contact_ids)])

    return erase


def _unname_ledger(by: Actor, contact_ids: Collection[int]) -> None:
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE core_ledger SET contact_id = NULL WHERE contact_id = ANY(%s)", [list(contact_ids)]
        )


def take_part() -> None:
    """Enter this room's tables and the ledger into both registries. Called once, in apps.py."""
    for table, (same, plan) in OWN_TABLES.items():
        merge_participants.add(MergeParticipant(table, plan, hand_over(table, same)))
        erasure_participants.add(ErasureParticipant(table, "rows are deleted", delete_rows(table)))
    merge_participants.add(
        MergeParticipant("core_ledger", "what happened to both is one history", hand_over("core_ledger", ()))
    )
    erasure_participants.add(
        ErasureParticipant(
            "core_ledger", "entries stay and mean nobody: the number leads nowhere", _unname_ledger
        )
    )
