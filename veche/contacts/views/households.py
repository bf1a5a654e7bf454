"""The list of households, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts.actions import households as actions
from veche.contacts.forms import HouseholdForm
from veche.contacts.models import Household
from veche.contacts.queries.household_list import SIZES, households_page
from veche.contacts.queries.household_timeline import household_timeline, whose
from veche.contacts.queries.households import Home, home
from veche.contacts.queries.search import search_contacts
from veche.contacts.queries.telling import Narrator
from veche.contacts.queries.timeline import grouped
from veche.contacts.views.relations import undo_of_tie
from veche.core.refusal import Refusal
from veche.ui.fragments import redirect, render_page, toast

PAGE = "contacts/households/household.html"
LIST = "contacts/households/households.html"


@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """Households of whom the viewer sees somebody, the newest first."""
    request.actor.require("contacts.view")
    context = {
        "page": households_page(request.actor, request.GET),
        "q": request.GET.get("q", ""),
        "sizes": SIZES,
        "size": request.GET.get("size", ""),
        "letters": Household.Letter.choices,
        "letter": request.GET.get("letter", ""),
    }
    return render_page(request, LIST, context, fragment="found")


@require_GET
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: its people, what they share, what happened to them."""
    found = home(request.actor, household_id)
    context = {"home": found, "may_edit": request.actor.may("contacts.edit"), **_history(found, "")}
    return render_page(request, PAGE, context)


@require_GET
def household_history(request: HttpRequest, household_id: int) -> HttpResponse:
    """Further lines of the joint history."""
    found = home(request.actor, household_id)
    return render(request, f"{PAGE}#lines", {"home": found, **_history(found, request.GET.get("after", ""))})


@require_http_methods(["GET", "POST"])
def household_form(request: HttpRequest, household_id: int) -> HttpResponse:
    """Its name, its head and how it is written to."""
    found = home(request.actor, household_id)
    request.actor.require("contacts.edit")
    typed = request.POST if request.method == "POST" else None
    known = {"name": found.household.name, "head": found.head_id, "letter": found.household.letter}
    form = HouseholdForm(typed, people=found.people, initial=known)
    if typed and form.does(actions.change_household, by=request.actor, household_id=household_id):
        return toast(redirect(request, reverse("contacts:household", args=[household_id])), _("Saved."))
    context = {"home": found, "form": form}
    return render(
        request, "contacts/households/household_form.html", context, status=422 if form.errors else 200
    )


@require_GET
def household_people(request: HttpRequest, household_id: int) -> HttpResponse:
    """Who may join it: found by what is typed."""
    found = home(request.actor, household_id)
    request.actor.require("contacts.edit")
    text = request.GET.get("q", "").strip()
    there = {each.pk for each in found.people}
    hits = [hit for hit in search_contacts(request.actor, text).hits if hit.id not in there] if text else []
    context = {"home": found, "hits": [hit for hit in hits if not hit.is_organisation], "q": text}
    return render(request, f"{PAGE}#hits", context)


@require_POST
def member_new(request: HttpRequest, household_id: int) -> HttpResponse:
    """Somebody joins it; with `join`, together with the household they are of."""
    found = home(request.actor, household_id)
    request.actor.require("contacts.edit")
    other = request.POST.get("contact", "")
    if not other.isascii() or not other.isdecimal() or len(other) > 18:
        raise Refusal("contacts.household_whom", _("Say who it is."))
    ids = [*(each.pk for each in found.people[:1]), int(other)]
    actions.gather_household(by=request.actor, contact_ids=ids, join="join" in request.POST)
    return toast(redirect(request, reverse("contacts:household", args=[household_id])), _("Added."))


@require_POST
def member_removal(request: HttpRequest, household_id: int, contact_id: int) -> HttpResponse:
    """Somebody leaves it, with undo; the last but one ends it."""
    home(request.actor, household_id)
    change = actions.leave_household(by=request.actor, contact_id=contact_id)
    return toast(_away(request, household_id), _("Taken out of the household."), undo_url=undo_of_tie(change))


@require_POST
def household_removal(request: HttpRequest, household_id: int) -> HttpResponse:
    """The household ends, its people stay; with undo."""
    change = actions.end_household(by=request.actor, household_id=household_id)
    answer = redirect(request, reverse("contacts:households"))
    return toast(answer, _("The household is no more; its people are."), undo_url=undo_of_tie(change))


def _away(request: HttpRequest, household_id: int) -> HttpResponse:
    """To its page while it is there, else to the list."""
    try:
        home(request.actor, household_id)
    except Refusal:
        return redirect(request, reverse("contacts:households"))
    return redirect(request, reverse("contacts:household", args=[household_id]))


def _history(of: Home, after: str) -> dict[str, Any]:
    names = {each.pk: str(each) for each in of.people}
    page = household_timeline(names, after=after)
    narrator = Narrator(of.actor, page.lines)
    groups = [
        (caption, [(narrator.tell(line), whose(line), names.get(whose(line), "")) for line in lines])
        for caption, lines in grouped(page.lines, before=after)
    ]
    return {"groups": groups, "after": page.after}
