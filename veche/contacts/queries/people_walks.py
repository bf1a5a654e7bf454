"""Ways to a page of people and to their number, so that none of them is slow on a million contacts. Never OFFSET.

A sample says whether many match. Then:
1. few: all of them are found by their own indexes, counted and sorted;
2. many: the sorting index is walked and each contact tested, but not further than `WALK` contacts;
3. many, and they lie far along the order (an old campaign, the latest changes first): their numbers are gathered into
   a hash, and the walk goes on with one cheap look for each contact.
Sorted by number, a filter with a `Link` needs none of this: the link's own index is in that order.
An order without an index is `people_orders`'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import connection

from veche.contacts.models import Figure
from veche.contacts.queries.matching import Sql, all_of
from veche.contacts.queries.people_filters import Filter
from veche.contacts.queries.people_question import Question
from veche.core.actor import Actor

PAGE = 50
EXACT = 10_000  # contacts counted one by one; above it the count is an estimate
WALK = 6_000
SAMPLE = 4_000  # contacts tested for an estimate, out of blocks taken at random
MANY = 80  # so many of them matching (2 %) are not counted one by one
GATHER = 60_000  # so many are sorted sooner than the rest of the order is walked


def base_size(actor: Actor) -> tuple[int, bool]:
    """How many contacts the actor may see at all, and whether that is an estimate."""
    question = Question(actor)
    if actor.sees_all:
        figure = Figure.objects.filter(name="contacts.total").first()
        if figure is not None:
            return figure.value["count"], False
    return _counted_out(question)


def counted(question: Question) -> tuple[int, bool]:
    """How many match, and whether that is an estimate."""
    known = _known_count(question)
    if known is not None:
        return known, False
    if not question.conditions and question.actor.sees_all:
        return base_size(question.actor)
    return _counted_out(question)


def _counted_out(question: Question) -> tuple[int, bool]:
    sample, estimate = _sampled(question)
    if _are_few(sample, estimate):
        found = _fetch(f"SELECT count(*) FROM ({_some(question)}) AS found", question.where.params)[0][0]
        if found <= EXACT:
            return found, False
    return max(EXACT, estimate), True


def _sampled(question: Question) -> tuple[int, int]:
    """(how many of the sample match, how many that makes of the whole base). The same sample every time.

    Of the table itself, for a view has no sample; in a presentation no condition speaks of what is invented.
    """
    size = _fetch(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = 'public.contacts_contact'::regclass", ()
    )[0][0]
    if size <= EXACT or any(each.most is not None and each.most <= EXACT for each in question.conditions):
        return 0, 0
    where = question.where.looked_up
    found = _fetch(
        "SELECT count(*) FROM public.contacts_contact AS contact"
        f" TABLESAMPLE SYSTEM ({100 * SAMPLE / size:.4f}) REPEATABLE (7) WHERE {where.text}",
        where.params,
    )[0][0]
    return found, _rounded(found * size / SAMPLE)


def _are_few(sample: int, estimate: int) -> bool:
    """Whether they are counted one by one: a small part of the base, or a part of a small base."""
    return sample < MANY or estimate < EXACT


def most_cutting(actor: Actor, filters: list[Filter]) -> Filter | None:
    """Of filters that together find nobody, the one without which most people come back."""
    if len(filters) < 2:
        return filters[0] if filters else None
    counts = []
    for each in filters:
        question = Question(actor, [other for other in filters if other is not each])
        counts.append((counted(question)[0], each))
    return max(counts, key=lambda pair: pair[0])[1]


def _some(question: Question) -> str:
    """SQL of the matching contacts, at most one more than are counted exactly."""
    columns = ", ".join(f"contact.{column}" for column in question.columns)
    return f"SELECT {columns} FROM contacts_contact AS contact WHERE {question.where.text} LIMIT {EXACT + 1}"


def filtered(question: Question) -> tuple[list[int], int, bool]:
    """(ids of the page and one more, count, whether the count is an estimate)."""
    known = _known_count(question)
    if known is not None and known > EXACT:
        return walked(question, known), known, False
    sample, estimate = _sampled(question)
    if not _are_few(sample, estimate):
        return walked(question, estimate), max(EXACT, estimate), True
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
    return walked(question, estimate), max(EXACT, estimate), True


def _known_count(question: Question) -> int | None:
    """The kept number where there is one: a whole campaign for somebody who sees the whole base."""
    if len(question.conditions) == 1 and question.actor.sees_all:
        return question.conditions[0].known_count()
    return None


def walked(question: Question, count: int) -> list[int]:
    """The page's ids by walking the sorting index, testing each contact on the way; about `count` match."""
    where, beyond = question.where.looked_up, question.beyond
    if not question.conditions and question.actor.sees_all:
        return _first(question, "contacts_contact AS contact", all_of([where, beyond]))
    if question.sort.column == "id" and any(each.link and each.link.ordered for each in question.conditions):
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


