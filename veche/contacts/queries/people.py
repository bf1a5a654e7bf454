"""The list of people: filtered, sorted, paged by key, counted exactly or honestly about. Never OFFSET.

Ways to a page, so that none of them is slow on a million contacts. A sample says whether many match. Then:
1. few: all of them are found by their own indexes, counted and sorted;
2. many: the sorting index is walked and each contact tested, but not further than `WALK` contacts;
3. many, and they lie far along the order (an old campaign, the latest changes first): their numbers are gathered into
   a hash, and the walk goes on with one cheap look for each contact.
Sorted by number, a filter with a `Link` needs none of this: the link's own index is in that order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from veche.contacts.models import Contact, Figure
from veche.contacts.queries.matching import Sql, all_of
from veche.contacts.queries.people_filters import Filter
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor

PAGE = 50
EXACT = 10_000  # contacts counted one by one; above it the count is an estimate
WALK = 6_000
SAMPLE = 4_000  # contacts tested for an estimate, out of blocks taken at random
MANY = 80  # so many of them matching (2 %) are not counted one by one
GATHER = 60_000  # so many are sorted sooner than the rest of the order is walked


@dataclass(frozen=True)
class Sort:
    """An order by one indexed column, ties by number."""

    column: str
    descending: bool = False


SORTS = {
    "name": Sort("name_key"),
    "-name": Sort("name_key", descending=True),
    "newest": Sort("id", descending=True),
    "oldest": Sort("id"),
    "changed": Sort("changed_at", descending=True),
}
DEFAULT_SORT = "name"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class People:
    """One page of the list. `count` is exact unless `estimated`; `total` is the viewer's whole base."""

    contacts: list[Contact]
    count: int
    estimated: bool
    total: int
    before: str | None = None
    after: str | None = None


@dataclass
class Question:
    """What is asked of the base: who asks, under which filters, in which order, from which key on."""

    actor: Actor
    filters: list[Filter] = field(default_factory=list)
    sort: Sort = SORTS[DEFAULT_SORT]
    key: tuple[Any, ...] | None = None
    backwards: bool = False

    @property
    def where(self) -> Sql:
        return all_of([Sql(*_visible(self.actor)), *(each.where for each in self.filters)])

    @property
    def columns(self) -> list[str]:
        return ["id"] if self.sort.column == "id" else [self.sort.column, "id"]

    @property
    def order(self) -> str:
        direction = "DESC" if self.sort.descending != self.backwards else "ASC"
        return ", ".join(f"contact.{column} {direction}" for column in self.columns)

    @property
    def beyond(self) -> Sql:
        """The contacts that come after the key."""
        if self.key is None:
            return Sql("true")
        sign = "<" if self.sort.descending != self.backwards else ">"
        columns = ", ".join(f"contact.{column}" for column in self.columns)
        return Sql(f"({columns}) {sign} ({', '.join(['%s'] * len(self.key))})", self.key)


def people(
    actor: Actor, filters: list[Filter], *, sort: str = DEFAULT_SORT, after: str = "", before: str = ""
) -> People:
    """The page after (or before) a key that an earlier page gave; the first page for a key that means nothing."""
    question = Question(actor, filters, SORTS.get(sort, SORTS[DEFAULT_SORT]))
    question.key = _read_key(question.sort, after or before)
    question.backwards = bool(before and question.key)
    with transaction.atomic():
        total, total_estimated = base_size(actor)
        if filters:
            ids, count, estimated = _filtered(question)
        else:
            ids, count, estimated = _walked(question, total), total, total_estimated
    more, ids = len(ids) > PAGE, ids[:PAGE]
    if question.backwards:
        ids.reverse()
    contacts = _contacts(ids)
    earlier = more if question.backwards else question.key is not None
    later = True if question.backwards else more
    return People(
        contacts, count, estimated, total,
        before=_write_key(question.sort, contacts[0]) if contacts and earlier else None,
        after=_write_key(question.sort, contacts[-1]) if contacts and later else None,
    )  # fmt: skip


