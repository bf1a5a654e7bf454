"""Addresses of the list of people with one thing changed, and a right asked in a template."""

import re
from collections.abc import Container
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from veche.contacts.queries import merging
from veche.contacts.queries.card import Card
from veche.contacts.queries.people_at_hand import AtHand
from veche.contacts.queries.people_columns import Column
from veche.contacts.queries.people_filters import Filter
from veche.core.actor import Actor

register = template.Library()
PAGING = ("after", "before")


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether the actor holds a permission."""
    return actor.may(permission)


@register.simple_tag
def other_values(card: Card) -> list[tuple[str, str, int | None]]:
    """What cards that were merged into this one said otherwise: label, value, number of the card."""
    return merging.other_values(card.actor, card.contact)


@register.filter
def at(asked: QueryDict, key: str) -> str:
    """The value under a key that is itself a variable."""
    return asked.get(key, "")


@register.filter
def foreign_letters(text: str) -> str:
    """The text with those letters marked that are not of the alphabet in which the rest of their word is written."""
    return mark_safe("".join(_marked(word) for word in re.split(r"(\W+)", text)))  # each part is escaped


def _marked(word: str) -> str:
    latin = len(re.findall("[A-Za-z]", word))
    cyrillic = len(re.findall("[\u0400-\u04ff]", word))
    if not (latin and cyrillic):
        return escape(word)
    foreign = "[A-Za-z]+" if latin <= cyrillic else "[\u0400-\u04ff]+"
    return re.sub(foreign, r"<mark>\g<0></mark>", escape(word))


@register.filter
def direction(column: Column, sort: str) -> str:
    """What `aria-sort` says of a column."""
    return column.direction(sort)


@register.filter
def next_sort(column: Column, sort: str) -> str:
    """The order that a press on the column's head asks for."""
    return column.next_sort(sort)


@register.simple_tag(takes_context=True)
def without(context: Context, filter: Filter) -> str:
    """The list from its first page, one filter less."""
    return _without(context, [filter])


@register.simple_tag(takes_context=True)
def let_go(context: Context, hand: AtHand) -> str:
    """The list from its first page, without what one of the chips at hand asks, in whichever ways."""
    return _without(context, hand.filters)


@register.simple_tag(takes_context=True)
def turned_to(context: Context, kept: list[tuple[str, str]], key: str, value: str) -> str:
    """The list with the rest of an address as it is, and one filter."""
    query = QueryDict(mutable=True)
    for param, each in [*kept, (key, value)]:
        query.appendlist(param, each)
    return _of(query)


@register.simple_tag(takes_context=True)
def in_list(context: Context) -> str:
    """How a card's address says which list it was opened from."""
    query = context["request"].GET.copy()
    for key in (*PAGING, "columns", "view"):
        query.pop(key, None)
    return f"?{urlencode({'list': query.urlencode()})}"


@register.simple_tag(takes_context=True)
def asked_with(context: Context, **changes: Any) -> str:
    """The list from its first page, with other parameters."""
    return _address(context, **changes)


@register.simple_tag(takes_context=True)
def sorted_by(context: Context, sort: str) -> str:
    """The list from its first page in another order."""
    return _address(context, sort=sort)


@register.simple_tag(takes_context=True)
def turned(context: Context, after: str | None = None, before: str | None = None) -> str:
    """The page after or before a key."""
    return _address(context, after=after, before=before)


def _address(context: Context, **changes: Any) -> str:
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value:
            query[key] = value
    return _of(query, keep=changes)


def _without(context: Context, filters: list[Filter]) -> str:
    query = context["request"].GET.copy()
    for filter in filters:
        for param, _value in filter.params:
            query.pop(param, None)
    return _of(query)


def _of(query: QueryDict, keep: Container[str] = ()) -> str:
    for key in PAGING:
        if key not in keep:
            query.pop(key, None)
    address = reverse("contacts:people")
    return f"{address}?{query.urlencode()}" if query else address
