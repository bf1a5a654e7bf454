"""`veche bench territories`: the houses of a whole base laid out over 3 000 precincts, and everybody moved; then again.

Each person gets an address of a town of our own with its reading beside it, as an import leaves them, and all of it
goes at the end but for the history. The second figure is what the nightly look costs when nothing has changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connection

from veche.accounts.models import Territory
from veche.addresses import name_key
from veche.addresses.actions import territories, territories_placing
from veche.addresses.models import Coverage, HouseCover, TerritoryRule
from veche.contacts.actions.territory_following import expand_streets, follow_portion
from veche.contacts.models import Contact
from veche.core.measuring import Figure, bench_group

STREETS, HOUSES, PRECINCTS = 400, 150, 3_000
BAR = 120  # seconds for a million people
_ADDRESSES = """
WITH made AS (
    INSERT INTO contacts_postaladdress (contact_id, text, purpose, validity, note, position, made_at)
    SELECT id, 'Замерск, ' || id, 'registration', 'unchecked', 'bench', 0, now() FROM contacts_contact
    WHERE removed_at IS NULL RETURNING id, contact_id
)
INSERT INTO contacts_addressreading (address_id, contact_id, version, text_mark, understood, postcode, region, town,
    street, house, flat, rest, town_key, street_key, house_number)
SELECT id, contact_id, 0, 0, 'whole', '', '', 'Замерск', 'ул. Замерная ' || street, house::text, '1', '', 'замерск',
       key[street], house
FROM (SELECT *, contact_id %% %(streets)s + 1 AS street, contact_id / %(streets)s %% %(houses)s + 1 AS house,
             %(keys)s::text[] AS key FROM made) AS placed
"""


@bench_group("territories")
def measure(contacts: int) -> Iterator[Figure]:
    """Laid out and followed for the first time, then once more with nothing to do."""
    _clear()  # what a run that was killed has left
    _set_up()
    try:
        first = _timed()
        people = Contact.objects.filter(territory_by_address__isnull=False).count()
        assert people and HouseCover.objects.filter(state="own").exists(), "everybody has a precinct"
        bar = BAR if contacts >= 1_000_000 else None
        yield Figure(name=f"{people} people follow {PRECINCTS} precincts", value=first, unit="s", bar=bar)
        yield Figure(name="the same again, nothing to move", value=_timed(), unit="s", bar=bar)
    finally:
        _clear()


def _timed() -> float:
    territories.note_all_streets()
    began = time.monotonic()
    expand_streets()
    while follow_portion():
        pass
    territories_placing.count_houses_of_territories()
    return time.monotonic() - began


def _set_up() -> None:
    keys = [name_key(f"Замерная {n}-я") for n in range(1, STREETS + 1)]
    with connection.cursor() as sql:
        sql.execute(_ADDRESSES, {"streets": STREETS, "houses": HOUSES, "keys": keys})
        sql.execute("ANALYZE contacts_addressreading")
        sql.execute("ANALYZE contacts_postaladdress")
    made = Territory.objects.bulk_create(Territory(name=f"Замер {n}") for n in range(PRECINCTS))
    Coverage.objects.bulk_create(Coverage(territory=each, kind=Coverage.Kind.PRECINCT) for each in made)
    share = (
        HOUSES * STREETS // PRECINCTS
    )  # houses of a precinct: the odd ones listed, the even ones as a range
    rows = []
    for n, territory in enumerate(made):
        at = n * share
        street, first = keys[at // HOUSES % STREETS], at % HOUSES + 1
        told = [{"side": "even", "first": first, "last": first + share - 1, "rank": 3}]
        told += [{"house": str(number), "rank": 4} for number in range(first | 1, first + share, 2)]
        place = {"town": "Замерск", "town_key": "замерск", "street": f"ул. {street}", "street_key": street}
        rows += [TerritoryRule(territory=territory, street_kind="ул.", **place, **said) for said in told]
    TerritoryRule.objects.bulk_create(rows, batch_size=5_000)


def _clear() -> None:
    with connection.cursor() as sql:
        ours = "(SELECT id FROM accounts_territory WHERE name LIKE 'Замер %%')"
        sql.execute(
            "UPDATE contacts_contact SET territory_id = NULL, territory_by_address = NULL"
            f" WHERE territory_by_address IN {ours}",
            [],
        )
        known = "(SELECT id FROM addresses_knownhouse WHERE town_key = 'замерск')"
        sql.execute(f"DELETE FROM addresses_housecover WHERE house_id IN {known}")
        for table in ("housecover", "territoryrule", "coverage"):
            sql.execute(f"DELETE FROM addresses_{table} WHERE territory_id IN {ours}", [])
        sql.execute("DELETE FROM addresses_knownhouse WHERE town_key = 'замерск'")
        sql.execute("DELETE FROM addresses_streetfinding WHERE town_key = 'замерск'")
        sql.execute("DELETE FROM contacts_postaladdress WHERE note = 'bench'")
        sql.execute("DELETE FROM accounts_territory WHERE name LIKE 'Замер %%'", [])
