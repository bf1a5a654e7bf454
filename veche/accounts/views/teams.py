"""Teams, for administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.accounts import actions, queries
from veche.accounts.forms.users import TeamForm
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/team_list.html", {"teams": queries.teams_for(request.actor)})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.does(actions.add_team, by=request.actor):
        return toast(redirect(request, reverse("accounts:teams")), _("The team has been added."))
    return form_page(request, "accounts/team_form.html", form)


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    found = queries.team_of(request.actor, team_id)
    initial = {"name": found.name, "members": found.members.all()}
    form = TeamForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.does(actions.change_team, by=request.actor, team=found):
        return toast(redirect(request, reverse("accounts:teams")), _("The team has been changed."))
    return form_page(request, "accounts/team_form.html", form, team=found)


@require_POST
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    actions.remove_team(by=request.actor, team=queries.team_of(request.actor, team_id))
    return toast(redirect(request, reverse("accounts:teams")), _("The team has been removed."))
