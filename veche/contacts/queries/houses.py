"""The list of houses: which of them an actor knows of, by what they are asked for, and a page of them by key.

Who sees the whole base sees every house, with the counts that are kept. Everybody else sees the houses where somebody
he may see lives, with the counts of these people only: nothing else of a house says who is there.

    ?street=Малышева 1-25 нечётные&town=Тверь&territory=3&people.from=5&share.to=20&elder=no&problems=open&sort=-people
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from veche.contacts.models import House
from veche.contacts.models.house import UNKNOWN_SHARE
from veche.contacts.queries.house_reach import elders_of
from veche.contacts.queries.matching import Sql, all_of
from veche.contacts.queries.people_places import read_street, town_named
from veche.contacts.queries.people_readers import NO, YES, Unknown, territory_ids
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor

PAGE = 50
LONGEST = 200  # letters of a filter
MOST = 10**9
NOTHING = Sql("false")

LABELS: dict[str, Any] = {
    "street": gettext_lazy("Street and houses"),
    "town": gettext_lazy("Town or village"),
    "territory": gettext_lazy("Territory"),
    "people": gettext_lazy("People"),
    "share": gettext_lazy("Flats with a contact"),
    "elder": gettext_lazy("House elder"),
    "problems": gettext_lazy("Problems"),
    "kind": gettext_lazy("Kind"),
    "management": gettext_lazy("Management"),
}


@dataclass(frozen=True)
class Order:
    """An order of the list: its columns, which all go one way, so that a page is found by one comparison."""

    title: Any
    columns: tuple[str, ...]
    down: bool = False


_SHARE = f"COALESCE(house.share_seen, {UNKNOWN_SHARE})"
ORDERS = {
    "address": Order(
        pgettext_lazy("sorted", "by address"),
        ("house.town_key", "house.street_key", "house.house_number", "house.id"),
    ),
    "-people": Order(pgettext_lazy("sorted", "most people first"), ("house.seen", "house.id"), down=True),
    "share": Order(pgettext_lazy("sorted", "fewest flats with a contact first"), (_SHARE, "house.id")),
    "-problems": Order(
        pgettext_lazy("sorted", "most open problems first"), ("house.open_problems", "house.id"), down=True
    ),
}
DEFAULT_ORDER = "address"


@dataclass(frozen=True)
class Asked:
    """A filter in force: its chip and its condition on `house`. `params` are what it takes in the address."""

    key: str
    words: str
    where: Sql
    params: tuple[str, ...]
    unknown: bool = False

    @property
    def label(self) -> Any:
        return LABELS[self.key]


@dataclass(frozen=True)
class Line:
    """A house in the list, with the counts of those whom the viewer sees."""

    house: House
    people: int
    flats_known: int
    elder: Any = None

    @property
    def share(self) -> int | None:
        """Per cent of its flats where somebody is known."""
        return min(100, 100 * self.flats_known // self.house.flats) if self.house.flats else None


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    count: int
    total: int
    filters: list[Asked]
    order: str
    before: int | None = None
    after: int | None = None


def houses_page(actor: Actor, query: Mapping[str, Any]) -> Page:
    """The page of the list that an address asks for."""
    filters = read_filters(actor, query)
    order = query.get("sort", "") if query.get("sort", "") in ORDERS else DEFAULT_ORDER
    after, before = _number(query.get("after", "")), _number(query.get("before", ""))
    where = all_of([Sql("true"), *(each.where for each in filters)])
    back = before is not None and after is None
    ids, count, total = _found(actor, where, ORDERS[order], before if back else after, back=back)
    more, ids = len(ids) > PAGE, ids[:PAGE]
    if back:
        ids.reverse()
    started = back or after is not None
    return Page(
        lines=_lines(actor, ids),
        count=count,
        total=total,
        filters=filters,
        order=order,
        before=ids[0] if ids and (more if back else started) else None,
        after=ids[-1] if ids and (back or more) else None,
    )


def _source(actor: Actor, house_id: int | None = None) -> Sql:
    """SQL of the houses that the actor knows of, with `seen`, `flats_seen` and `share_seen`: counts of whom he sees.

    Of one house, where `house_id` names it.
    """
    if actor.sees_all and actor.may("contacts.view"):
        return Sql(
            "SELECT house.*, house.people AS seen, house.flats_known AS flats_seen, house.share AS share_seen"
            " FROM contacts_house AS house WHERE (house.people > 0 OR house.is_kept)"
            + ("" if house_id is None else " AND house.id = %s"),
            () if house_id is None else (house_id,),
        )
    text, params = visible_sql(actor)
    here = (
        "true" if house_id is None else "reading.house_mark = (SELECT mark FROM contacts_house WHERE id = %s)"
    )
    return Sql(
        f"""
        SELECT house.*, own.people AS seen, own.flats AS flats_seen,
               CASE WHEN house.flats > 0 THEN LEAST(100, own.flats * 100 / house.flats) END AS share_seen
        FROM (SELECT reading.house_mark AS mark, count(DISTINCT contact.id) AS people,
                     count(DISTINCT reading.flat_mark) AS flats
              FROM contacts_contact AS contact
              JOIN contacts_addressreading AS reading ON reading.contact_id = contact.id
              WHERE reading.house_mark IS NOT NULL AND {here} AND {text} GROUP BY 1) AS own
        JOIN contacts_house AS house ON house.mark = own.mark
        """,
        (*(() if house_id is None else (house_id,)), *params),
    )


def _found(
    actor: Actor, where: Sql, order: Order, key: int | None, *, back: bool
) -> tuple[list[int], int, int]:
    """(ids of the page and one more, how many match, how many there are), beginning after the house `key`."""
    source = _source(actor)
    down = order.down is not back
    columns, way = ", ".join(order.columns), "DESC" if down else "ASC"
    ordered = ", ".join(f"{column} {way}" for column in order.columns)
    # a kept count is walked along its index; counts of one's own people are made once for the three questions
    house = f"WITH house AS {'NOT' if actor.sees_all else ''} MATERIALIZED ({source.text})"
    with connection.cursor() as sql:
        beyond = Sql("true")
        if key is not None:
            one = _source(actor, key)  # its place takes no look at the others
            sql.execute(f"SELECT {columns} FROM ({one.text}) AS house", one.params)
            if place := sql.fetchone():  # a house that went meanwhile has no place: the list begins anew
                marks = ", ".join(["%s"] * len(place))
                beyond = Sql(f"({columns}) {'<' if down else '>'} ({marks})", place)
        counted = "(SELECT count(*) FROM house WHERE {})"
        sql.execute(
            f"""
            {house} SELECT
            ARRAY(SELECT house.id FROM house WHERE {where.text} AND {beyond.text} ORDER BY {ordered} LIMIT {PAGE + 1}),
            {counted.format(where.text)}, {counted.format("true")}
            """,
            (*source.params, *where.params, *beyond.params, *where.params),
        )
        return sql.fetchone()


def houses_found(actor: Actor, query: Mapping[str, Any]) -> list[int]:
    """The ids of all houses that an address of the list asks for, in its order."""
    where = all_of([Sql("true"), *(each.where for each in read_filters(actor, query))])
    order = ORDERS.get(query.get("sort", ""), ORDERS[DEFAULT_ORDER])
    ordered = ", ".join(f"{column} {'DESC' if order.down else 'ASC'}" for column in order.columns)
    source = _source(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"WITH house AS ({source.text}) SELECT ARRAY(SELECT house.id FROM house WHERE {where.text}"
            f" ORDER BY {ordered})",
            (*source.params, *where.params),
        )
        return sql.fetchone()[0]


def lines_of(actor: Actor, ids: list[int]) -> list[Line]:
    """Lines of these houses in their order, as far as the actor knows of them; one that went meanwhile is left out."""
    return [line for line in _lines(actor, ids) if actor.sees_all or line.people]


def _lines(actor: Actor, ids: list[int]) -> list[Line]:
    houses = {house.pk: house for house in House.objects.filter(pk__in=ids)}
    kept = [houses[pk] for pk in ids if pk in houses]
    counts = _counts(actor, kept)
    elders = elders_of(actor, ids)
    return [Line(house, *counts.get(house.mark, (0, 0)), elder=elders.get(house.pk)) for house in kept]


def _counts(actor: Actor, houses: list[House]) -> dict[int, tuple[int, int]]:
    """Mark → people and flats that the actor sees there."""
    if actor.sees_all:
        return {house.mark: (house.people, house.flats_known) for house in houses}
    text, params = visible_sql(actor)
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT reading.house_mark, count(DISTINCT contact.id), count(DISTINCT reading.flat_mark)
            FROM contacts_addressreading AS reading JOIN contacts_contact AS contact ON contact.id = reading.contact_id
            WHERE reading.house_mark = ANY(%s) AND {text} GROUP BY 1
            """,
            [[house.mark for house in houses], *params],
        )
        return {mark: (people, flats) for mark, people, flats in sql.fetchall()}


