"""What is suggested while an address is typed: from the state register where it is loaded, else from the base itself.

Every question walks an index with a small limit. Somebody who sees a part of the base is told no street of a single
contact and no house: those would tell of people whom he may not see. What looks misspelt is not suggested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from veche.addresses import parse, region_of
from veche.addresses.queries.suggest import HOUSE, KINDS, suggest
from veche.core.actor import Actor
from veche.names import switch_layout

MOST = 8
MOST_WORDS = 8
LONGEST = 200
SHORTEST = 3  # letters of the longest word: two begin a tenth of all streets
HOUSES_FROM = 3  # streets whose houses are looked at
SURE_REGION = 0.9  # how sure a region is that is no word of a street
COMMON = 5  # letters: no longer beginning of one word begins very many streets
TOP = 3000  # streets of most people, among which a common beginning is looked for
SPARE = 4  # times as many streets as are wanted, for some may be misspelt
_WORD = re.compile(r"[0-9a-zа-я]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<!\d)[1-9]\d{5}(?!\d)")
_TAIL = re.compile(
    r",?\s*(?:кв(?:артира)?|оф(?:ис)?|ком(?:н|ната)?|подъезд|под|этаж|эт)\b\.?.*$", re.IGNORECASE
)

# What begins as many streets do is soon met on the way down from the street of most people; what doesn't is rare, and
# its beginning finds few rows of the index.
_TOP_FIRST = (
    "(SELECT * FROM contacts_knownstreet ORDER BY people DESC LIMIT %(top)s) AS street",
    "words LIKE ALL (%(like)s)",
)
_ALL = (
    "contacts_knownstreet AS street",
    "array_to_tsvector(string_to_array(btrim(words), ' ')) @@ %(begun)s::tsquery",
)
_STREETS = """
WITH found AS MATERIALIZED (
    SELECT region, town, street, town_key, street_key, people FROM {source}
    WHERE people >= %(least)s AND {tests} ORDER BY people DESC, town, street LIMIT %(spare)s
)
SELECT region, town, street, town_key, street_key FROM found
WHERE NOT EXISTS (
    SELECT FROM contacts_streetslip AS slip
    WHERE slip.town_key = found.town_key AND slip.street_key = found.street_key
    AND NOT EXISTS (SELECT FROM contacts_learnedstreet AS said WHERE said.town_key = slip.town_key
        AND said.street_key = slip.street_key AND said."right" = ''))
