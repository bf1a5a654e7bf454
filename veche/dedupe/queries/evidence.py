"""What is known of people, read out of the base in keyed portions for the finder. Removed people and organisations
are left out, and so is what tells nothing: numbers that do not work, an office's or an invented phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from veche.dedupe.finding import Evidence, evidence_of
from veche.dedupe.models import PhoneVerdict
from veche.names import parse_name

PORTION = 20_000


_PEOPLE = """
SELECT contact.id, contact.surname, contact.given_name, contact.patronymic, contact.gender,
       contact.birth_year, contact.birth_month, contact.birth_day
FROM contacts_contact AS contact {whom}
WHERE contact.kind = 'person' AND contact.removed_at IS NULL AND contact.id > %(after)s
ORDER BY contact.id LIMIT {portion}
"""
_POINTS = """
SELECT contact_id, kind, value FROM contacts_contactpoint AS point
WHERE contact_id {whose} AND validity <> 'invalid'
  AND (kind <> 'phone' OR NOT ('x' || left(md5(value), 16))::bit(64)::bigint = ANY(%(silent)s))
ORDER BY contact_id, id
"""
_HOMES = """
SELECT reading.contact_id, reading.town_key, reading.street_key, reading.house, reading.flat
FROM contacts_addressreading AS reading
JOIN contacts_postaladdress AS address ON address.id = reading.address_id AND address.validity <> 'invalid'
WHERE reading.contact_id {whose} AND reading.town_key <> ''
ORDER BY reading.contact_id, reading.flat_mark IS NULL, reading.house_mark IS NULL, address.position, address.id
"""
# By which names else somebody was known: those of cards merged into this one, and surnames that were changed on it, as
# a woman's is who married.
_FORMER = """
SELECT contact_id, true, value #>> '{{}}' FROM contacts_othervalue WHERE contact_id {whose} AND field = 'name'
UNION
SELECT contact_id, false, before #>> '{{}}' FROM contacts_fieldchange
WHERE contact_id {whose} AND field = 'surname' AND NOT is_undo AND jsonb_typeof(before) = 'string' AND before <> '""'
"""
_OF_ALL, _OF_SOME = "BETWEEN %(first)s AND %(last)s", "= ANY(%(some)s)"


def portion_after(after: int, *, only: str = "", portion: int = PORTION) -> list[Evidence]:
    """The next people after the id `after`, in the order of ids; only those in the table `only`, if one is named."""
    whom = f"JOIN {only} AS chosen ON chosen.id = contact.id" if only else ""
    given: dict[str, Any] = {"after": after, "silent": _silent_marks()}
    with connection.cursor() as sql:
        sql.execute(_PEOPLE.format(whom=whom, portion=portion), given)
        people = sql.fetchall()
        if not people:
            return []
        given |= {"first": people[0][0], "last": people[-1][0]}
        ids = {row[0] for row in people}
        points = _gathered(sql, _POINTS.format(whose=_OF_ALL), given, ids)
        homes = _gathered(sql, _HOMES.format(whose=_OF_ALL), given, ids)
        former = _gathered(sql, _FORMER.format(whose=_OF_ALL), given, ids)
    return [_told(row, *(each.get(row[0], ()) for each in (points, homes, former))) for row in people]


def evidence_about(contact_ids: Collection[int], *, of_points: bool = True) -> list[Evidence]:
    """The evidence of these few people, in the order of their ids; without phones, e-mails and accounts unless
    `of_points`. Whether they may be seen, the caller has asked."""
    silent = _silent_marks() if of_points else []
    given: dict[str, Any] = {"after": 0, "silent": silent, "some": list(contact_ids)}
    some = "JOIN unnest(%(some)s::bigint[]) AS chosen(id) ON chosen.id = contact.id"
    with connection.cursor() as sql:
        sql.execute(_PEOPLE.format(whom=some, portion=PORTION), given)
        people = sql.fetchall()
        ids = {row[0] for row in people}
        points = _gathered(sql, _POINTS.format(whose=_OF_SOME), given, ids) if of_points else {}
        homes = _gathered(sql, _HOMES.format(whose=_OF_SOME), given, ids)
        former = _gathered(sql, _FORMER.format(whose=_OF_SOME), given, ids)
    return [_told(row, *(each.get(row[0], ()) for each in (points, homes, former))) for row in people]


def everybody(*, only: str = "") -> Iterator[list[Evidence]]:
    """All portions, one after another."""
    after = 0
    while people := portion_after(after, only=only):
        yield people
        after = int(people[-1].id)


def _gathered(
    sql: Any, query: str, given: Mapping[str, Any], ids: set[int]
) -> dict[int, list[tuple[str, ...]]]:
    found: dict[int, list[tuple[str, ...]]] = {}
    sql.execute(query, given)
    for contact_id, *rest in sql.fetchall():
        if contact_id in ids:
            found.setdefault(contact_id, []).append(tuple(rest))
    return found


def _told(
    row: tuple[Any, ...],
    points: Sequence[tuple[str, ...]],
    homes: Sequence[tuple[str, ...]],
    former: Sequence[tuple[bool, str]],
) -> Evidence:
    """Of several addresses the one that says most: with a flat, or with a house, or the first."""
    contact_id, surname, given_name, patronymic, gender, *birthday = row
    reached: dict[str, list[str]] = defaultdict(list)
    for kind, value in points:
        reached[kind if kind in ("phone", "email") else "account"].append(value)
    town, street, house, flat = homes[0] if homes else ("", "", "", "")
    return evidence_of(
        str(contact_id),
        surname=surname,
        former=sorted(
            {parse_name(name).surname if is_whole else name for is_whole, name in former} - {surname, ""}
        ),
        given_name=given_name,
        patronymic=patronymic,
        gender=gender,
        phones=reached["phone"],
        emails=reached["email"],
        socials=reached["account"],
        birthday=tuple(birthday),
        town=town,
        street=street,
        house=house,
        flat=flat,
    )


def _silent_marks() -> list[int]:
    """Numbers that somebody has said to be an office's or invented."""
    silent = PhoneVerdict.objects.filter(what__in=PhoneVerdict.TELLS_NOTHING)
    return list(silent.values_list("pk", flat=True))
