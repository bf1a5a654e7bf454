"""The list of households, the newest first, by key; found by their people's names, by their own, by size."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from veche.contacts.models import Contact, Household, HouseholdMember
from veche.contacts.queries.households import title
from veche.contacts.queries.matching import Sql, all_of, has_words, words_of
from veche.contacts.queries.scope import contacts_for, visible_sql
from veche.core.actor import Actor

PAGE = 50
LONGEST = 100  # letters of a search
SIZES = ("2", "3", "4")  # the last is “four and more”


@dataclass(frozen=True)
class Line:
    household: Household
    title: str
    people: list[Contact]
    hidden: int

    @property
    def everybody(self) -> int:
        return len(self.people) + self.hidden


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    after: int | None
    is_asked: bool


def households_page(actor: Actor, query: Mapping[str, Any]) -> Page:
    """The page that an address asks for: `q` words of a name, `size`, `letter`, `after` the last number shown."""
    asked = _asked(actor, query)
    after = query.get("after", "")
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    where = all_of([_known(actor), *asked, *([Sql("home.id < %s", (key,))] if key is not None else [])])
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT home.id FROM contacts_household AS home WHERE {where.text} ORDER BY home.id DESC LIMIT {PAGE + 1}",
            where.params,
        )
        ids = [row[0] for row in sql.fetchall()]
    more = len(ids) > PAGE
    return Page(_lines(actor, ids[:PAGE]), ids[PAGE - 1] if more else None, bool(asked))


def homes_of(actor: Actor, contact_ids: Collection[int]) -> dict[int, Line]:
    """The households of contacts that `actor` has looked up, by contact."""
    places = dict(
        HouseholdMember.objects.filter(contact__in=contact_ids).values_list("contact_id", "household_id")
    )
    lines = {each.household.pk: each for each in _lines(actor, sorted(set(places.values())))}
    return {contact: lines[home] for contact, home in places.items() if home in lines}


def _known(actor: Actor) -> Sql:
    text, params = visible_sql(actor)
    return Sql(
        "EXISTS (SELECT 1 FROM contacts_householdmember AS member JOIN contacts_contact AS contact"
        f" ON contact.id = member.contact_id WHERE member.household_id = home.id AND {text})",
        tuple(params),
    )


def _asked(actor: Actor, query: Mapping[str, Any]) -> list[Sql]:
    found = []
    words = words_of(str(query.get("q", "")).replace("\0", "")[:LONGEST])
    if words:
        text, params = visible_sql(actor)
        named = has_words(words)
        found.append(
            Sql(
                "(strpos(lower(home.name), lower(%s)) > 0 OR home.id IN (SELECT member.household_id"
                " FROM contacts_householdmember AS member JOIN contacts_contact AS contact"
                f" ON contact.id = member.contact_id WHERE {named.text} AND {text}))",
                (str(query["q"]).strip(), *named.params, *params),
            )
        )
    if (size := query.get("size", "")) in SIZES:
        count = (
            "(SELECT count(*) FROM contacts_householdmember AS member WHERE member.household_id = home.id)"
        )
        found.append(Sql(f"{count} {'>=' if size == SIZES[-1] else '='} %s", (int(size),)))
    if (letter := query.get("letter", "")) in Household.Letter.values:
        found.append(Sql("home.letter = %s", (letter,)))
    return found


def _lines(actor: Actor, ids: list[int]) -> list[Line]:
    """These households in their order, each with the people that the viewer sees."""
    homes = {each.pk: each for each in Household.objects.filter(pk__in=ids)}
    people: dict[int, list[Contact]] = {key: [] for key in ids}
    rows = contacts_for(actor).filter(in_households__household__in=ids).defer("own")
    rows = rows.order_by("-in_households__is_head", "in_households__id")
    for each in rows.extra(select={"home": "contacts_householdmember.household_id"}):
        people[each.home].append(each)
    with connection.cursor() as sql:
        sql.execute(
            "SELECT household_id, count(*) FROM contacts_householdmember AS member"
            " JOIN contacts_contact AS contact ON contact.id = member.contact_id AND contact.removed_at IS NULL"
            " WHERE household_id = ANY(%s) GROUP BY 1",
            [ids],
        )
        counts = dict(sql.fetchall())
    return [
        Line(homes[key], title(homes[key], people[key]), people[key], counts.get(key, 0) - len(people[key]))
        for key in ids
        if key in homes
    ]
