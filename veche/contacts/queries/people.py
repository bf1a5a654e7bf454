"""The list of people: filtered, sorted, paged by key, counted exactly or honestly about. Never OFFSET.

`people` answers a page of it (`people_walks` says how), `found` all who are behind it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from veche.contacts.models import Contact
from veche.contacts.queries import people_walks as walks
from veche.contacts.queries.people_filters import Filter, is_any, read_filters
from veche.contacts.queries.people_found import Found, found
from veche.contacts.queries.people_orders import read_sort, sort_of_many, sort_or_usual
from veche.contacts.queries.people_question import DEFAULT_SORT, SORTS, Question, Sort
from veche.contacts.queries.people_walks import PAGE, base_size, most_cutting
from veche.contacts.queries.scope import contacts_for, removed_contacts_for
from veche.core.actor import Actor

__all__ = [
    "DEFAULT_SORT", "PAGE", "SORTS", "Found", "People", "Question", "Sort", "base_size", "found", "most_cutting",
    "people",
    "people_of",
    "read_sort",
]  # fmt: skip
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class People:
    """One page of the list. `count` is exact unless `estimated`; `total` is the viewer's whole base.

    `unsorted`: more were found than can be sorted by the column asked for; the order they stand in instead.
    """

    contacts: list[Contact]
    count: int
    estimated: bool
    total: int
    before: str | None = None
    after: str | None = None
    unsorted: str = ""


def people(
    actor: Actor,
    filters: list[Filter],
    *,
    sort: str = DEFAULT_SORT,
    after: str = "",
    before: str = "",
    any_filter: bool = False,
) -> People:
    """The page after (or before) a key that an earlier page gave; the first page for a key that means nothing."""
    question = Question(actor, filters, sort_or_usual(actor, sort), any_filter=any_filter)
    with transaction.atomic():
        total = base_size(actor)
        answer, unsorted = answered(question, after, before, total), ""
        if answer is None:
            unsorted = sort_of_many()
            question = replace(question, sort=SORTS[unsorted])
            answer = answered(question, after, before, total)
    assert answer is not None
    ids, count, estimated = answer
    more, ids = len(ids) > walks.PAGE, ids[: walks.PAGE]
    if question.backwards:
        ids.reverse()
    contacts = _contacts(ids)
    earlier = more if question.backwards else question.key is not None
    later = True if question.backwards else more
    return People(
        contacts, count, estimated, total[0],
        before=key_of(question.sort, contacts[0]) if contacts and earlier else None,
        after=key_of(question.sort, contacts[-1]) if contacts and later else None,
        unsorted=unsorted,
    )  # fmt: skip


def people_of(actor: Actor, query: Mapping[str, str]) -> People:
    """The page that an address asks for."""
    return people(
        actor,
        read_filters(actor, query),
        sort=query.get("sort") or DEFAULT_SORT,
        after=query.get("after", ""),
        before=query.get("before", ""),
        any_filter=is_any(query),
    )


def answered(
    question: Question, after: str, before: str, total: tuple[int, bool]
) -> tuple[list[int], int, bool] | None:
    """(ids of the page and one more, count, whether that is an estimate); None where the order cannot be had."""
    question.key = _read_key(question, after or before)
    question.backwards = bool(before and question.key)
    if question.sort.value:
        return walks.valued(question)
    if question.filters:
        return walks.filtered(question)
    return walks.walked(question, total[0]), *total


def _contacts(ids: list[int]) -> list[Contact]:
    """The contacts in the order of `ids`; their own fields are left out, there may be hundreds."""
    found = (
        Contact.objects.filter(pk__in=ids).defer("own").select_related("status", "responsible", "territory")
    )
    by_id = {contact.pk: contact for contact in found}
    return [by_id[each] for each in ids if each in by_id]


def key_of(sort: Sort, contact: Contact) -> str:
    """A page's key for its address: numbers only, for a name in an address would lie about in logs."""
    if sort.column == "changed_at":
        return f"{(contact.changed_at - EPOCH) // dt.timedelta(microseconds=1)}-{contact.pk}"
    return str(contact.pk)


def _read_key(question: Question, text: str) -> tuple[Any, ...] | None:
    head, _dash, number = text.rpartition("-")
    if not number.isdecimal() or len(number) > 18 or (head and not head.isdecimal()):
        return None
    if question.sort.value:
        return walks.value_of(question, int(number))
    if question.sort.column == "id":
        return (int(number),)
    if question.sort.column == "changed_at":
        return (
            (EPOCH + dt.timedelta(microseconds=int(head)), int(number)) if head and len(head) < 17 else None
        )
    return _name_of(question.actor, int(number))


def _name_of(actor: Actor, number: int) -> tuple[str, int] | None:
    """The key of a contact in the order of names, also of one removed while somebody read on; None for one whom the
    viewer may not see: else where a page begins would tell the place of a hidden name."""
    for reach in (contacts_for(actor), removed_contacts_for(actor)):
        if row := reach.filter(pk=number).values_list("name_key", flat=True).first():
            return row, number
    return None
