"""Territories, for administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.accounts import actions, queries
from veche.accounts.forms.users import TerritoryForm
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_safe
def territories(request: HttpRequest) -> HttpResponse:
    request.actor.require("accounts.manage")
    lines = queries.territory_lines(request.actor)
    return render(request, "accounts/territory_list.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new territory; `?parent=ID` says what it will be a part of."""
    initial = {"parent": request.GET.get("parent")}
    form = TerritoryForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.does(actions.add_territory, by=request.actor):
        return toast(redirect(request, reverse("accounts:territories")), _("The territory has been added."))
    return form_page(request, "accounts/territory_form.html", form)


@require_http_methods(["GET", "POST"])
def territory(request: HttpRequest, territory_id: int) -> HttpResponse:
    found = queries.territory_of(request.actor, territory_id)
    initial = {"name": found.name, "parent": found.parent_id}
    form = TerritoryForm(request.POST or None, actor=request.actor, besides=found, initial=initial)
    if request.method == "POST" and form.does(actions.change_territory, by=request.actor, territory=found):
        return toast(redirect(request, reverse("accounts:territories")), _("The territory has been changed."))
    return form_page(request, "accounts/territory_form.html", form, territory=found)


@require_POST
def remove(request: HttpRequest, territory_id: int) -> HttpResponse:
    actions.remove_territory(by=request.actor, territory=queries.territory_of(request.actor, territory_id))
    return toast(redirect(request, reverse("accounts:territories")), _("The territory has been removed."))
