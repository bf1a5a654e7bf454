"""Whom in the base may a record be about that nobody has matched? Many records at once, by indexes only.

Candidates are few and come in sets, one statement for a portion: who has one of its phones, who was born that very day
with a name that begins alike, who is called the same; `deep`, for what somebody types, also who is called nearly so,
and who lives in that house. `likeness` judges them. Only people whom the actor may see are candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from veche.contacts import likeness
from veche.contacts.address_texts import read_address
from veche.contacts.likeness import Place, Traits, is_name, plain
from veche.contacts.models import Contact
from veche.contacts.naming import key_of
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.contacts.queries.typos import slips
from veche.core import presenting
from veche.core.actor import Actor
from veche.names import full_forms

MOST_HOLDERS = 8  # a phone or e-mail that more people have identifies nobody
MOST = 3  # people of one record
FEW = 10  # records that are looked at from every side; of a long list that was pasted none is
LONGEST = 40  # letters of a word whose slips are looked for
_START = 2  # letters of the surname; of a file only those are looked at who were born that day and begin so
_LAST = "\U0010ffff"

WORDS = {
    likeness.PHONE: _("the same phone"),
    likeness.EMAIL: _("the same e-mail"),
    likeness.ACCOUNT: _("the same account"),
    likeness.WHOLE: _("the same name"),
    likeness.NAME: _("the same surname and first name"),
    likeness.SWAPPED: _("surname and first name changed about"),
    likeness.LETTER: _("the name differs by one letter"),
    likeness.MARRIED: _("the same first name and patronymic, another surname"),
    likeness.BIRTHDAY: _("the same birthday"),
    likeness.NEARLY_BORN: _("the birthday differs by one digit"),
    likeness.FLAT: _("the same flat"),
    likeness.HOUSE: _("the same house"),
    likeness.STREET: _("the same street"),
}

_FOUND = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::int[], %(whole)s::text[], %(start)s::text[],
        %(years)s::int[], %(months)s::int[], %(days)s::int[]) AS a(number, whole, start, year, month, day)
), reach AS MATERIALIZED (
    SELECT * FROM unnest(%(of)s::int[], %(kinds)s::text[], %(values)s::text[]) AS r(number, kind, value)
), near AS MATERIALIZED (
    SELECT number, key FROM unnest(%(near_of)s::int[], %(near)s::text[], %(slips)s::text[]) AS n(number, key, slip)
    WHERE slip = '' OR EXISTS (SELECT 1 FROM contacts_nameword WHERE word = slip) -- that people really bear
), house AS MATERIALIZED (
    SELECT * FROM unnest(%(house_of)s::int[], %(houses)s::bigint[]) AS h(number, mark)
), held AS (
    SELECT r.number, p.contact_id, count(*) OVER (PARTITION BY r.number, r.kind, r.value) AS holders FROM reach AS r
    CROSS JOIN LATERAL (
        SELECT contact_id FROM contacts_contactpoint
        WHERE value = r.value AND kind = r.kind AND validity <> 'invalid' LIMIT %(most)s + 1
    ) AS p
), found AS (
    SELECT number, contact_id FROM held WHERE holders <= %(most)s
    UNION
    SELECT a.number, c.id FROM asked AS a CROSS JOIN LATERAL (
        SELECT id FROM contacts_contact
        WHERE birth_day = a.day AND birth_month = a.month AND birth_year = a.year
          AND name_key >= a.start AND name_key < a.start || %(last)s LIMIT 100
    ) AS c WHERE a.day IS NOT NULL
    UNION
    SELECT a.number, c.id FROM asked AS a CROSS JOIN LATERAL (
        SELECT id FROM contacts_contact WHERE name_key = a.whole LIMIT %(namesakes)s
    ) AS c WHERE a.whole <> ''
    UNION
    SELECT n.number, c.id FROM near AS n CROSS JOIN LATERAL (
        SELECT id FROM contacts_contact WHERE name_key >= n.key AND name_key < n.key || '}' LIMIT 40
    ) AS c
    UNION
    SELECT h.number, r.contact_id FROM house AS h CROSS JOIN LATERAL (
        SELECT contact_id FROM contacts_addressreading WHERE house_mark = h.mark LIMIT 300
    ) AS r
)
SELECT f.number, contact.id, contact.kind, contact.surname, contact.given_name, contact.patronymic, contact.name,
       contact.birth_year, contact.birth_month, contact.birth_day
FROM found AS f JOIN contacts_contact AS contact ON contact.id = f.contact_id
WHERE {visible} ORDER BY f.number, contact.id
"""
_POINTS = """
SELECT contact_id, kind, value FROM contacts_contactpoint WHERE contact_id = ANY(%s) AND validity <> 'invalid'
"""
_PLACES = """
SELECT contact_id, town_key, street_key, house_mark, flat_mark FROM contacts_addressreading WHERE contact_id = ANY(%s)
"""
_BY_INDEX = (
    "enable_seqscan",
    "enable_hashjoin",
    "enable_mergejoin",
)  # a portion is small and the base is large


