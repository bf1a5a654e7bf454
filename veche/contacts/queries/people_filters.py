"""Filters of the list of people, as they stand in its address: ``?campaign=3&tag=7&own.shirt=XL&q=Иванов``.

A key may come several times and with a way of asking behind a dot:

    tag=7&tag=8                any of these            tag.all=7&tag.all=8    all of these
    tag.not=9                  none of these           tag.is=empty, filled   has none, has some
    created=7d                 a stretch of days       created.from=2026-01-01&created.to=30d
    own.age.from=18            a range of numbers      own.shirt.has=XL, own.shirt.starts=X

``match=any`` asks for people who are like any of the filters instead of like all of them. Each filter knows its words
for the chip and its SQL. A value that means nothing finds nobody: dropping it silently would show a whole base to
somebody who asked for a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from veche.contacts.models import CampaignTally, OwnField
from veche.contacts.queries.matching import Sql, all_of, any_of, negated
from veche.contacts.queries.own_index import is_large_base
from veche.contacts.queries.people_own import own_condition
from veche.contacts.queries.people_places import PLACES, PLACES_FILLED
from veche.contacts.queries.people_readers import (
    FILLED,
    LABELS,
    MINE,
    NO,
    NONE,
    READERS,
    YES,
    Link,
    Unknown,
)
from veche.contacts.queries.people_stretches import STRETCHES, TEXTS
from veche.core.actor import Actor

__all__ = [
    "LABELS", "MINE", "NO", "NONE", "READERS", "YES", "Asked", "Filter", "Link", "Query", "asked_of",
    "is_any", "query_of", "read_filters",
]  # fmt: skip
NOTHING = Sql("false")
LONGEST_TEXT = 200
LONGEST_IDS = 100_000  # letters of people chosen one by one
MOST_VALUES = 100  # of one filter
ANY, ALL, NOT, IS, HAS, STARTS, FROM, TO = "any", "all", "not", "is", "has", "starts", "from", "to"
EMPTY, FULL = "empty", "filled"
WAYS = (ALL, NOT, IS, HAS, STARTS, FROM, TO)
OWN = "own."

Query = Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    """One condition of the list. `params` is how it stands in the address; `key` the first of their names.

    `waits_for` is the own field whose index must be built before the filter can be used; `most` how many it can find,
    where that is known beforehand.
    """

    key: str
    value: str
    label: Any
    words: str
    where: Sql
    link: Link | None = None
    waits_for: OwnField | None = None
    unknown: bool = False
    params: tuple[tuple[str, str], ...] = ()
    most: int | None = None

    @property
    def about(self) -> str:
        """What is asked about, without the way of asking."""
        return _parted(self.key)[0]

    def known_count(self) -> int | None:
        """The kept number of people behind this filter alone, in the whole base; None where none is kept."""
        if self.key != "campaign" or self.unknown or "," in self.value:
            return None
        campaign = None if self.value == NONE else int(self.value)
        return CampaignTally.objects.filter(campaign=campaign).values_list("contacts", flat=True).first()


@dataclass(frozen=True)
class Asked:
    """What an address asks of one key: values by way of asking."""

    key: str
    ways: dict[str, list[str]]

    def params(self, *ways: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self.key if way == ANY else f"{self.key}.{way}", value)
            for way in ways
            for value in self.ways.get(way, ())
        )


def is_any(query: Query) -> bool:
    """Whether people who are like any of the filters are asked for."""
    return query.get("match") == ANY


def asked_of(query: Query) -> list[Asked]:
    """What an address asks by filters, in the order of `LABELS`, own fields last; all else in it is left out."""
    found: dict[str, Asked] = {}
    for param in query:
        key, way = _parted(param)
        values = _values(query, param)
        if values and (key in LABELS or (key.startswith(OWN) and len(key) > len(OWN))):
            asked = found.setdefault(key, Asked(key, {}))
            asked.ways[way] = (asked.ways.get(way, []) + values)[:MOST_VALUES]
    places = {key: place for place, key in enumerate(LABELS)}
    return sorted(found.values(), key=lambda asked: places.get(asked.key, len(places)))


def query_of(query: Query) -> dict[str, Any]:
    """The part of an address that says whom it shows and in which order, to be stored: lists where it has several."""
    kept: dict[str, Any] = {}
    for asked in asked_of(query):
        for param, value in asked.params(*asked.ways):
            before = kept.get(param)
            kept[param] = (
                value if before is None else [*([before] if isinstance(before, str) else before), value]
            )
    if is_any(query):
        kept["match"] = ANY
    if sort := (query.get("sort") or "").strip():
        kept["sort"] = sort
    return kept


def read_filters(actor: Actor, query: Query) -> list[Filter]:
    """The filters of an address, in the order of `LABELS`, own fields last."""
    asked = asked_of(query)
    filters = [each for one in asked if not one.key.startswith(OWN) for each in _system_filters(actor, one)]
    return filters + list(_own_filters([one for one in asked if one.key.startswith(OWN)]))


def _parted(param: str) -> tuple[str, str]:
    head, _dot, way = param.rpartition(".")
    return (head, way) if way in WAYS and head not in ("", "own") else (param, ANY)


def _values(query: Query, param: str) -> list[str]:
    found = query.getlist(param) if hasattr(query, "getlist") else query[param]
    texts = [found] if isinstance(found, str) else found
    most = LONGEST_IDS if param == "ids" else LONGEST_TEXT
    cleaned = [text.replace("\x00", "").strip()[:most] for text in texts if isinstance(text, str)]
    return list(dict.fromkeys(text for text in cleaned if text))


def _system_filters(actor: Actor, asked: Asked) -> Iterator[Filter]:
    for way in (ANY, ALL, NOT):
        if values := asked.ways.get(way):
            yield _made(
                asked, [way], lambda way=way, values=values: _of_values(actor, asked.key, way, values)
            )
    if values := asked.ways.get(IS):
        yield _made(asked, [IS], lambda values=values: _emptiness(values, _filled(asked.key)))
    for way in (HAS, STARTS):
        if values := asked.ways.get(way):
            yield _made(asked, [way], lambda way=way, values=values: _of_text(asked.key, way, values))
    if bounds := [way for way in (FROM, TO) if way in asked.ways]:
        yield _made(asked, bounds, lambda: _between(asked))


def _made(
    asked: Asked, ways: Sequence[str], read: Callable[[], tuple[str, Sql | Link]], label: Any = None
) -> Filter:
    params = asked.params(*ways)
    label = label or LABELS[asked.key]
    key, value = params[0][0], ",".join(value for _param, value in params)
    try:
        words, where = read()
    except Unknown:
        return Filter(key, value, label, _("unknown"), NOTHING, unknown=True, params=params)
    if isinstance(where, Link):
        return Filter(key, value, label, words, where.test(), link=where, params=params)
    return Filter(key, value, label, words, where, params=params)


def _of_values(actor: Actor, key: str, way: str, values: list[str]) -> tuple[str, Sql | Link]:
    read = STRETCHES.get(key) or READERS.get(key) or PLACES.get(key)
    if read is None:
        raise Unknown
    found = [read(actor, value) for value in values]
    words = [words for words, _where in found]
    if way == ANY:
        return _or(words), _joined([where for _words, where in found])
    tests = [where.test() if isinstance(where, Link) else where for _words, where in found]
    if way == ALL:
        return _and(words), all_of(tests)
    return _("not %(words)s") % {"words": _or(words)}, all_of(
        [where.test(negated=True) if isinstance(where, Link) else negated(where) for _words, where in found]
    )


def _joined(wheres: list[Sql | Link]) -> Sql | Link:
    """Any of the conditions; belongings of one table are looked for together."""
    if len(wheres) == 1:
        return wheres[0]
    links = [where for where in wheres if isinstance(where, Link)]
    if len(links) == len(wheres) and len({link.table for link in links}) == 1:
        return Link(links[0].table, any_of([link.where for link in links]), ordered=False)
    return any_of([where.test() if isinstance(where, Link) else where for where in wheres])


def _filled(key: str) -> Sql | None:
    return FILLED.get(key) or PLACES_FILLED.get(key)


def _emptiness(values: list[str], filled: Sql | None) -> tuple[str, Sql]:
    if filled is None or len(values) != 1 or values[0] not in (EMPTY, FULL):
        raise Unknown
    return (_("filled in"), filled) if values[0] == FULL else (_("empty"), negated(filled))


def _of_text(key: str, way: str, values: list[str]) -> tuple[str, Sql]:
    where = TEXTS.get(key)
    if where is None:
        raise Unknown
    return text_words(way, values), any_of([where(value, way == STARTS) for value in values])


def text_words(way: str, values: Iterable[str]) -> str:
    """What a filter on a part of a text says on its chip."""
    quoted = _or([f"“{value}”" for value in values])
    return (_("begins with %(text)s") if way == STARTS else _("contains %(text)s")) % {"text": quoted}


def _between(asked: Asked) -> tuple[str, Sql]:
    between = STRETCHES[asked.key].between if asked.key in STRETCHES else None
    if between is None:
        raise Unknown
    return between(*(asked.ways.get(way, [""])[0] for way in (FROM, TO)))


def _own_filters(asked: list[Asked]) -> Iterator[Filter]:
    keys = [key for each in asked if (key := each.key.removeprefix(OWN)).isprintable()]  # no zero characters
    fields = {each.key: each for each in OwnField.objects.filter(key__in=keys)} if keys else {}
    large = bool(fields) and is_large_base()
    for each in asked:
        key = each.key.removeprefix(OWN)
        field = fields.get(key)
        waits = field if field and large and field.index_state != OwnField.IndexState.READY else None
        bounds = tuple(way for way in (FROM, TO) if way in each.ways)
        for ways in [*((way,) for way in each.ways if way not in bounds), *([bounds] if bounds else [])]:
            if field is None:
                params = each.params(*ways)
                yield Filter(
                    params[0][0], params[0][1], key, _("unknown"), NOTHING, unknown=True, params=params
                )
                continue
            yield _own_filter(each, ways, field, waits)


def _own_filter(asked: Asked, ways: tuple[str, ...], field: OwnField, waits: OwnField | None) -> Filter:
    def read() -> tuple[str, Sql]:
        words, where = own_condition(field, {way: asked.ways[way] for way in ways})
        return words, NOTHING if waits else where

    made = _made(asked, ways, read, field.label)
    return made if made.unknown or not waits else _waiting(made, waits)


def _waiting(made: Filter, field: OwnField) -> Filter:
    return Filter(made.key, made.value, made.label, made.words, NOTHING, waits_for=field, params=made.params)


def _or(words: list[str]) -> str:
    return _(" or ").join(words)


def _and(words: list[str]) -> str:
    return _(" and ").join(words)
