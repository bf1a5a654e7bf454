"""What may be done with many people at once: the bar of the list, the changes and their journal, undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts import registry
from veche.contacts.actions import mass_changes as actions
from veche.contacts.forms import MassForm, own_control
from veche.contacts.queries import mass_changes as queries
from veche.contacts.queries.own import own_field
from veche.contacts.queries.pastes import cells_left
from veche.contacts.queries.selection import selection_of
from veche.ui.fragments import is_fragment, redirect, render_page, toast, trigger

BULK, JOURNAL, CHANGE = "contacts/people_bulk.html", "contacts/mass_changes.html", "contacts/mass_change.html"


@require_GET
def bulk(request: HttpRequest) -> HttpResponse:
    """The buttons and small forms of the bar under the list; without JavaScript a page of them."""
    request.actor.require("contacts.edit")
    selection = selection_of(request.actor, request.GET)
    context = {
        "selection": selection,
        "counted": queries.counted(selection.count),
        "form": MassForm(actor=request.actor),
        "doors": [
            door
            for door in registry.selection_doors
            if request.actor.may(door.permission) and door.takes(selection.count)
        ],
        "own": own_control(own_field(request.GET["own"])) if request.GET.get("own") else None,
    }
    return render_page(request, BULK, context, fragment="bar")


@require_GET
def bulk_own(request: HttpRequest) -> HttpResponse:
    """The control for a value of the chosen own field."""
    request.actor.require("contacts.edit")
    form = own_control(own_field(request.GET.get("what", "")))
    return render(request, f"{BULK}#own", {"own": form})


@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """The journal; a POST begins a change."""
    request.actor.require("contacts.edit")
    if request.method == "POST":
        return _begin(request)
    after = request.GET.get("after", "")
    found, more = queries.journal(request.actor, after=_number(after))
    titles = queries.titles(found)
    lines = [(mass, titles[mass.pk], queries.may_undo(request.actor, mass)) for mass in found]
    context = {"lines": lines, "more": more, "undo_days": queries.UNDO_DAYS, "kinds": queries.Kind}
    return render_page(request, JOURNAL, context, fragment="more" if after else None)


@require_GET
def change(request: HttpRequest, mass_id: int) -> HttpResponse:
    """One change: how far it is, whom it left alone and why."""
    mass = queries.get_mass_change(request.actor, mass_id)
    after, why, after_cells = (request.GET.get(name, "") for name in ("after", "why", "cells"))
    people, more = queries.left_alone(request.actor, mass, why=why, after=_number(after) or 0)
    is_paste = mass.kind == mass.Kind.PASTE and not after
    cells, more_cells = (
        cells_left(request.actor, mass, after=_number(after_cells) or 0) if is_paste else ([], None)
    )
    context: dict[str, Any] = {
        "mass": mass,
        "cells": cells,
        "more_cells": more_cells,
        "title": queries.title(mass),
        "done": queries.progress(mass),
        "reasons": queries.reasons(mass),
        "why": why,
        "people": people,
        "more": more,
        "may_undo": queries.may_undo(request.actor, mass),
        "until": queries.undo_until(mass),
    }
    piece = "more" if after else "cells" if after_cells else "change"
    return render_page(request, CHANGE, context, fragment=piece)


@require_POST
def change_undo(request: HttpRequest, mass_id: int) -> HttpResponse:
    mass = actions.start_mass_undo(by=request.actor, mass_id=mass_id)
    return _said(request, mass)


@require_POST
def change_stop(request: HttpRequest, mass_id: int) -> HttpResponse:
    mass = actions.cancel_mass_change(by=request.actor, mass_id=mass_id)
    message = _("It stops after the portion in work. What is done can be undone.")
    return trigger(toast(_answer(request, mass), message), "mass-changed")


def _number(key: str) -> int | None:
    """The number that a page begins after; None for what is none."""
    return int(key) if key.isdecimal() and len(key) < 19 else None


def _begin(request: HttpRequest) -> HttpResponse:
    selection = selection_of(request.actor, request.POST)
    form = MassForm(request.POST, actor=request.actor)
    asked = form.asked(selection)
    mass = actions.start_mass_change(by=request.actor, ids=selection.ids, asked=selection.asked, **asked)
    answer = trigger(_said(request, mass), "selection-done")
    if is_fragment(request):
        answer.status_code = 200  # the bar goes, with the dialog that was open in it
    return answer


def _said(request: HttpRequest, mass: Any) -> HttpResponse:
    """What has become of it, in a toast; the list and the page of the change look again."""
    undo_url = reverse("contacts:mass_change_undo", args=[mass.pk])
    offered = mass.state == mass.State.DONE and queries.may_undo(request.actor, mass)
    answer = toast(_answer(request, mass), queries.said(mass), undo_url=undo_url if offered else None)
    return trigger(trigger(answer, "people-changed"), "mass-changed")


def _answer(request: HttpRequest, mass: Any) -> HttpResponse:
    if is_fragment(request):
        return HttpResponse(status=204)
    return redirect(request, reverse("contacts:mass_change", args=[mass.pk]))
