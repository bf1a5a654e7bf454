"""`veche bench suggestions`: what is offered while an address is typed, from 150 000 streets of a base.

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
STREETS, TOWNS, TYPED = 150_000, 300, 250
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


@bench_group("suggestions")
def suggestions(contacts: int) -> Iterator[Figure]:
    """From the third letter of a street to its house."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("DELETE FROM contacts_knownstreet")
            sql.execute(_FILL, {"streets": STREETS, "syllables": _SYLLABLES, "ends": _ENDS})
            sql.execute("ANALYZE contacts_knownstreet")
            sql.execute(
                "SELECT lower(town), street_key FROM contacts_knownstreet ORDER BY hashint8(id) LIMIT %s",
                [TYPED],
            )
            rows = sql.fetchall()
            sql.execute("SELECT count(*) FROM contacts_knownstreet")
            yield Figure(name="streets of the base", value=sql.fetchone()[0], unit="streets")
        dice = random.Random(7)
        for name, typed in {
            "street": [street[: dice.randint(3, 7)] for _town, street in rows],
            "town and street": [f"{town[:5]} {street[: dice.randint(1, 6)]}" for town, street in rows],
            "street with a house": [f"{town}, {street} {dice.randint(1, 99)}" for town, street in rows],
            "nothing of the base": [f"ъ{street[:3]}" for _town, street in rows],
        }.items():
            times = [milliseconds(lambda text=text: offers(ACTOR, text)) for text in typed]
            yield Figure(name=f"{name}, as it is typed", value=percentile(times, 95), unit="ms", bar=BAR)
        transaction.set_rollback(True)