@dataclass(frozen=True)
class Asked:
    """A record that nobody has matched: its traits, the key of its whole name, its addresses as they are written."""

    traits: Traits
    name_key: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likely:
    """Somebody of the base, and by what the record is like them (`likeness.CODES`)."""

    contact_id: int
    why: tuple[str, ...]


def asked_of(
    *, kind: str = "person", surname: str = "", given: str = "", patronymic: str = "",
    birthday: tuple[int | None, int | None, int | None] = (None, None, None),
    points: Iterable[tuple[str, str]] = (), addresses: Iterable[str] = (),
) -> Asked:  # fmt: skip
    """A record out of its parts; an organisation is all surname."""
    traits = Traits(kind, plain(surname), forms_of(given), plain(patronymic), birthday, frozenset(points))
    return Asked(
        traits, key_of(surname, given, patronymic), tuple(each for each in addresses if each.strip())
    )


def of_keys(
    kind: str, surname: str, given: Sequence[str], patronymic: str, birthday: tuple[int | None, int | None, int | None],
    *, name_key: str, points: Iterable[tuple[str, str]], addresses: Iterable[str],
) -> Asked:  # fmt: skip
    """A record whose names are plain already, as a staged row has them."""
    traits = Traits(kind, surname, tuple(given), patronymic, birthday, frozenset(points))
    return Asked(traits, name_key, tuple(each for each in addresses if each))


def forms_of(given: str) -> tuple[str, ...]:
    """A given name as it is compared: as written, then its full forms."""
    return tuple(dict.fromkeys(map(plain, (given, *full_forms(given))))) if given else ()


def in_words(why: Iterable[str]) -> str:
    """Reasons in the language active now: “the same phone, the name differs by one letter”."""
    return ", ".join(str(WORDS[code]) for code in why if code in WORDS)


def likely(actor: Actor, asked: Mapping[int, Asked], *, deep: bool = False) -> dict[int, list[Likely]]:
    """For each record those it is like, the likest first; `deep`: also whoever is called the very same.

    Of a few records it then asks who is called nearly so, too, and who lives in the same house.
    """
    wanted = {number: each for number, each in asked.items() if each.name_key or each.traits.points}
    if not wanted or presenting.is_on():  # names that are invented have no index, and are nobody's doubles
        return {}
    closely = deep and len(wanted) <= FEW
    places = _places_of(wanted) if closely else {}
    found = _candidates(actor, wanted, places, deep=deep, closely=closely)
    pairs = {contact_id for people in found.values() for contact_id in people}
    points, lived = _points(pairs) if any(each.traits.points for each in wanted.values()) else {}, {}
    if any(wanted[number].addresses for number in found):
        lived = _lived(pairs)
        places |= _places_of({number: wanted[number] for number in found if number not in places})
    answers = {}
    for number, people in found.items():
        mine = wanted[number].traits._replace(places=places.get(number, ()))
        told = []
        for contact_id, traits in people.items():
            theirs = traits._replace(
                points=frozenset(points.get(contact_id, ())), places=tuple(lived.get(contact_id, ()))
            )
            why = likeness.alike(mine, theirs)
            if not why and deep and likeness.same_name(mine, theirs):
                why = (likeness.WHOLE,)
            if why:
                told.append(Likely(contact_id, why))
        if told:
            answers[number] = sorted(told, key=_rank)[:MOST]
    return answers


def people_of(actor: Actor, found: Mapping[int, Sequence[Likely]]) -> dict[int, Contact]:
    """The contacts that `likely` has named, by number."""
    return contacts_for(actor).in_bulk({each.contact_id for people in found.values() for each in people})


def _rank(each: Likely) -> tuple[Any, ...]:
    return -len(each.why), tuple(map(likeness.CODES.index, each.why)), -each.contact_id


