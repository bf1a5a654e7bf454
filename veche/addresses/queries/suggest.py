"""What is suggested while somebody types an address: places, streets and houses whose words begin as the typed ones.

The last word may be unfinished, words may come in any order ("мар кар", "ленина екат"), types ("ул", "г.") are passed
over. Every question is a walk along an index with a small limit: how many objects there are does not matter. What is
short and common is answered by the places with most houses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from veche.addresses.models.register import WITHIN_PLACES
from veche.addresses.queries import objects
from veche.addresses.register.answers import Thing
from veche.addresses.register.keys import LIKE_RUSSIAN, house_key, name_words, prefix_word
from veche.addresses.register.writing import house_text, joined, named

MOST_WORDS = 8
DEPTH = 60  # rows of an index that one question takes
PLACES = 6  # towns that the first words may mean
KINDS = frozenset(
    "ул улица пер переулок пр кт проспект просп б бульвар наб набережная пл площадь ш шоссе проезд туп тупик обл "
    "область край респ республика р н район г гор город с село д дер деревня п пос поселок пгт рп х хутор ст ца "
    "станица снт мкр микрорайон тер территория дом кв".split()
)
HOUSE = re.compile(r"(?<!\d)(?:д\.?\s*|дом\s*)?(\d[\d/]*\s?[а-я]?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what the field takes; `house_id` where a house was meant."""

    object_id: int
    text: str
    level: int
    postcode: str
    house_id: int | None = None


def suggest(
    text: str, *, place_id: int | None = None, regions: Sequence[int] = (), limit: int = 10
) -> list[Suggestion]:
    """At most `limit` suggestions, the likeliest first; within one place or some regions where they are known."""
    codes = list(regions) or [region.code for region in objects.loaded_regions()]
    text = text[:200]
    places = [place_id] if place_id else None
    found: list[tuple[Thing, str | None, int | None]] = []
    if house := HOUSE.search(text):
        before = _words(text[: house.start()], unfinished=False)
        streets = _search(before, places, codes, limit=3) if before else []
        for street in streets:
            found += [(street, key, id_) for key, id_ in _houses(street, house[1], limit)]
    found += [
        (thing, None, None) for thing in _search(_words(text, unfinished=True), places, codes, limit=limit)
    ]
    return _told(found[:limit])


def _words(text: str, *, unfinished: bool) -> list[str]:
    words = list(name_words(text))[:MOST_WORDS]
    kept = [word for word in words if word not in KINDS or word.isdigit()] or words[-1:]
    if unfinished and kept and text and not text[-1].isspace():
        raw = re.findall(r"[0-9a-zа-я]+", text.translate(LIKE_RUSSIAN).lower().replace("ё", "е"))
        if raw and not kept[-1].isdigit() and (raw[-1] not in KINDS or len(raw) == 1):
            kept[-1] = prefix_word(raw[-1])
    return kept


def _search(words: list[str], places: list[int] | None, codes: Sequence[int], *, limit: int) -> list[Thing]:
    """Objects for these words: in the places given; else places, streets in places named beside them, any streets."""
    if not words or not codes:
        return []
    if places:
        return _once(_inside(words, places, codes, limit), limit)
    found = _places(words, codes, limit)
    for at in range(1, len(words)):
        for place, street in ((words[:at], words[at:]), (words[at:], words[:at])):
            towns = _places(place, codes, PLACES)
            if towns:
                within = sorted({town.region for town in towns})  # their own tables only
                found += _inside(street, [town.id for town in towns], within, limit)
        if len(found) >= 2 * limit:
            break
    if len(found) < limit:
        found += _inside(words, None, codes, limit)
    return _once(found, limit)


def _once(found: Iterable[Thing], limit: int) -> list[Thing]:
    return list({thing.id: thing for thing in found}.values())[:limit]


