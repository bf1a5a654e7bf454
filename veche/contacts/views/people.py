"""The list of people and the form of its filters. What is asked stands in the address, so that it can be sent on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from veche.contacts.queries.people import DEFAULT_SORT, most_cutting, people_of
from veche.contacts.queries.people_at_hand import at_hand, offers
from veche.contacts.queries.people_choices import choices, own_question
from veche.contacts.queries.people_columns import MOST_COLUMNS, as_shown, columns_for, offered
from veche.contacts.queries.people_filters import is_any, query_of, read_filters
from veche.contacts.queries.people_rows import rows
from veche.contacts.queries.viewing import address_of, first_view, may_change, view_of, views_for
from veche.ui.fragments import is_fragment, redirect, render_page

SORT_TITLES = {
    "name": pgettext_lazy("sorted", "by name"),
    "-name": pgettext_lazy("sorted", "by name, from the end"),
    "newest": pgettext_lazy("sorted", "newest first"),
    "oldest": pgettext_lazy("sorted", "oldest first"),
    "changed": pgettext_lazy("sorted", "latest changes first"),
}
WAYS_OF_FORM = {
    "all": ".all",
    "not": ".not",
    "empty": ".is",
    "filled": ".is",
    "has": ".has",
    "starts": ".starts",
}
WAYS_OF_OWN = {"not": ".not", "has": ".has", "starts": ".starts", "from": ".from", "to": ".to"}


@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    """A page of the list; for htmx only the list itself."""
    request.actor.require("contacts.view")
    tidy = _tidied(request.GET)
    if tidy.urlencode() != request.GET.urlencode():
        return redirect(request, f"{reverse('contacts:people')}?{tidy.urlencode()}")
    if not request.GET and not is_fragment(request) and (first := first_view(request.actor)):
        return redirect(request, f"{reverse('contacts:people')}?{address_of(first)}")
    return render_page(request, "contacts/people_list.html", _page(request), fragment="people")


@require_GET
def people_rows(request: HttpRequest) -> HttpResponse:
    """The rows after a key, as the grid takes them; one row for `id`."""
    request.actor.require("contacts.view")
    page = people_of(request.actor, request.GET)
    columns = columns_for(request.actor, request.GET, view_of(request.actor, request.GET))
    context = {"rows": rows(request.actor, page.contacts, columns), "after": page.after}
    return render(request, "contacts/people_table.html#more", context)


@require_GET
def people_filter(request: HttpRequest) -> HttpResponse:
    """The form of all filters, in a drawer or, without JavaScript, on a page of its own."""
    request.actor.require("contacts.view")
    context = {"choices": choices(request.actor, request.GET), "asked": request.GET}
    if request.htmx:
        return render(request, "contacts/people_filter.html#form", context)
    return render(request, "contacts/people_filter.html", context)


@require_GET
def people_at_hand(request: HttpRequest, key: str) -> HttpResponse:
    """What opens under one of the chips that always stand above the list."""
    request.actor.require("contacts.view")
    return render(
        request, "contacts/people_at_hand.html", {"offers": offers(request.actor, key, request.GET)}
    )


@require_GET
def people_own(request: HttpRequest) -> HttpResponse:
    """The controls of a chosen own field in the form of filters; none while no field is chosen."""
    request.actor.require("contacts.view")
    key = request.GET.get("own", "")
    return render(request, "contacts/people_own.html", {"question": own_question(key) if key else None})


def _page(request: HttpRequest) -> dict[str, Any]:
    actor, asked = request.actor, request.GET
    filters, view = read_filters(actor, asked), view_of(actor, asked)
    page = people_of(actor, asked)
    columns = as_shown(columns_for(actor, asked, view))
    sort = asked.get("sort", DEFAULT_SORT)
    hands, others = at_hand(filters)
    return {
        "page": page,
        "filters": filters,
        "at_hand": hands,
        "others": others,
        "any": is_any(asked) and len(filters) > 1,
        "waits": next((each.waits_for for each in filters if each.waits_for), None),
        "rows": rows(actor, page.contacts, columns),
        "columns": columns,
        "shown_keys": {each.key for each in columns},
        "offered": offered(actor),
        "most_columns": MOST_COLUMNS,
        "cuts": most_cutting(actor, filters) if filters and not page.contacts else None,
        "sort": page.unsorted or sort,
        "unsorted": next((each.label for each in columns if sort in (each.up, each.down)), sort)
        if page.unsorted and "sort" in asked
        else None,
        "sorts": SORT_TITLES,
        "views": [(each, address_of(each)) for each in views_for(actor)],
        "view": view,
        "view_changed": view is not None and query_of(QueryDict(view.query)) != query_of(asked),
        "view_mine": view is not None and may_change(actor, view),
    }


def _tidied(asked: QueryDict) -> QueryDict:
    """The query without what is empty; what the form of filters sends apart is put together."""
    tidy = QueryDict(mutable=True)
    for key in asked:
        values = [value for value in asked.getlist(key) if value.strip()]
        if not values or key in ("own", "own_value", "own_way") or key.endswith(".way"):
            continue
        way = asked.get(f"{key}.way", "")
        if way not in ("empty", "filled"):
            tidy.setlistdefault(f"{key}{WAYS_OF_FORM.get(way, '')}", []).extend(values)
    for key, way in asked.items():
        if key.endswith(".way") and way in ("empty", "filled"):
            tidy[f"{key.removesuffix('.way')}.is"] = way
    field, value, way = (asked.get(name, "").strip() for name in ("own", "own_value", "own_way"))
    if field and way in ("empty", "filled"):
        tidy[f"own.{field}.is"] = way
    elif field and value:
        tidy.appendlist(f"own.{field}{WAYS_OF_OWN.get(way, '')}", value)
    return tidy
