"""Saying what a misspelt street is to be read as: for all who live there, now and later. The texts stay as they are."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from veche.contacts.actions.address_reading import AT_ONCE, keep_addresses_for_later, read_addresses_of
from veche.contacts.address_slips import Street, find_slips
from veche.contacts.address_texts import street_named
from veche.contacts.events import StreetForgotten, StreetLearned
from veche.contacts.models import LearnedStreet, StreetSlip
from veche.contacts.queries.learned_streets import name_of_street
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal

MOST_SLIPS = 2_000
_STREETS = """
SELECT town_key, street_key, min(town), min(street), count(DISTINCT contact_id) FROM contacts_addressreading
WHERE town_key <> '' AND street_key <> '' AND street <> '' GROUP BY town_key, street_key
"""
# no version of the parser is 0: whoever has it is read anew
_FORGET = """
UPDATE contacts_addressreading SET version = 0
WHERE town_key = %s AND town_key <> '' AND street_key = %s RETURNING contact_id
"""


@action("contacts.shape")
def learn_street(*, by: Actor, town_key: str, street_key: str, right: str = "") -> LearnedStreet:
    """Read this street of this town as `right` from now on; without it the street is right as it is.

    `Refusal` for a text that names no street, or the same one.
    """
    named = name_of_street(town_key, street_key)
    if named is None:
        raise NotFound
    right = " ".join(right.split())
    if right:
        key, right = street_named(right)
        if not key or key == street_key:
            sentence = _("Write the street as it should be, for example “ул. Ленина”.")
            raise Refusal("contacts.street", sentence, fields={"right": sentence})
    town, wrong = named
    row, _made = LearnedStreet.objects.update_or_create(
        town_key=town_key,
        street_key=street_key,
        defaults={"town": town, "wrong": wrong, "right": right[:200], "made_by_id": by.user_id},
    )
    publish(StreetLearned(object_id=row.pk, corrected=bool(right)), by=by)
    if right:
        _read_anew(town_key, street_key)
    return row


@action("contacts.shape")
def forget_street(*, by: Actor, learned_id: int) -> None:
    """Read the street as it is written again."""
    row = LearnedStreet.objects.select_for_update().filter(pk=learned_id).first()
    if row is None:
        raise NotFound
    row.delete()
    publish(StreetForgotten(object_id=learned_id), by=by)
    if row.right:
        _read_anew(row.town_key, street_named(row.right)[0])


def _read_anew(town_key: str, street_key: str) -> None:
    """All addresses that were read as this street: at once where they are few, else by the job."""
    with connection.cursor() as sql:
        sql.execute(_FORGET, [town_key, street_key])
        contacts = {row[0] for row in sql.fetchall()}
    if len(contacts) > AT_ONCE:
        keep_addresses_for_later()
    else:
        read_addresses_of(contacts)


@transaction.atomic
def look_for_slips() -> int:
    """Find misspelt streets anew, which replaces those found before; returns how many. May run twice."""
    with connection.cursor() as sql:
        sql.execute(_STREETS)
        found = find_slips(Street(*row) for row in sql.fetchall())[:MOST_SLIPS]
        sql.execute("SELECT pg_advisory_xact_lock(hashtext('contacts.street_slips'))")
    StreetSlip.objects.all().delete()
    StreetSlip.objects.bulk_create(
        StreetSlip(
            town_key=slip.wrong.town_key, street_key=slip.wrong.street_key, town=slip.wrong.town,
            wrong=slip.wrong.street, right=slip.right.street, people=slip.wrong.people,
            right_people=slip.right.people,
        )
        for slip in found
    )  # fmt: skip
    return len(found)