def _pivot(words: list[str]) -> tuple[str, list[str]]:
    """The word that the index is asked for, the longest but for the unfinished last; the others."""
    at = max(range(len(words) - 1), key=lambda n: len(words[n])) if len(words) > 1 else 0
    return words[at], words[:at] + words[at + 1 :]


def _conditions(words: list[str]) -> tuple[str, dict[str, str]]:
    """That {t}.key begins with the pivot, and that each other word begins some word of it."""
    pivot, others = _pivot(words)
    given = {"pivot": _plain(pivot) + "%"}
    sentence = "{t}.key LIKE %(pivot)s"
    for n, word in enumerate(others):
        given[f"w{n}"] = f"% {_plain(word)}%"
        sentence += f" AND {{t}}.key LIKE %(w{n})s"
    return sentence, given


def _plain(word: str) -> str:
    return word.replace("\\", "").replace("%", "").replace("_", "")


def _places(words: list[str], codes: Sequence[int], limit: int) -> list[Thing]:
    where, given = _conditions(words)
    columns = objects.COLUMNS
    return objects.things(
        f"SELECT {columns} FROM ("
        f"(SELECT {columns} FROM addresses_object AS o WHERE o.region = ANY(%(codes)s)"
        f" AND o.level NOT IN {WITHIN_PLACES} AND o.active AND {where.format(t='o')}"
        f" ORDER BY o.weight DESC LIMIT {limit:d}) UNION ALL "
        f"(SELECT {columns} FROM addresses_alias AS a JOIN addresses_object AS o ON o.id = a.object_id"
        f" AND o.region = a.region WHERE a.region = ANY(%(codes)s) AND a.of_place AND {where.format(t='a')}"
        f" AND o.active LIMIT {DEPTH})) AS o ORDER BY o.weight DESC LIMIT {limit:d}",
        {**given, "codes": list(codes)},
    )


def _inside(words: list[str], places: list[int] | None, codes: Sequence[int], limit: int) -> list[Thing]:
    where, given = _conditions(words)
    in_places = "" if places is None else "AND {t}.place_id = ANY(%(places)s)"
    columns = objects.COLUMNS
    return objects.things(
        f"SELECT {columns} FROM ("
        f"(SELECT {columns} FROM addresses_object AS o WHERE o.region = ANY(%(codes)s) AND o.level IN {WITHIN_PLACES}"
        f" AND o.active AND {where.format(t='o')} {in_places.format(t='o')} LIMIT {DEPTH}) UNION ALL "
        f"(SELECT {columns} FROM addresses_alias AS a JOIN addresses_object AS o ON o.id = a.object_id"
        f" AND o.region = a.region WHERE a.region = ANY(%(codes)s) AND {where.format(t='a')} {in_places.format(t='a')}"
        f" AND NOT a.of_place AND o.active LIMIT {DEPTH})) AS o ORDER BY o.weight DESC LIMIT {limit:d}",
        {**given, "codes": list(codes), "places": places or []},
    )


def _houses(street: Thing, typed: str, limit: int) -> list[tuple[str, int]]:
    with connection.cursor() as sql:
        sql.execute(
            "SELECT key, id FROM addresses_house WHERE region = %s AND parent_id = %s AND key LIKE %s"
            " ORDER BY length(key), key LIMIT %s",
            [street.region, street.id, house_key(typed) + "%", limit],
        )
        return sql.fetchall()


def _told(found: list[tuple[Thing, str | None, int | None]]) -> list[Suggestion]:
    within = {thing.region for thing, _key, _id in found}
    known = objects.steps({id_ for thing, _key, _id in found for id_ in thing.path}, sorted(within))
    told = []
    for thing, key, house_id in found:
        above = [named(known[id_].type, known[id_].name) for id_ in thing.path if id_ in known]
        text = joined([*above, named(thing.type, thing.name), house_text(key) if key else ""])
        postcode = f"{thing.postcode:06}" if thing.postcode else ""
        told.append(Suggestion(thing.id, text, thing.level, postcode, house_id))
    return told