def base_size(actor: Actor) -> tuple[int, bool]:
    """How many contacts the actor may see at all, and whether that is an estimate."""
    if actor.sees_all:
        figure = Figure.objects.filter(name="contacts.total").first()
        if figure is not None:
            return figure.value["count"], False
    return counted(Question(actor))


def counted(question: Question) -> tuple[int, bool]:
    """How many match, and whether that is an estimate."""
    sample, estimate = _sampled(question)
    if sample < MANY:
        found = _fetch(f"SELECT count(*) FROM ({_some(question)}) AS found", question.where.params)[0][0]
        if found <= EXACT:
            return found, False
    return max(EXACT, estimate), True


def _sampled(question: Question) -> tuple[int, int]:
    """(how many of the sample match, how many that makes of the whole base). The same sample every time."""
    size = _fetch("SELECT reltuples::bigint FROM pg_class WHERE oid = 'contacts_contact'::regclass", ())[0][0]
    if size <= EXACT:
        return 0, 0
    where = question.where.looked_up
    found = _fetch(
        "SELECT count(*) FROM contacts_contact AS contact"
        f" TABLESAMPLE SYSTEM ({100 * SAMPLE / size:.4f}) REPEATABLE (7) WHERE {where.text}",
        where.params,
    )[0][0]
    return found, _rounded(found * size / SAMPLE)


def most_cutting(actor: Actor, filters: list[Filter]) -> Filter | None:
    """Of filters that together find nobody, the one without which most people come back."""
    if len(filters) < 2:
        return filters[0] if filters else None
    counts = []
    for each in filters:
        question = Question(actor, [other for other in filters if other is not each])
        counts.append((counted(question)[0], each))
    return max(counts, key=lambda pair: pair[0])[1]


