"""Finding misspelt streets: of the whole base at night and after much was read, of a town as soon as it has a new one.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it finds the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from veche.contacts.address_slips import Slip, Street, find_slips
from veche.contacts.models import StreetSlip

MOST_SLIPS = 2_000
LARGEST_TOWN = 1_000  # streets of a town that is looked at at once; larger ones wait for the night
# mode(): «пер. Ленина» and «ул. Ленина» have one key, most people's is meant
_STREETS = """
SELECT town_key, street_key, mode() WITHIN GROUP (ORDER BY town), mode() WITHIN GROUP (ORDER BY street),
       count(DISTINCT contact_id)
FROM contacts_addressreading
WHERE town_key <> '' AND street_key <> '' AND street <> '' GROUP BY town_key, street_key
"""
_OF_TOWN = """
SELECT town_key, street_key, min(town), (array_agg(street ORDER BY people DESC))[1], sum(people)
FROM contacts_knownstreet WHERE town_key = %s AND street_key <> '' AND street <> ''
GROUP BY town_key, street_key LIMIT %s
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('contacts.street_slips'))"


@transaction.atomic
def look_for_slips() -> int:
    """Find misspelt streets anew, which replaces those found before; returns how many."""
    with connection.cursor() as sql:
        sql.execute(_STREETS)
        found = find_slips(Street(*row) for row in sql.fetchall())[:MOST_SLIPS]
        sql.execute(_LOCK)
    StreetSlip.objects.all().delete()
    StreetSlip.objects.bulk_create(_rows(found))
    return len(found)


def look_in_towns(town_keys: Collection[str]) -> None:
    """Add what looks misspelt in these towns, by the streets that are known of them."""
    found: list[Slip] = []
    with connection.cursor() as sql:
        for town in sorted(set(town_keys)):
            sql.execute(_OF_TOWN, [town, LARGEST_TOWN + 1])
            rows = sql.fetchall()
            if len(rows) <= LARGEST_TOWN:
                found += find_slips(Street(*row) for row in rows)
    StreetSlip.objects.bulk_create(_rows(found), ignore_conflicts=True)


def _rows(found: Iterable[Slip]) -> list[StreetSlip]:
    return [
        StreetSlip(
            town_key=slip.wrong.town_key, street_key=slip.wrong.street_key, town=slip.wrong.town,
            wrong=slip.wrong.street, right=slip.right.street, people=slip.wrong.people,
            right_people=slip.right.people,
        )
        for slip in found
    ]  # fmt: skip