ORDER BY people DESC, town, street LIMIT %(limit)s
"""
_HOUSES = """
SELECT number FROM contacts_house
WHERE town_key = %s AND town_key <> '' AND street_key = %s AND ({numbers}) AND street = %s AND number ILIKE %s
AND (people > 0 OR is_kept) GROUP BY number ORDER BY length(number), number LIMIT %s
"""


@dataclass(frozen=True)
class Offer:
    """What the field takes when it is chosen, and what is shown beside it."""

    text: str
    beside: str = ""


@dataclass(frozen=True)
class _Street:
    region: str
    town: str
    street: str
    town_key: str
    street_key: str

    @property
    def text(self) -> str:
        text = ", ".join(part for part in (self.town, self.street) if part)
        told = self.region and self.region != self.town and region_of(parse(text)) != self.region
        return f"{self.region}, {text}" if told else text


def offers(actor: Actor, text: str) -> list[Offer]:
    """At most `MOST` ways in which what is typed may go on; nothing once a flat is being typed."""
    text = text[:LONGEST].replace("\0", "")
    if _TAIL.search(text):
        return []
    postcode = found.group() if (found := _POSTCODE.search(text)) else ""
    text = _POSTCODE.sub(" ", text)
    told = _of_register(text) or _of_base(actor, text)
    if not told and not _CYRILLIC.search(text):
        told = _of_base(actor, switch_layout(text))
    return [_with(postcode, offer) for offer in told]


def streets_of(actor: Actor, town_key: str, text: str) -> list[Offer]:
    """Streets of one town of the base, as they are written there."""
    tests = ["town_key = %(town_key)s", "street <> ''"]
    found = _rows(actor, _ALL, tests, typed_words(text), {"town_key": town_key})
    return [Offer(each.street) for each in found]


def typed_words(text: str) -> list[str]:
    """The words of a name as it is being typed, without the kinds of streets and places."""
    words = _WORD.findall(text.lower().replace("ё", "е"))[:MOST_WORDS]
    return [word for word in words if word not in KINDS or word.isdigit()]


def _of_register(text: str) -> list[Offer]:
    return [Offer(each.text, each.postcode) for each in suggest(text, limit=MOST)]


def _of_base(actor: Actor, text: str) -> list[Offer]:
    text, region = _without_region(text)
    found: list[Offer] = []
    if actor.sees_all and (house := HOUSE.search(text)):
        streets = _streets(actor, typed_words(text[: house.start()]), region, HOUSES_FROM)
        found = [
            Offer(f"{street.text}, д. {number}")
            for street in streets
            if street.street
            for number in _houses(street, house[1])
        ]
    if len(found) < MOST:
        found += [Offer(street.text) for street in _streets(actor, typed_words(text), region, MOST)]
    return list({offer.text: offer for offer in found}.values())[:MOST]


def _without_region(text: str) -> tuple[str, str]:
    """The text without its region, and the region. «Тверская» alone may be a street."""
    parsed = parse(text)
    part = parsed.part("region")
    if part is None or part.confidence < SURE_REGION:
        return text, ""
    return f"{text[: part.start]} {text[part.end :]}", parsed.region


def _streets(actor: Actor, words: list[str], region: str, limit: int) -> list[_Street]:
    if max(map(len, words), default=0) < SHORTEST:
        return []
    tests = ["region = %(region)s"] if region else []
    given = {"region": region}
    common = len(words) == 1 and len(words[0]) <= COMMON
    found = _rows(actor, _TOP_FIRST, tests, words, given, limit) if common else []
    return found if len(found) == limit else _rows(actor, _ALL, tests, words, given, limit)


def _rows(
    actor: Actor, which: tuple[str, str], tests: list[str], words: list[str], given: dict[str, Any], limit: int = MOST
) -> list[_Street]:  # fmt: skip
    """Streets with words that begin as `words`, those of most people first. `which`: their source and the test."""
    source, begun = which
    tests = [*tests, begun] if words else [*tests, "true"]
    given = {
        **given, "least": 1 if actor.sees_all else 2, "limit": limit, "spare": SPARE * limit, "top": TOP,
        "begun": " & ".join(f"'{word}':*" for word in words), "like": [f"% {word}%" for word in words],
    }  # fmt: skip
    with connection.cursor() as sql:
        sql.execute(_STREETS.format(source=source, tests=" AND ".join(tests)), given)
        return [_Street(*row) for row in sql.fetchall()]


def _houses(street: _Street, typed: str) -> list[str]:
    """Numbers of houses there that begin as typed: 3 may become 3, 3А, 31 and 312."""
    digits = re.match(r"\d{1,5}", typed)
    if digits is None:
        return []
    first = int(digits.group())
    spans = [
        (first * 10**n, (first + 1) * 10**n - 1) for n in range(4 - len(digits.group()) + 1) if first
    ] or [(0, 0)]
    numbers = " OR ".join(f"house_number BETWEEN {low:d} AND {high:d}" for low, high in spans)
    like = re.sub(r"\s+", "", typed).replace("%", "") + "%"
    given = [street.town_key, street.street_key, street.street, like, MOST]
    with connection.cursor() as sql:
        sql.execute(_HOUSES.format(numbers=numbers), given)
        return [row[0] for row in sql.fetchall()]


def _with(postcode: str, offer: Offer) -> Offer:
    return Offer(f"{postcode}, {offer.text}", offer.beside) if postcode else offer
