"""`veche bench houses`: every house of the base counted, the list by each filter in each order, one passport.

Addresses are not read for it (`veche bench address` measures that): readings are made up, two people to a house, and
the base is left as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from django.db import connection, transaction
from django.http import QueryDict

from veche.accounts.models import Territory
from veche.accounts.queries import every_permission
from veche.contacts.actions import houses
from veche.contacts.models import House
from veche.contacts.queries.house import Passport
from veche.contacts.queries.houses import ORDERS, houses_page
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())
PAGE_BAR, PASSPORT_BAR = 300, 200  # ms
ROUNDS = 3
FILTERS = (
    "", "street=улица 77", "street=Екатеринбург, улица 77 1-25 нечётные", "town=Екатеринбург", "people.from=3",
    "elder=no", "problems=open", "share.to=50", "kind=flats", "management=уют",
)  # fmt: skip
_CROWD = 400  # people of one block of flats
_LIVE = """
WITH numbered AS (
    SELECT address.id, address.contact_id, row_number() OVER (ORDER BY hashint8(address.id)) AS n
    FROM contacts_postaladdress AS address
), placed AS (
    SELECT *, CASE WHEN n <= %(crowd)s THEN 0 ELSE n / 2 END AS house FROM numbered
)
INSERT INTO contacts_addressreading (address_id, contact_id, version, text_mark, understood, postcode, region, town,
    street, house, flat, rest, town_key, street_key, house_number, house_mark, flat_mark)
SELECT id, contact_id, 1, 0, 'whole', '', 'Свердловская область', 'Екатеринбург', 'ул. Улица ' || house / 100,
    (house %% 100 + 1)::text, (n %% 150 + 1)::text, '', 'екатеринбург', 'улица ' || house / 100,
    (house %% 100 + 1)::int, hashtextextended(house::text, 0), hashtextextended(house || '|' || n %% 150, 0)
FROM placed
"""


@bench_group("houses")
def houses_(contacts: int) -> Iterator[Figure]:
    """From readings to the pages."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("TRUNCATE contacts_addressreading, contacts_pendinghouse")
            sql.execute("DELETE FROM contacts_house")
            sql.execute(_LIVE, {"crowd": _CROWD})
            sql.execute("ANALYZE contacts_addressreading")
        yield from _counted()
        yield from _pages("list of houses", ACTOR)
        yield from _pages("list of houses of a territory", _of_a_territory())
        house = House.objects.order_by("-people").first()
        House.objects.filter(pk=house.pk).update(entrances=4, floors=9, last_flat=150, flats=150)
        house.refresh_from_db()
        passport = percentile([milliseconds(lambda: _shown(house)) for _n in range(ROUNDS * 3)], 95)
        yield Figure(name=f"passport with {house.people} people", value=passport, unit="ms", bar=PASSPORT_BAR)
        transaction.set_rollback(True)


def _counted() -> Iterator[Figure]:
    began = time.perf_counter()
    houses.keep_all_houses()
    passed = time.perf_counter() - began
    size = House.objects.count()
    yield Figure(name="houses made and counted", value=size / passed, unit="per s", bar=2_000, at_least=True)
    again = milliseconds(houses.keep_all_houses) / 1000
    yield Figure(name=f"{size} houses counted again", value=again, unit="s")
    with connection.cursor() as sql:
        sql.execute("ANALYZE contacts_house")


def _pages(name: str, actor: Actor) -> Iterator[Figure]:
    times, slowest = [], (0.0, "")
    for query in FILTERS:
        for order in ORDERS:
            taken = min(
                milliseconds(lambda query=query, order=order: _two_pages(actor, query, order))
                for _n in range(ROUNDS)
            )
            times.append(taken / 2)
            slowest = max(slowest, (taken / 2, f"{query} by {order}"))
    yield Figure(name=f"{name} p95", value=percentile(times, 95), unit="ms", bar=PAGE_BAR)
    yield Figure(name=f"{name}, slowest ({slowest[1]})", value=slowest[0], unit="ms")


def _two_pages(actor: Actor, query: str, order: str) -> None:
    first = houses_page(actor, QueryDict(f"{query}&sort={order}"))
    houses_page(actor, QueryDict(f"{query}&sort={order}&after={first.after or ''}"))


def _of_a_territory() -> Actor:
    """Somebody who sees a tenth of the base."""
    territory = Territory.objects.create(name="bench of houses")
    with connection.cursor() as sql:
        sql.execute("UPDATE contacts_contact SET territory_id = %s WHERE id %% 10 = 3", [territory.pk])
        sql.execute("ANALYZE contacts_contact")
    return replace(ACTOR, user_id=None, sees_all=False, scopes={"territory": frozenset({territory.pk})})


def _shown(house: House) -> None:
    passport = Passport(ACTOR, house)
    assert passport.matrix and passport.states and len(passport.residents) >= house.people