def valued(question: Question) -> tuple[list[int], int, bool] | None:
    """As `filtered`, in the order of a value; None where more people are found than their values are looked up for."""
    count, estimated = counted(question)
    if question.sort.index and count > GATHER:
        return _first_by_own_index(question), count, estimated
    if question.sort.everywhere or count <= question.sort.most:
        return _first_valued(question), count, estimated
    return None


def _first_valued(question: Question) -> list[int]:
    where, beyond = question.where, question.beyond
    if question.sort.everywhere:
        return _first(question, "contacts_contact AS contact", all_of([where, beyond]))
    seen = replace(question, sort=replace(question.sort, value="contact.value"))
    source = (
        f"(SELECT contact.id, ({question.sort.value}) AS value"
        f" FROM contacts_contact AS contact WHERE {where.text} OFFSET 0) AS contact"
    )
    return _first(seen, source, seen.beyond, before=where.params)


def _first_by_own_index(question: Question) -> list[int]:
    """Those with a value along its index, then those without one by number; the other way round when going back."""
    sort, where, direction = (
        question.sort,
        question.where.looked_up,
        "DESC" if question.is_descending else "ASC",
    )
    sign = "<" if question.is_descending else ">"
    value, number = question.key or (None, None)
    filled = [Sql(sort.index), where] + (
        [Sql(f"({sort.value}, contact.id) {sign} (%s, %s)", (value, number))] if value is not None else []
    )
    empty = [Sql(f"NOT ({sort.index})"), where] + (
        [Sql(f"contact.id {sign} %s", (number,))] if question.key and value is None else []
    )
    parts = [
        (all_of(filled), f"{sort.value} {direction}, contact.id {direction}"),
        (all_of(empty), f"contact.id {direction}"),
    ]
    if question.backwards:
        parts = parts[::-1] if value is None else parts[:1]
    elif question.key and value is None:
        parts = parts[1:]
    ids: list[int] = []
    for test, order in parts:
        if len(ids) <= PAGE:
            source = f"SELECT contact.id FROM contacts_contact AS contact WHERE {test.text} ORDER BY {order}"
            ids += [row[0] for row in _fetch(f"{source} LIMIT {PAGE + 1 - len(ids)}", test.params)]
    return ids


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
    chosen = next(each for each in question.conditions if each.link and each.link.ordered)
    link = chosen.link
    rest = all_of([question.visible, *(each.where for each in question.conditions if each is not chosen)])
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
    beyond, visible = question.beyond, question.visible
    rest = all_of([visible, *(each.where for each in question.conditions if not each.link)])
    looks = [rest, beyond]
    for link in (each.link for each in question.conditions if each.link):
        members = f"SELECT link.contact_id FROM {link.table} AS link WHERE {link.where.text}"
        looks.append(Sql(f"(contact.id IN ({members})) IS TRUE", link.where.params))
    with connection.cursor() as sql:
        sql.execute("SET LOCAL work_mem = '64MB'")
    return _first(question, "contacts_contact AS contact", all_of(looks).looked_up)


def _rounded(number: float) -> int:
    """Two digits that count: an estimate must not look like knowledge."""
    step = 10 ** max(0, len(str(int(number))) - 2)
    return int(number // step * step)


def value_of(question: Question, contact_id: int) -> tuple[Any, int] | None:
    """The key of a contact in the order of a value; None for one that the viewer may not see."""
    visible = question.visible
    found = _fetch(
        f"SELECT ({question.sort.value}), contact.id FROM contacts_contact AS contact"
        f" WHERE contact.id = %s AND {visible.text}",
        (contact_id, *visible.params),
    )
    return found[0] if found else None


def _fetch(sql: str, params: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
