"""`veche bench suggestions`: what is offered while an address is typed, from 150 000 streets and 3 000 000 houses.

The streets are made up, and the base is left as it was. No register is asked: `veche bench gar` does that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db import connection, transaction

from veche.accounts.queries import every_permission
from veche.contacts.queries.known_streets import offers
from veche.core.actor import Actor
from veche.core.measuring import Figure, bench_group, milliseconds, percentile

ACTOR = Actor(user_id=1, sees_all=True, permissions=every_permission())
STREETS, TYPED = 150_000, 250
HOUSES = 20  # of a street
LONG_STREETS, LONG = 100, 1500  # so many streets have so many houses more
BAR = 50  # ms
_SYLLABLES = "ле ма со ка ро ни ми ве по са бо кра зе тру га до ту ви пе ал".split()
_ENDS = "нина ская вая рова шева тинская лёва дова нова мова".split()
_FILL = """
INSERT INTO contacts_knownstreet (region, town, street, town_key, street_key, people, words)
SELECT 'Тверская область', town, 'ул. ' || initcap(street), lower(town), street, people,
       ' ' || lower(town) || ' ул ' || street
FROM (SELECT initcap(s.a[1 + n %% 20] || s.a[1 + n / 20 %% 15] || 'град') AS town,
             power(10, 4 * random())::int AS people, s.a[1 + n / 300 %% 20] || s.a[1 + n / 6000 %% 20]
             || s.a[1 + n / 77 %% 20] || s.e[1 + n / 300 %% 10] AS street
      FROM generate_series(0, %(streets)s - 1) AS n,
           (SELECT %(syllables)s::text[] AS a, %(ends)s::text[] AS e) AS s) AS made
ON CONFLICT DO NOTHING
"""
_BUILD = """
INSERT INTO contacts_house (mark, region, postcode, town, street, number, town_key, street_key, house_number, people,
    flats_known, open_problems, kind, first_floor, ranges, management, management_phone, note, place_from, is_kept,
    revision, changed_at)
SELECT hashtextextended(street_key || n, id), region, '', town, street, n::text, town_key, street_key, n, 1, 1, 0, '',
       1, '[]', '', '', '', '', false, 1, now()
FROM (SELECT *, row_number() OVER (ORDER BY people DESC) AS place FROM contacts_knownstreet) AS known,
     generate_series(1, CASE WHEN place <= %(long_streets)s THEN %(long)s ELSE %(houses)s END) AS n
"""


@bench_group("suggestions")
def suggestions(contacts: int) -> Iterator[Figure]:
    """From the third letter of a street to its house."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("DELETE FROM contacts_knownstreet")
            sql.execute(_FILL, {"streets": STREETS, "syllables": _SYLLABLES, "ends": _ENDS})
            sql.execute("ANALYZE contacts_knownstreet")
            sql.execute("DELETE FROM contacts_house")
            sql.execute(_BUILD, {"long_streets": LONG_STREETS, "long": LONG, "houses": HOUSES})
            sql.execute("ANALYZE contacts_house")
            sql.execute(
                "SELECT lower(town), street_key FROM contacts_knownstreet ORDER BY hashint8(id) LIMIT %s",
                [TYPED],
            )
            rows = sql.fetchall()
            sql.execute("SELECT count(*) FROM contacts_knownstreet")
            yield Figure(name="streets of the base", value=sql.fetchone()[0], unit="streets")
            sql.execute("SELECT count(*) FROM contacts_house")
            yield Figure(name="houses of the base", value=sql.fetchone()[0], unit="houses")
            sql.execute(
                "SELECT town, street_key FROM contacts_knownstreet ORDER BY people DESC LIMIT %s",
                [LONG_STREETS],
            )
            long = sql.fetchall()
        dice = random.Random(7)
        for name, typed in {
            "street": [street[: dice.randint(3, 7)] for _town, street in rows],
            "town and street": [f"{town[:5]} {street[: dice.randint(1, 6)]}" for town, street in rows],
            "street with a house": [f"{town}, {street} {dice.randint(1, 99)}" for town, street in rows],
            "long street with a house": [f"{town}, {street} {dice.randint(1, 99)}" for town, street in long],
            "nothing of the base": [f"ъ{street[:3]}" for _town, street in rows],
        }.items():
            times = [milliseconds(lambda text=text: offers(ACTOR, text)) for text in typed]
            yield Figure(name=f"{name}, p50", value=percentile(times, 50), unit="ms")
            yield Figure(name=f"{name}, as it is typed", value=percentile(times, 95), unit="ms", bar=BAR)
        transaction.set_rollback(True)