def _visible(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    text, params = visible_sql(actor)
    return text, tuple(params)


def _some(question: Question) -> str:
    """SQL of the matching contacts, at most one more than are counted exactly."""
    columns = ", ".join(f"contact.{column}" for column in question.columns)
    return f"SELECT {columns} FROM contacts_contact AS contact WHERE {question.where.text} LIMIT {EXACT + 1}"


def _filtered(question: Question) -> tuple[list[int], int, bool]:
    """(ids of the page and one more, count, whether the count is an estimate)."""
    known = _known_count(question)
    if known is not None and known > EXACT:
        return _walked(question, known), known, False
    sample, estimate = _sampled(question)
    if sample >= MANY:
        return _walked(question, estimate), max(EXACT, estimate), True
    beyond = question.beyond
    count, ids = _fetch(
        f"""
        WITH contact AS MATERIALIZED ({_some(question)})
        SELECT (SELECT count(*) FROM contact),
               ARRAY(SELECT id FROM contact WHERE {beyond.text} ORDER BY {question.order} LIMIT {PAGE + 1})
        """,
        (*question.where.params, *beyond.params),
    )[0]
    if count <= EXACT:
        return ids, count, False
    return _walked(question, estimate), max(EXACT, estimate), True


def _known_count(question: Question) -> int | None:
    """The kept number where there is one: a whole campaign for somebody who sees the whole base."""
    if len(question.filters) == 1 and question.actor.sees_all:
        return question.filters[0].known_count()
    return None


def _walked(question: Question, count: int) -> list[int]:
    """The page's ids by walking the sorting index, testing each contact on the way; about `count` match."""
    where, beyond = question.where.looked_up, question.beyond
    if not question.filters and question.actor.sees_all:
        return _first(question, "contacts_contact AS contact", all_of([where, beyond]))
    if question.sort.column == "id" and any(each.link for each in question.filters):
        return _first_linked(question)
    near = Sql(
        f"(SELECT contact.* FROM contacts_contact AS contact WHERE removed_at IS NULL AND {beyond.text}"
        f" ORDER BY {question.order} LIMIT {WALK}) AS contact",
        beyond.params,
    )
    ids = _first(question, near.text, where, before=near.params)
    if len(ids) > PAGE:
        return ids
    return _first_gathered(question) if count <= GATHER else _first_by_hash(question)


def _first_gathered(question: Question) -> list[int]:
    where = all_of([question.where, question.beyond])
    columns = ", ".join(f"contact.{column}" for column in question.columns)
    rows = _fetch(
        f"""
        WITH contact AS MATERIALIZED (SELECT {columns} FROM contacts_contact AS contact WHERE {where.text})
        SELECT id FROM contact ORDER BY {question.order} LIMIT {PAGE + 1}
        """,
        where.params,
    )
    return [row[0] for row in rows]


def _first_linked(question: Question) -> list[int]:
    """The page's ids along the index of the first filter's link, which is in the order of contacts."""
    chosen = next(each for each in question.filters if each.link)
    link = chosen.link
    rest = all_of(
        [Sql(*_visible(question.actor)), *(each.where for each in question.filters if each is not chosen)]
    )
    beyond = Sql(question.beyond.text.replace("contact.id", "link.contact_id"), question.beyond.params)
    order = question.order.replace("contact.id", "link.contact_id")
    rows = _fetch(
        f"""
        SELECT DISTINCT link.contact_id FROM {link.table} AS link
        WHERE {link.where.text} AND {beyond.text} AND (
            SELECT 1 FROM contacts_contact AS contact
            WHERE contact.id = link.contact_id AND {rest.probe} LIMIT 1) IS NOT NULL
        ORDER BY {order} LIMIT {PAGE + 1}
        """,
        (*link.where.params, *beyond.params, *rest.params),
    )
    return [row[0] for row in rows]


def _first(question: Question, source: str, where: Sql, *, before: tuple[Any, ...] = ()) -> list[int]:
    rows = _fetch(
        f"SELECT contact.id FROM {source} WHERE {where.text} ORDER BY {question.order} LIMIT {PAGE + 1}",
        (*before, *where.params),
    )
    return [row[0] for row in rows]


def _first_by_hash(question: Question) -> list[int]:
    """The page's ids where those that match lie far along the order: `IS TRUE` keeps the set a hash to look into."""
    beyond, visible = question.beyond, Sql(*_visible(question.actor))
    rest = all_of([visible, *(each.where for each in question.filters if not each.link)])
    looks = [rest, beyond]
    for link in (each.link for each in question.filters if each.link):
        members = f"SELECT link.contact_id FROM {link.table} AS link WHERE {link.where.text}"
        looks.append(Sql(f"(contact.id IN ({members})) IS TRUE", link.where.params))
    with connection.cursor() as sql:
        sql.execute("SET LOCAL work_mem = '64MB'")
    return _first(question, "contacts_contact AS contact", all_of(looks).looked_up)


def _contacts(ids: list[int]) -> list[Contact]:
    """The contacts in the order of `ids`; their own fields are left out, there may be hundreds."""
    found = Contact.objects.filter(pk__in=ids).defer("own").select_related("status", "responsible")
    by_id = {contact.pk: contact for contact in found}
    return [by_id[each] for each in ids if each in by_id]


def _write_key(sort: Sort, contact: Contact) -> str:
    """A page's key for its address: numbers only, for a name in an address would lie about in logs."""
    if sort.column == "changed_at":
        return f"{(contact.changed_at - EPOCH) // dt.timedelta(microseconds=1)}-{contact.pk}"
    return str(contact.pk)


def _read_key(sort: Sort, text: str) -> tuple[Any, ...] | None:
    head, _dash, number = text.rpartition("-")
    if not number.isdecimal() or len(number) > 18 or (head and not head.isdecimal()):
        return None
    if sort.column == "id":
        return (int(number),)
    if sort.column == "changed_at":
        return (
            (EPOCH + dt.timedelta(microseconds=int(head)), int(number)) if head and len(head) < 17 else None
        )
    row = Contact.objects.filter(pk=int(number)).values_list("name_key", flat=True).first()
    return None if row is None else (row, int(number))


def _rounded(number: float) -> int:
    """Two digits that count: an estimate must not look like knowledge."""
    step = 10 ** max(0, len(str(int(number))) - 2)
    return int(number // step * step)


def _fetch(sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
