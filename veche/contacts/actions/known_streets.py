"""Streets of the base's own addresses, kept ready to be suggested while somebody types.

None of it is an act of anybody's, so nothing is published. Each function may run twice: it counts, it does not add.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

# As `queries.known_streets.typed_words` folds what is typed.
_WORDS = """
' ' || btrim(regexp_replace(
    replace(lower(town || ' ' || street), 'ё', 'е'), '[^0-9a-zа-я]+', ' ', 'g'))
"""
_ADD = f"""
INSERT INTO contacts_knownstreet (region, town, street, town_key, street_key, people, words)
SELECT region, town, street, town_key, street_key, people, {_WORDS} FROM (
    SELECT region, town, street, min(town_key) AS town_key, min(street_key) AS street_key,
           count(DISTINCT contact_id) AS people
    FROM contacts_addressreading WHERE town_key <> '' {{these}} GROUP BY region, town, street
    ORDER BY region, town, street) AS found
ON CONFLICT (town, street, region) DO
"""
_COUNT = (
    _ADD.format(these="")
    + """UPDATE SET people = EXCLUDED.people, words = EXCLUDED.words,
    town_key = EXCLUDED.town_key, street_key = EXCLUDED.street_key
WHERE (contacts_knownstreet.people, contacts_knownstreet.words, contacts_knownstreet.street_key)
   IS DISTINCT FROM (EXCLUDED.people, EXCLUDED.words, EXCLUDED.street_key)
"""
)
_FORGET = """
DELETE FROM contacts_knownstreet AS known WHERE NOT EXISTS (
    SELECT FROM contacts_addressreading AS reading
    WHERE reading.town_key = known.town_key AND reading.town_key <> '' AND reading.street_key = known.street_key
    AND reading.town = known.town AND reading.street = known.street AND reading.region = known.region)
"""


@transaction.atomic
def count_streets() -> None:
    """All streets anew, with how many people each has; those of nobody go."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext('contacts.known_streets'))")
        sql.execute(_COUNT)
        sql.execute(_FORGET)


def add_streets(address_ids: Collection[int]) -> set[str]:
    """Streets of addresses that were just read, where they are not known yet; they are counted at night.

    Returns the keys of towns that have got a new one.
    """
    with connection.cursor() as sql:
        sql.execute(
            _ADD.format(these="AND address_id = ANY(%s)") + "NOTHING RETURNING town_key", [list(address_ids)]
        )
        return {row[0] for row in sql.fetchall()}
