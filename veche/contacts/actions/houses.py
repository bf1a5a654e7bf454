"""Keeping a row for each house that addresses name, with how many people are known there: by sets, never rows.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it makes what is missing and
counts anew. A few houses wait by their marks (`PendingHouse`); after an import, an undo or an update all are counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection, transaction
from django.utils import timezone

from veche.contacts.models import Figure

NEWS = "contacts.houses"  # the figure that says whether all houses wait to be counted
AT_ONCE = 500  # contacts whose houses a subscriber has counted at once
PORTION = 2_000  # houses of one transaction
SLICES = 32  # of the whole base: marks are spread evenly over 64 bits
_LOCK = "contacts.houses"

_NOTE = """
INSERT INTO contacts_pendinghouse (mark)
SELECT DISTINCT house_mark FROM contacts_addressreading WHERE {which} = ANY(%s) AND house_mark IS NOT NULL
"""
_TAKE = """
DELETE FROM contacts_pendinghouse WHERE id IN (SELECT id FROM contacts_pendinghouse ORDER BY id LIMIT %s)
RETURNING mark
"""
# The address of a house is that of its first reading: it was made by people, so any of them is as good.
_COUNT = """
WITH counted AS (
    SELECT reading.house_mark AS mark, min(reading.address_id) AS address_id,
           max(reading.postcode) AS postcode, max(reading.region) AS region,
           count(DISTINCT reading.contact_id) FILTER (WHERE contact.removed_at IS NULL) AS people,
           count(DISTINCT reading.flat_mark) FILTER (WHERE contact.removed_at IS NULL) AS flats
    FROM contacts_addressreading AS reading JOIN contacts_contact AS contact ON contact.id = reading.contact_id
    WHERE {within} GROUP BY reading.house_mark
)
INSERT INTO contacts_house AS house (mark, region, postcode, town, street, number, town_key, street_key, house_number,
    people, flats_known, open_problems, kind, first_floor, ranges, management, management_phone, note, place_from,
    is_kept, revision, changed_at)
SELECT counted.mark, counted.region, counted.postcode, first.town, first.street, first.house, first.town_key,
    first.street_key, COALESCE(first.house_number, 0), counted.people, counted.flats, 0, '', 1, '[]', '', '', '', '',
    false, 1, now()
FROM counted JOIN contacts_addressreading AS first USING (address_id) ORDER BY counted.mark
ON CONFLICT (mark) DO UPDATE SET people = EXCLUDED.people, flats_known = EXCLUDED.flats_known
WHERE (house.people, house.flats_known) IS DISTINCT FROM (EXCLUDED.people, EXCLUDED.flats_known)
"""
_NOBODYS = (
    "NOT EXISTS (SELECT 1 FROM contacts_addressreading AS reading WHERE reading.house_mark = house.mark)"
)
_FORGET = f"DELETE FROM contacts_house AS house WHERE {{within}} AND NOT house.is_kept AND {_NOBODYS}"
_EMPTY = f"""
UPDATE contacts_house AS house SET people = 0, flats_known = 0
WHERE {{within}} AND (house.people > 0 OR house.flats_known > 0) AND {_NOBODYS}
"""


def note_houses_of(contact_ids: Collection[int]) -> None:
    """The houses where these people live are to be counted anew."""
    _note("contact_id", contact_ids)


def note_houses_at(address_ids: Collection[int]) -> None:
    """The houses that these addresses now say are to be counted anew: called before they change, and after."""
    _note("address_id", address_ids)


def _note(which: str, ids: Collection[int]) -> None:
    if ids:
        with connection.cursor() as sql:
            sql.execute(_NOTE.format(which=which), [sorted(ids)])


def keep_pending_houses(*, portion: int = PORTION) -> int:
    """Count the houses that wait, one portion of them; returns how many. A second run finds the next."""
    with transaction.atomic(), connection.cursor() as sql:
        _insist_alone()
        sql.execute(_TAKE, [portion])
        marks = sorted({row[0] for row in sql.fetchall()})
        if marks:
            _keep("{mark} = ANY(%s)", [marks])
    return len(marks)


def expect_all_houses() -> None:
    """All houses are to be counted when nothing else is being done: many addresses came or went."""
    now = timezone.now()
    made = Figure.objects.get_or_create(name=NEWS, defaults={"stale_since": now})[1]
    if not made:
        Figure.objects.filter(name=NEWS).update(stale_since=now)


def are_all_expected() -> bool:
    """Whether all houses wait to be counted; they do in a base that has never counted them."""
    kept = Figure.objects.filter(name=NEWS).first()
    return kept is None or kept.stale_since is not None


def keep_all_houses() -> None:
    """Count all houses, slice by slice, each in a transaction of its own."""
    begun_at = timezone.now()
    for first, last in _slices():
        with transaction.atomic():
            _insist_alone()
            _keep("{mark} BETWEEN %s AND %s", [first, last])
    Figure.objects.get_or_create(name=NEWS, defaults={"stale_since": None})
    Figure.objects.filter(name=NEWS).update(counted_at=timezone.now())
    Figure.objects.filter(name=NEWS, stale_since__lte=begun_at).update(stale_since=None)


def _slices() -> Iterator[tuple[int, int]]:
    lowest, step = -(2**63), 2**64 // SLICES
    for number in range(SLICES):
        yield lowest + number * step, lowest + (number + 1) * step - 1


def _insist_alone() -> None:
    """One transaction counts at a time, so that no two of them wait for each other in a circle."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])


def _keep(within: str, params: list) -> None:
    """Make, count and forget the houses `within`, a test of `{mark}`."""
    of_readings = "reading.house_mark IS NOT NULL AND " + within.format(mark="reading.house_mark")
    of_houses = within.format(mark="house.mark")
    with connection.cursor() as sql:
        sql.execute(_COUNT.format(within=of_readings), params)
        sql.execute(_FORGET.format(within=of_houses), params)
        sql.execute(_EMPTY.format(within=of_houses), params)
