"""Campaigns: the list and its archive, one campaign's form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.campaigns import actions, queries, registry
from veche.campaigns.forms import CampaignForm
from veche.campaigns.models import Campaign
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    return _list(request, archived=False)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return _list(request, archived=True)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new campaign; its colour is chosen for whoever does not care."""
    form = CampaignForm(request.POST or None, actor=request.actor, initial={"kind": Campaign.Kind.PROJECT})
    if request.method == "POST" and form.does(actions.add_campaign, by=request.actor):
        return toast(redirect(request, reverse("campaigns:campaigns")), _("The campaign has been added."))
    return form_page(request, "campaigns/campaign_form.html", form)


@require_http_methods(["GET", "POST"])
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    found = queries.campaign_of(request.actor, campaign_id)
    form = CampaignForm(
        request.POST or None, actor=request.actor, changes=True, initial=queries.as_initial(found)
    )
    if request.method == "POST" and form.does(actions.change_campaign, by=request.actor, campaign=found):
        return toast(redirect(request, reverse("campaigns:campaigns")), _("The campaign has been changed."))
    return form_page(request, "campaigns/campaign_form.html", form, campaign=found)


@require_POST
def close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Into the archive; the toast takes it back."""
    found = queries.campaign_of(request.actor, campaign_id)
    actions.archive_campaign(by=request.actor, campaign=found)
    undo = reverse("campaigns:campaign_reopen", args=[found.pk])
    response = redirect(request, reverse("campaigns:campaigns"))
    return toast(response, _("The campaign is in the archive."), undo_url=undo)


@require_POST
def reopen(request: HttpRequest, campaign_id: int) -> HttpResponse:
    actions.reopen_campaign(by=request.actor, campaign=queries.campaign_of(request.actor, campaign_id))
    response = redirect(request, reverse("campaigns:campaigns"))
    return toast(response, _("The campaign is back from the archive."))


def _list(request: HttpRequest, *, archived: bool) -> HttpResponse:
    name = registry.people_url_name()
    context = {
        "lines": queries.lines_for(request.actor, archived=archived),
        "archived": archived,
        "people_url": reverse(name) if name else "",
        "manages": request.actor.may("campaigns.manage"),
    }
    return render(request, "campaigns/campaign_list.html", context)
