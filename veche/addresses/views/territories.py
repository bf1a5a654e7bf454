"""The list of territories, the page of one, its houses, and a resolution with many precincts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.addresses import registry
from veche.addresses.actions import territories as actions
from veche.addresses.coverage.preview import MANY, preview_of
from veche.addresses.forms import DescriptionForm, PrecinctsForm
from veche.addresses.models import Coverage
from veche.addresses.queries import territories as queries
from veche.addresses.queries import territory_checks as checks
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, render_page, toast

LIST, PAGE = "addresses/territories.html", "addresses/territory.html"


@require_safe
def territories(request: HttpRequest) -> HttpResponse:
    """The tree with houses and people; looks again while houses are being laid out."""
    page = queries.page_of(
        request.actor, whole_id=queries.number_in(request.GET.get("whole", "")),
        q=request.GET.get("q", ""), after=request.GET.get("after", ""),
    )  # fmt: skip
    context = {"page": page, **_frame(request)}
    return render_page(request, LIST, context, fragment="list")


@require_safe
def territory(request: HttpRequest, territory_id: int) -> HttpResponse:
    """What houses a territory has, by street, and what of its text was not understood."""
    context = {
        "sheet": queries.sheet_of(request.actor, territory_id),
        "people_url": _people_url(),
        "houses_url": reverse(name) if (name := registry.houses_url_name()) else "",
        "panel_url": reverse(name, args=[territory_id]) if (name := registry.panel_url_name()) else "",
        "busy": queries.is_being_laid_out(),
    }
    return render_page(request, PAGE, context, fragment="sheet")


@require_http_methods(["GET", "POST"])
def description(request: HttpRequest, territory_id: int) -> HttpResponse:
    """What kind it is, where, and whether its people follow it."""
    request.actor.require("addresses.draw_territories")
    found = queries.territory_seen(request.actor, territory_id)
    known = Coverage.objects.filter(pk=territory_id).first() or Coverage(kind=Coverage.Kind.PRECINCT)
    initial = {name: getattr(known, name) for name in ("kind", "number", "town", "leads")}
    form = DescriptionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.does(
        actions.describe_territory, by=request.actor, territory_id=territory_id
    ):
        return toast(redirect(request, reverse("addresses:territory", args=[territory_id])), _("Saved."))
    return form_page(request, "addresses/territory_about.html", form, territory=found)


@require_safe
def houses(request: HttpRequest, territory_id: int) -> HttpResponse:
    """The houses where people live."""
    context = {
        "territory": queries.territory_seen(request.actor, territory_id),
        "page": queries.houses_of(request.actor, territory_id, after=request.GET.get("after", "")),
        "people_url": _people_url(),
    }
    return render(request, "addresses/territory_houses.html", context)


@require_http_methods(["GET", "POST"])
def precincts(request: HttpRequest) -> HttpResponse:
    """A resolution with many precincts: first how it was read, then, with `then=save`, kept."""
    request.actor.require("addresses.draw_territories")
    form = PrecinctsForm(request.POST or None, actor=request.actor, initial={"kind": Coverage.Kind.PRECINCT})
    if request.POST.get("then") == "save" and form.does(actions.paste_precincts, by=request.actor):
        count = len(form.outcome)
        said = ngettext(
            "%(count)d precinct has its houses now.", "%(count)d precincts have their houses now.", count
        )
        return toast(redirect(request, reverse("addresses:territories")), said % {"count": count})
    sections = []
    if form.is_bound and form.does(actions.look_at_precincts, by=request.actor):
        folded = sum(len(each.rules) for _text, each in form.outcome) > MANY
        sections = [(each.number, preview_of(text, each, folded=folded)) for text, each in form.outcome]
    return form_page(request, "addresses/precincts_new.html", form, sections=sections)


@require_POST
def laying_out(request: HttpRequest) -> HttpResponse:
    """Have all houses laid out anew."""
    actions.ask_for_all_streets(by=request.actor)
    response = redirect(request, reverse("addresses:territories"))
    return toast(response, _("The houses are being laid out. You can go on working."))


def _people_url() -> str:
    """Where people are listed; "" where no room lists them."""
    return reverse(name) if (name := registry.people_url_name()) else ""


def _frame(request: HttpRequest) -> dict:
    """What the tabs of all these pages show."""
    whole = request.actor.sees_all
    return {
        "kinds": checks.kinds() if whole else [],
        "whole_sight": whole,
        "may_draw": queries.may_draw(request.actor),
        "may_add": request.actor.may("accounts.manage"),
        "busy": queries.is_being_laid_out(),
    }
