"""Rows of the list drawn anew after their cells were changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from veche.contacts.queries.people_columns import columns_for
from veche.contacts.queries.people_rows import rows
from veche.contacts.queries.scope import contacts_for
from veche.contacts.queries.viewing import view_of

TABLE = "contacts/people_table.html#more"
ANEW = "contacts/people_table.html#anew"


def drawn(request: HttpRequest, ids: list[int]) -> HttpResponse:
    """The rows of these people as they are now, with the columns that the address asks for."""
    return render(request, TABLE, drawn_rows(request, ids))


def drawn_anew(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One row as a wide screen and as a phone shows it."""
    return render(request, ANEW, drawn_rows(request, [contact_id]))


def drawn_rows(request: HttpRequest, ids: list[int]) -> dict[str, Any]:
    """What the template of the rows takes."""
    actor = request.actor
    found = (
        contacts_for(actor)
        .filter(pk__in=ids)
        .defer("own")
        .select_related("status", "responsible", "territory")
    )
    columns = columns_for(actor, request.GET, view_of(actor, request.GET))
    return {"rows": rows(actor, list(found), columns), "sort": request.GET.get("sort", "")}
