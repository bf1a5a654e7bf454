"""Saved views of the list, and everybody's own columns."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from veche.contacts.actions import viewing as actions
from veche.contacts.models import SavedView
from veche.contacts.queries.people_columns import columns_for
from veche.contacts.queries.people_filters import query_of
from veche.contacts.queries.viewing import SHARE, address_of, first_view, may_change, teams_of, view_of
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.ui.action_form import ActionForm
from veche.ui.fragments import form_errors, redirect, render_page, toast

FORM = "contacts/list_view.html"
MOST_BYTES = 20_000


class ViewForm(ActionForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees it"), choices=SavedView.Audience.choices, widget=forms.RadioSelect
    )
    team = forms.ModelChoiceField(None, label=gettext_lazy("Team"), required=False, empty_label="—")

    def __init__(self, *args: Any, actor: Actor, view: SavedView | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = teams = teams_of(actor)
        kept = {view.audience} if view else set()
        self.fields["audience"].choices = [
            (value, label)
            for value, label in SavedView.Audience.choices
            if value in kept
            or value == "private"
            or (value == "team" and teams.exists())
            or (value == "everyone" and actor.may(SHARE))
        ]
        if not teams.exists():
            del self.fields["team"]

    def arguments(self) -> dict[str, Any]:
        team = self.cleaned_data.get("team")
        return {
            "name": self.cleaned_data["name"],
            "audience": self.cleaned_data["audience"],
            "team_id": team.pk if team and self.cleaned_data["audience"] == "team" else None,
        }


@require_http_methods(["GET", "POST"])
def list_view_new(request: HttpRequest) -> HttpResponse:
    """Save what the address asks as a view; over the open one with `over`."""
    actor, asked = request.actor, request.GET
    actor.require("contacts.view")
    view = view_of(actor, asked)
    mine = view if view and may_change(actor, view) else None
    initial = (
        {"name": mine.name, "audience": mine.audience, "team": mine.team_id}
        if mine
        else {"audience": "private"}
    )
    form = ViewForm(request.POST or None, initial=initial, actor=actor, view=mine)
    context = {
        "form": form, "view": view, "mine": mine, "asked": asked,
        "opens_first": view is not None and first_view(actor) == view,
    }  # fmt: skip
    if request.method == "GET":
        return render_page(request, FORM, context, fragment="form")
    over = mine.pk if mine and request.POST.get("over") else None
    columns = [column.key for column in columns_for(actor, asked, view)]
    if not form.does(actions.save_view, by=actor, query=asked, columns=columns, view_id=over):
        return form_errors(request, FORM, context, fragment="form")
    saved = form.outcome
    address = f"{reverse('contacts:people')}?{address_of(saved)}"
    return toast(redirect(request, address), _("The view has been saved."))


@require_POST
def list_view_removal(request: HttpRequest, view_id: int) -> HttpResponse:
    actions.remove_view(by=request.actor, view_id=view_id)
    undo = reverse("contacts:list_view_restoration", args=[view_id])
    return toast(
        redirect(request, reverse("contacts:people") + "?view=all"),
        _("The view has been removed."),
        undo_url=undo,
    )


@require_POST
def list_view_restoration(request: HttpRequest, view_id: int) -> HttpResponse:
    view = actions.restore_view(by=request.actor, view_id=view_id)
    return redirect(request, f"{reverse('contacts:people')}?{address_of(view)}")


@require_POST
def list_view_first(request: HttpRequest) -> HttpResponse:
    """Let the section open with the named view; without one, with everybody."""
    request.actor.require("contacts.view")
    actions.open_first(by=request.actor, view=view_of(request.actor, request.POST))
    return redirect(request, f"{reverse('contacts:people')}?{_back(request)}")


@require_POST
def list_layout(request: HttpRequest) -> HttpResponse:
    """Keep how the columns lie: from the grid as JSON in `columns`, from the form as the keys ticked."""
    request.actor.require("contacts.view")
    view = view_of(request.actor, request.POST)
    if "columns" in request.POST:
        actions.keep_layout(by=request.actor, view=view, columns=_read(request.POST["columns"]))
        return HttpResponse(status=204)
    columns: list[dict[str, Any]] = []
    if not request.POST.get("reset"):
        now = {column.key: column for column in columns_for(request.actor, QueryDict(), view)}
        frozen = set(request.POST.getlist("frozen"))
        columns = [
            {"key": key, "width": now[key].width if key in now else None, "frozen": key in frozen}
            for key in request.POST.getlist("column")
        ]
    actions.keep_layout(by=request.actor, view=view, columns=columns)
    return redirect(request, f"{reverse('contacts:people')}?{_back(request)}")


def _read(text: str) -> list[dict[str, Any]]:
    try:
        read = json.loads(text) if len(text) <= MOST_BYTES else None
    except (ValueError, RecursionError):  # the latter for brackets without end
        read = None
    if not isinstance(read, list) or not all(isinstance(each, dict) for each in read):
        raise Refusal("contacts.layout", _("The columns could not be kept. Reload the page."))
    return read


def _back(request: HttpRequest) -> str:
    """The list again as it was asked for, but for its page and its columns."""
    asked = QueryDict(request.POST.get("back", ""), mutable=True)
    address = QueryDict(mutable=True)
    for key, value in query_of(asked).items():
        address.setlist(key, value if isinstance(value, list) else [value])
    if view := asked.get("view"):
        address["view"] = view
    return address.urlencode() or "view=all"
