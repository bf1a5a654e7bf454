"""Whom letters of an export are for, in its order: portion by portion, each by one query."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import connection

from veche.addresses.queries.objects import loaded_regions
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.masking import sees_phones
from veche.core.actor import Actor
from veche.exchange.letters.addressing import Person, Recipient, recipient

PORTION = 2_000
# The address for letters goes before others; of those the first. One that was found not to work gets no letter.
_PEOPLE = """
SELECT contact.id, contact.kind, contact.name, contact.surname, contact.given_name, contact.patronymic, contact.gender,
       place.text, CASE WHEN %(phones)s THEN COALESCE(phone.value, '') ELSE '' END
FROM pg_temp.veche_export AS chosen
JOIN contacts_contact AS contact ON contact.id = chosen.contact_id AND contact.removed_at IS NULL
JOIN LATERAL (SELECT text FROM contacts_postaladdress AS address WHERE address.contact_id = contact.id
    AND address.validity <> 'invalid'
    ORDER BY address.purpose <> 'postal', address.position, address.id LIMIT 1) AS place ON true
LEFT JOIN LATERAL (SELECT value FROM contacts_contactpoint AS point WHERE point.contact_id = contact.id
    AND point.kind = 'phone' AND point.validity <> 'invalid' ORDER BY point.position, point.id LIMIT 1) AS phone ON true
WHERE chosen.position > %(after)s AND chosen.position <= %(upto)s ORDER BY chosen.position
"""


def recipients(
    actor: Actor, upto: int, *, only_sure: bool, one_for_flat: bool, tell: Callable[[int], None]
) -> Iterator[Recipient]:
    """Everybody with an address; `only_sure` leaves out those that somebody should look at, `one_for_flat` who lives
    where a letter goes already. `tell` is called after each portion with how many people were looked at."""
    learned, ask_register, seen = learned_streets(), bool(loaded_regions()), set[str]()
    for after in range(0, upto, PORTION):
        for person in _portion(actor, after, after + PORTION):
            letter = recipient(person, learned, ask_register=ask_register)
            if only_sure and not letter.is_sure:
                continue
            if one_for_flat and letter.place:
                if letter.place in seen:
                    continue
                seen.add(letter.place)
            yield letter
        tell(min(after + PORTION, upto))


def _portion(actor: Actor, after: int, upto: int) -> list[Person]:
    with connection.cursor() as sql:
        sql.execute(_PEOPLE, {"after": after, "upto": upto, "phones": sees_phones(actor)})
        return [Person(*row) for row in sql.fetchall()]
