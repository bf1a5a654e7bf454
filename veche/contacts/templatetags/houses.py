"""Addresses of the list of houses with one filter less."""

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def less(context: Context, filter: Any) -> str:
    """The list from its first page without one of its filters."""
    query = context["request"].GET.copy()
    for key in (*filter.params, "after", "before"):
        query.pop(key, None)
    return f"?{query.urlencode()}"