def read_filters(actor: Actor, query: Mapping[str, Any]) -> list[Asked]:
    """The filters of an address. A value that means nothing finds nothing, as in the list of people."""
    found = []
    for key in LABELS:
        params = (key,) if key in _READERS else (f"{key}.from", f"{key}.to")
        values = [str(query.get(param, "")).replace("\0", "").strip()[:LONGEST] for param in params]
        if not any(values):
            continue
        try:
            words, where = _READERS[key](actor, values[0]) if key in _READERS else _between(key, *values)
            found.append(Asked(key, words, where, params))
        except Unknown:
            found.append(Asked(key, _("unknown"), NOTHING, params, unknown=True))
    return found


def _street(actor: Actor, value: str) -> tuple[str, Sql]:
    asked = read_street(value)
    tests = [Sql("house.street_key = %s AND house.street_key <> ''", (asked.street,))]
    if asked.town:
        tests.append(Sql("house.town_key = %s", (asked.town,)))
    if asked.first is not None:
        tests.append(Sql("house.house_number >= %s", (asked.first,)))
    if asked.last is not None:
        tests.append(Sql("house.house_number <= %s AND house.house_number > 0", (asked.last,)))
    if asked.parity is not None:
        tests.append(Sql("house.house_number > 0 AND mod(house.house_number, 2) = %s", (asked.parity,)))
    return value, all_of(tests)


