"""Whom letters of an export are for, in its order: portion by portion, each by one query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db import connection

from veche.addresses.queries.objects import loaded_regions
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.masking import sees_phones
from veche.core.actor import Actor
from veche.exchange.letters.addressing import Home, Person, Recipient, recipient

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


# Of households that get one letter, those of the people chosen; the letter goes to the first of them with an address.
_HOMES = """
WITH here AS (
    SELECT DISTINCT member.household_id FROM pg_temp.veche_export AS chosen
    JOIN contacts_householdmember AS member ON member.contact_id = chosen.contact_id
    JOIN contacts_household AS home ON home.id = member.household_id AND home.letter <> 'each'
    WHERE chosen.position > %(after)s AND chosen.position <= %(upto)s)
SELECT home.id, home.letter, contact.id, contact.kind, contact.name, contact.surname, contact.given_name,
       contact.patronymic, contact.gender
FROM here JOIN contacts_household AS home ON home.id = here.household_id
JOIN contacts_householdmember AS member ON member.household_id = home.id
JOIN pg_temp.veche_export AS chosen ON chosen.contact_id = member.contact_id
JOIN contacts_contact AS contact ON contact.id = member.contact_id AND contact.removed_at IS NULL
ORDER BY home.id, member.is_head DESC, member.id
"""


def recipients(
    actor: Actor,
    upto: int,
    *,
    only_sure: bool,
    one_for_flat: bool,
    one_for_home: bool = False,
    tell: Callable[[int], None],
) -> Iterator[Recipient]:
    """Everybody with an address; `only_sure` leaves out those that somebody should look at, `one_for_flat` who lives
    where a letter goes already, `one_for_home` whose household gets one. `tell` is called after each portion with how
    many people were looked at."""
    learned, ask_register = learned_streets(), bool(loaded_regions())
    seen, told_homes = set[str](), set[int]()
    if one_for_home:
        _index_people()
    for after in range(0, upto, PORTION):
        homes = _homes(after, after + PORTION) if one_for_home else {}
        for person in _portion(actor, after, after + PORTION):
            home = homes.get(person.number)
            if home and home.number in told_homes:
                continue
            letter = recipient(person, learned, ask_register=ask_register, home=home)
            if only_sure and not letter.is_sure:
                continue
            if home:
                told_homes.add(home.number)
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


def _index_people() -> None:
    with connection.cursor() as sql:
        sql.execute("CREATE INDEX ON pg_temp.veche_export (contact_id)")
        sql.execute("ANALYZE pg_temp.veche_export")


def _homes(after: int, upto: int) -> dict[int, Home]:
    """Who of a portion is of which household, of those with two people or more among whom letters are for."""
    homes: dict[int, Home] = {}
    with connection.cursor() as sql:
        sql.execute(_HOMES, {"after": after, "upto": upto})
        for number, letter, *person in sql.fetchall():
            home = homes.setdefault(number, Home(number, letter))
            homes[number] = replace(home, people=(*home.people, Person(*person, address="")))
    return {each.number: home for home in homes.values() if len(home.people) > 1 for each in home.people}
