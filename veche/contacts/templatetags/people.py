"""Addresses of the list of people with one thing changed, and a right asked in a template."""

from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse

from veche.core.actor import Actor

register = template.Library()


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether the actor holds a permission."""
    return actor.may(permission)


@register.filter
def at(asked: QueryDict, key: str) -> str:
    """The value under a key that is itself a variable."""
    return asked.get(key, "")


@register.simple_tag(takes_context=True)
def without(context: Context, key: str) -> str:
    """The list from its first page, one filter less."""
    return _address(context, **{key: None})


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
    for key, value in {"after": None, "before": None, **changes}.items():
        query.pop(key, None)
        if value:
            query[key] = value
    address = reverse("contacts:people")
    return f"{address}?{query.urlencode()}" if query else address
