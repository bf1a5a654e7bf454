"""Family, household and relations on a card: what is said there, and how it is said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts.actions import relations as actions
from veche.contacts.actions.households import leave_household
from veche.contacts.forms import RelationForm
from veche.contacts.models import FieldChange
from veche.contacts.queries.households import home_of
from veche.contacts.queries.relations import kinds_for, ties_of
from veche.contacts.queries.scope import get_contact
from veche.contacts.queries.search import search_contacts
from veche.ui.fragments import toast, trigger

PANEL = "contacts/households/ties.html"
FORM = "contacts/households/relation_form.html"


@require_GET
def ties(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The panel of a card: the household, and who is what to this contact."""
    return _panel(request, contact_id)


@require_http_methods(["GET", "POST"])
def relation_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Say in one go who is what to this contact, and that they live together."""
    contact = get_contact(request.actor, contact_id)
    request.actor.require("contacts.edit")
    typed = request.POST if request.method == "POST" else None
    form = RelationForm(typed, kinds=kinds_for(contact.kind))
    if typed and form.does(actions.add_relative, by=request.actor, contact_id=contact_id):
        answer = _panel(request, contact_id)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#card-ties", "outerHTML"
        return trigger(toast(answer, _("Added.")), "line-changed")
    text, chosen = (typed.get("q", ""), typed.get("other", "")) if typed else ("", "")
    context = {
        "contact": contact,
        "form": form,
        "hits": _hits(request, contact_id, text),
        "q": text,
        "chosen": chosen,
    }
    return render(request, FORM, context, status=422 if form.errors else 200)


@require_GET
def relation_people(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Whom what was typed may mean."""
    contact = get_contact(request.actor, contact_id)
    request.actor.require("contacts.edit")
    text = request.GET.get("q", "").strip()
    context = {"contact": contact, "hits": _hits(request, contact_id, text), "q": text}
    return render(request, f"{FORM}#hits", context)


@require_POST
def relation_removal(request: HttpRequest, contact_id: int, relation_id: int) -> HttpResponse:
    """Take a relation away, with undo."""
    change = actions.unrelate(by=request.actor, relation_id=relation_id, contact_id=contact_id)
    return _changed(request, contact_id, _("Removed."), change)


@require_POST
def household_departure(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take somebody out of their household, with undo."""
    change = leave_household(by=request.actor, contact_id=contact_id)
    return _changed(request, contact_id, _("Taken out of the household."), change)


@require_POST
def tie_restoration(request: HttpRequest, contact_id: int, change_id: int) -> HttpResponse:
    """Undo what was done to a household or a relation."""
    actions.put_tie_back(by=request.actor, contact_id=contact_id, change_id=change_id)
    answer = trigger(trigger(HttpResponse(status=204), "ties-changed"), "line-changed")
    return toast(answer, _("It is as it was before."))


def undo_of_tie(change: FieldChange | None) -> str | None:
    """Where the undo of a change of a household or a relation lives."""
    return change and reverse("contacts:tie_restoration", args=[change.contact_id, change.pk])


def _changed(request: HttpRequest, contact_id: int, words: str, change: FieldChange | None) -> HttpResponse:
    answer = trigger(trigger(HttpResponse(status=204), "ties-changed"), "line-changed")
    return toast(answer, words, undo_url=undo_of_tie(change))


def _panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = get_contact(request.actor, contact_id)
    context = {
        "contact": contact,
        "ties": ties_of(request.actor, contact_id),
        "home": home_of(request.actor, contact_id) if contact.kind == "person" else None,
        "may_edit": request.actor.may("contacts.edit"),
    }
    return render(request, PANEL, context)


def _hits(request: HttpRequest, contact_id: int, text: str) -> list:
    found = search_contacts(request.actor, text).hits if text.strip() else []
    return [hit for hit in found if hit.id != contact_id]
