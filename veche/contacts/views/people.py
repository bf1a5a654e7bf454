"""The list of people and the form of its filters. What is asked stands in the address, so that it can be sent on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from veche.contacts.queries.people import DEFAULT_SORT, SORTS, most_cutting, people
from veche.contacts.queries.people_choices import choices
from veche.contacts.queries.people_filters import read_filters
from veche.contacts.queries.people_rows import rows
from veche.ui.fragments import redirect, render_page

SORT_TITLES = {
    "name": pgettext_lazy("sorted", "by name"),
    "-name": pgettext_lazy("sorted", "by name, from the end"),
    "newest": pgettext_lazy("sorted", "newest first"),
    "oldest": pgettext_lazy("sorted", "oldest first"),
    "changed": pgettext_lazy("sorted", "latest changes first"),
}


@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    """A page of the list; for htmx only the list itself."""
    request.actor.require("contacts.view")
    tidy = _tidied(request.GET)
    if tidy.urlencode() != request.GET.urlencode():
        return redirect(request, f"{reverse('contacts:people')}?{tidy.urlencode()}")
    filters = read_filters(request.actor, request.GET)
    sort = request.GET.get("sort", DEFAULT_SORT)
    page = people(
        request.actor,
        filters,
        sort=sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context: dict[str, Any] = {
        "page": page,
        "filters": filters,
        "waits": next((each.waits_for for each in filters if each.waits_for), None),
        "rows": rows(request.actor, page.contacts),
        "cuts": most_cutting(request.actor, filters) if filters and not page.contacts else None,
        "sort": sort if sort in SORTS else DEFAULT_SORT,
        "sorts": SORT_TITLES,
    }
    return render_page(request, "contacts/people_list.html", context, fragment="people")


@require_GET
def people_filter(request: HttpRequest) -> HttpResponse:
    """The form of all filters, in a drawer or, without JavaScript, on a page of its own."""
    request.actor.require("contacts.view")
    context = {"choices": choices(request.actor), "asked": request.GET}
    if request.htmx:
        return render(request, "contacts/people_filter.html#form", context)
    return render(request, "contacts/people_filter.html", context)


def _tidied(asked: QueryDict) -> QueryDict:
    """The query without what is empty; a chosen own field and its value become one filter."""
    tidy = QueryDict(mutable=True)
    for key, value in asked.items():
        if value.strip() and key not in ("own", "own_value"):
            tidy[key] = value
    if asked.get("own", "").strip() and asked.get("own_value", "").strip():
        tidy[f"own.{asked['own'].strip()}"] = asked["own_value"]
    return tidy