def _candidates(
    actor: Actor,
    asked: Mapping[int, Asked],
    places: Mapping[int, Sequence[Place]],
    *,
    deep: bool,
    closely: bool,
) -> dict[int, dict[int, Traits]]:
    visible, scope = visible_sql(actor)
    for place in range(len(scope)):
        visible = visible.replace("%s", f"%(scope{place})s", 1)
    params = {f"scope{place}": value for place, value in enumerate(scope)}
    params |= _params(asked, places, deep=deep, closely=closely)
    found: dict[int, dict[int, Traits]] = defaultdict(dict)
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("; ".join(f"SET LOCAL {each} = off" for each in _BY_INDEX))
        sql.execute(_FOUND.replace("{visible}", visible), params)
        for number, contact_id, *told in sql.fetchall():
            found[number][contact_id] = traits_of(*told)
        sql.execute("; ".join(f"SET LOCAL {each} = on" for each in _BY_INDEX))
    return found


def traits_of(
    kind: str, surname: str, given: str, patronymic: str, name: str, *birthday: int | None
) -> Traits:
    """A contact as it is compared, without its points and addresses."""
    if kind == "organisation" or not (surname or given or patronymic):
        surname, given, patronymic = name, "", ""
    return Traits(kind, plain(surname), forms_of(given), plain(patronymic), tuple(birthday))  # type: ignore[arg-type]


def _params(
    asked: Mapping[int, Asked], places: Mapping[int, Sequence[Place]], *, deep: bool, closely: bool
) -> dict[str, Any]:
    born = {
        number: each.traits.birthday if each.traits.is_born else (None,) * 3 for number, each in asked.items()
    }
    reach = [(number, *point) for number, each in asked.items() for point in sorted(each.traits.points)]
    near = _near(asked) if closely else []
    houses = [
        (number, each.house) for number, them in places.items() for each in them if each.house is not None
    ]
    # the whole name is worth a look only with something to tell namesakes apart, or where somebody looks at all of them
    whole = [each.name_key if deep or each.addresses else "" for each in asked.values()]
    return {
        "numbers": list(asked), "whole": whole, "last": _LAST, "most": MOST_HOLDERS, "namesakes": 40 if closely else 10,
        "start": [each.name_key[: 0 if closely else _START] for each in asked.values()],
        "years": [year for year, _month, _day in born.values()],
        "months": [month for _year, month, _day in born.values()],
        "days": [day for _year, _month, day in born.values()],
        "of": [number for number, _kind, _value in reach], "kinds": [kind for _number, kind, _value in reach],
        "values": [value for _number, _kind, value in reach],
        "near_of": [number for number, _key, _slip in near], "near": [key for _number, key, _slip in near],
        "slips": [slip for _number, _key, slip in near],
        "house_of": [number for number, _mark in houses], "houses": [mark for _number, mark in houses],
    }  # fmt: skip


def _near(asked: Mapping[int, Asked]) -> list[tuple[int, str, str]]:
    """The keys of each name with one slip, with the word that this makes, and of the name turned round."""
    found = []
    for number, each in asked.items():
        parts = each.name_key.split("|")
        if not (each.traits.surname and each.traits.given and len(parts) > 1):
            continue
        surname, given = parts[:2]
        found += [(number, f"{slip}|{given}", slip) for slip in _slips(surname)]
        if not is_name(each.traits.given[0]):
            found += [(number, f"{surname}|{slip}", slip) for slip in _slips(given)]
        found += [(number, f"{surname}|{given}", ""), (number, f"{given}|{surname}", "")]
    return found


def _slips(word: str) -> list[str]:
    return sorted(slips(word) - {word}) if likeness.SHORTEST <= len(word) <= LONGEST else []


def _places_of(asked: Mapping[int, Asked]) -> dict[int, tuple[Place, ...]]:
    if not any(each.addresses for each in asked.values()):
        return {}
    learned, found = learned_streets(), {}
    for number, each in asked.items():
        read = [read_address(text, learned) for text in each.addresses]
        found[number] = tuple(
            Place(one.town_key, one.street_key, one.house_mark, one.flat_mark) for one in read
        )
    return found


def _points(contact_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    with connection.cursor() as sql:
        sql.execute(_POINTS, [list(contact_ids)])
        for contact_id, kind, value in sql.fetchall():
            found[contact_id].append((kind, value))
    return found


def _lived(contact_ids: Collection[int]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    with connection.cursor() as sql:
        sql.execute(_PLACES, [list(contact_ids)])
        for contact_id, *keys in sql.fetchall():
            found[contact_id].append(Place(*keys))
    return found
