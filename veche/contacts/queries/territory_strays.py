"""Who lives in a territory's houses and has another territory, set by hand. Found by houses: no column says it."""

from __future__ import annotations

from django.db import connection

from veche.addresses import KIND_PATTERN
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor

_STRAYS = """
SELECT DISTINCT contact.id FROM addresses_housecover AS cover
JOIN addresses_coverage AS v ON v.territory_id = cover.territory_id AND v.leads
JOIN addresses_knownhouse AS k ON k.id = cover.house_id
JOIN contacts_addressreading AS r ON r.street_key = k.street_key AND r.town_key = k.town_key AND r.house = k.house
    AND r.region = k.region AND COALESCE(substring(r.street FROM %s), '') = k.street_kind
    AND {place}
JOIN contacts_contact AS contact ON contact.id = r.contact_id
WHERE cover.territory_id = %s AND cover.state = 'own' AND contact.territory_id IS DISTINCT FROM cover.territory_id
  AND contact.territory_id IS DISTINCT FROM contact.territory_by_address
  AND (SELECT a.id FROM contacts_addressreading AS n JOIN contacts_postaladdress AS a ON a.id = n.address_id
       WHERE n.contact_id = contact.id AND (n.street_key <> '' OR n.town_key <> '')
       ORDER BY a.validity = 'invalid',
           CASE a.purpose WHEN 'registration' THEN 0 WHEN '' THEN 1 WHEN 'home' THEN 1 WHEN 'postal' THEN 2 ELSE 3 END,
           a.position, a.id LIMIT 1) = r.address_id
  AND {visible}
"""


def stray_ids(actor: Actor, territory_id: int) -> list[int]:
    """Contacts of the territory's houses whose territory somebody has set otherwise."""
    visible, given = visible_sql(actor)
    found: set[int] = set()
    with connection.cursor() as sql:
        for place in (
            "r.town_key <> ''",
            "r.street_key <> '' AND r.town_key = ''",
        ):  # each has an index of its own
            sql.execute(_STRAYS.format(visible=visible, place=place), [KIND_PATTERN, territory_id, *given])
            found |= {row[0] for row in sql.fetchall()}
    return sorted(found)