def _town(actor: Actor, value: str) -> tuple[str, Sql]:
    key = town_named(value)
    if not key:
        raise Unknown
    return value, Sql("house.town_key = %s", (key,))


def _territory(actor: Actor, value: str) -> tuple[str, Sql]:
    """Houses that its rules name, or where somebody of this territory lives whom the actor may see."""
    name, ids = territory_ids(value)
    text, params = visible_sql(actor)
    lived_in = (
        "house.mark IN (SELECT reading.house_mark FROM contacts_contact AS contact"
        " JOIN contacts_addressreading AS reading ON reading.contact_id = contact.id"
        f" WHERE contact.territory_id = ANY(%s) AND {text})"
    )
    covered = (  # a set that the server makes once, not a question for each house
        "(house.town_key, house.street_key, house.number, {region}) IN (SELECT known.town_key, known.street_key,"
        " known.house, known.region FROM addresses_housecover AS cover"
        " JOIN addresses_knownhouse AS known ON known.id = cover.house_id"
        " WHERE cover.territory_id = ANY(%s) AND cover.state = 'own')"
    )
    ways = (lived_in, covered.format(region="house.region"), covered.format(region="''"))
    return name, Sql(f"({' OR '.join(ways)})", (ids, *params, ids, ids))


def _elder(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in (YES, NO):
        raise Unknown
    test = "EXISTS (SELECT 1 FROM contacts_houseelder AS elder WHERE elder.house_id = house.id)"
    return (
        (pgettext("house elder", "named"), Sql(test))
        if value == YES
        else (pgettext("house elder", "nobody is named"), Sql(f"NOT {test}"))
    )


def _problems(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in ("open", NO):
        raise Unknown
    sign, words = (
        (">", pgettext("problems", "open")) if value == "open" else ("=", pgettext("problems", "none"))
    )
    return words, Sql(f"house.open_problems {sign} 0")


def _kind(actor: Actor, value: str) -> tuple[str, Sql]:
    if value not in House.Kind.values:
        raise Unknown
    return str(House.Kind(value).label), Sql("house.kind = %s", (value,))


def _management(actor: Actor, value: str) -> tuple[str, Sql]:
    if value == NO:
        return _("unknown"), Sql("house.management = ''")
    return value, Sql("strpos(lower(house.management), lower(%s)) > 0", (value,))


_READERS: dict[str, Callable[[Actor, str], tuple[str, Sql]]] = {
    "street": _street,
    "town": _town,
    "territory": _territory,
    "elder": _elder,
    "problems": _problems,
    "kind": _kind,
    "management": _management,
}
_COUNTED = {"people": "house.seen", "share": "house.share_seen"}


def _between(key: str, first: str, last: str) -> tuple[str, Sql]:
    tests, words = [], []
    for text, sign, told in ((first, ">=", _("from %(n)s")), (last, "<=", _("to %(n)s"))):
        if text:
            number = _number(text.removesuffix("%").strip())
            if number is None:
                raise Unknown
            tests.append(Sql(f"{_COUNTED[key]} {sign} %s", (number,)))
            words.append(told % {"n": f"{number} %" if key == "share" else number})
    return " ".join(words), all_of(tests)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) <= MOST else None
