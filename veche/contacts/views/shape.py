"""Pages where a team makes its own tags, statuses, roles, kinds of relations and fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.contacts.actions import shape as actions
from veche.contacts.models import Kind, OwnField, RelationKind
from veche.contacts.queries import shape as queries
from veche.core.refusal import NotFound, Refusal
from veche.ui.fragments import redirect, toast


@require_http_methods(["GET", "POST"])
def shape(request: HttpRequest, part: str = "tags") -> HttpResponse:
    """One of the lists, and the form for a new entry in it."""
    request.actor.require("contacts.shape")
    chosen = queries.part(part)
    if request.method == "GET":
        return _page(request, chosen)
    try:
        made = _add(request, chosen)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _page(request, chosen, problem=refusal)
    return _back(request, part, _("“%(name)s” was made.") % {"name": made})


@require_http_methods(["GET", "POST"])
def shape_entry(request: HttpRequest, part: str, entry_id: int) -> HttpResponse:
    """The form of one entry: its name, colour, choices."""
    request.actor.require("contacts.shape")
    chosen = queries.part(part)
    entry = queries.entry(chosen, entry_id)
    if request.method == "GET":
        return _form(request, chosen, entry)
    try:
        _change(request, entry)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return _form(request, chosen, entry, problem=refusal)
    return _back(request, part, _("“%(name)s” was changed.") % {"name": entry})


@require_POST
def shape_archival(request: HttpRequest, part: str, entry_id: int) -> HttpResponse:
    """Put an entry into the archive, or with `restore` take it out."""
    entry = queries.entry(queries.part(part), entry_id)
    if request.POST.get("restore"):
        actions.restore_entry(by=request.actor, entry=entry)
        return _back(request, part, _("“%(name)s” is offered again.") % {"name": entry})
    actions.archive_entry(by=request.actor, entry=entry)
    return _back(request, part, _("“%(name)s” is in the archive. Whoever has it keeps it.") % {"name": entry})


@require_POST
def shape_move(request: HttpRequest, part: str, entry_id: int) -> HttpResponse:
    """One place up or down."""
    chosen = queries.part(part)
    if not chosen.ordered:
        raise NotFound
    down = request.POST.get("direction") == "down"
    actions.move_entry(by=request.actor, entry=queries.entry(chosen, entry_id), down=down)
    return redirect(request, reverse("contacts:shape_part", args=[part]))


@require_POST
def own_field_index(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Have the filter by an own field made fast, from its page or from the list that wants it."""
    field = queries.entry(queries.part("fields"), entry_id)
    actions.want_index(by=request.actor, field=field)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("contacts:shape_part", args=["fields"])
    return toast(redirect(request, back), _("The filter is being prepared."))


def _add(request: HttpRequest, chosen: queries.Part) -> Any:
    given, by = request.POST, request.actor
    name, colour = given.get("name", ""), _number(given.get("colour"))
    match chosen.key:
        case "tags":
            return actions.add_tag(by=by, name=name, colour=colour or 3)
        case "statuses":
            return actions.add_status(by=by, name=name)
        case "roles":
            return actions.add_role_kind(by=by, name=name, colour=colour or 3)
        case "relations":
            return actions.add_relation_kind(by=by, **_relation(given))
    choices = given.get("choices", "").splitlines()
    return actions.add_own_field(by=by, label=name, type=given.get("type", ""), choices=choices)


def _change(request: HttpRequest, entry: Any) -> None:
    given = request.POST
    if isinstance(entry, RelationKind):
        actions.change_relation_kind(by=request.actor, kind=entry, **_relation(given))
        return
    actions.rename_entry(
        by=request.actor, entry=entry, name=given.get("name", ""), colour=_number(given.get("colour"))
    )
    if isinstance(entry, OwnField) and entry.type in actions.WITH_CHOICES:
        labels = {each["id"]: given.get(f"choice_{each['id']}", "") for each in entry.choices}
        added = given.get("choices", "").splitlines()
        actions.change_choices(by=request.actor, field=entry, labels=labels, added=added)


def _relation(given: Mapping[str, str]) -> dict[str, str]:
    return {key: given.get(key, "") for key in ("name", "reverse_name", "one_is", "other_is")}


def _page(request: HttpRequest, chosen: queries.Part, problem: Refusal | None = None) -> HttpResponse:
    context = {
        "parts": queries.PARTS.values(),
        "part": chosen,
        "entries": queries.entries(chosen),
        "archived": queries.archived(chosen),
        "types": OwnField.Type.choices,
        "ends": Kind.choices,
        "colours": actions.COLOURS,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "contacts/shape.html", context, status=422 if problem else 200)


def _form(
    request: HttpRequest, chosen: queries.Part, entry: Any, problem: Refusal | None = None
) -> HttpResponse:
    context = {
        "part": chosen,
        "entry": entry,
        "ends": Kind.choices,
        "colours": actions.COLOURS,
        "has_choices": getattr(entry, "type", "") in actions.WITH_CHOICES,
        "problem": problem,
        "typed": request.POST,
    }
    template = "contacts/shape_entry.html"
    status = 422 if problem else 200
    return render(request, f"{template}#form" if request.htmx else template, context, status=status)


def _back(request: HttpRequest, part: str, sentence: str) -> HttpResponse:
    return toast(redirect(request, reverse("contacts:shape_part", args=[part])), sentence)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 5 else None
