"""Roles, tags and campaigns on the card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.contacts.actions import belonging as actions
from veche.contacts.forms import MembershipForm, RoleForm, TagForm
from veche.contacts.queries.card import card
from veche.contacts.views.in_place import NOTHING, attempt, opened, shown, typed_in, undo_of


@require_http_methods(["GET", "POST"])
def role_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give the contact a role."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    form = RoleForm(typed_in(request))
    held = attempt(
        request, found, form,
        lambda typed: actions.give_role(
            by=request.actor, contact_id=contact_id, role_id=typed["role"].pk,
            since=typed["since"], until=typed["until"], note=typed["note"],
        ),
    )  # fmt: skip
    return (
        opened(request, found, form) if held is NOTHING else shown(request, contact_id, "roles", _("Added."))
    )


@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, contact_id: int, held_id: int) -> HttpResponse:
    """Change the dates or the place of a role."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    held = found.role_held(held_id)
    dates = {name: f"{day:%d.%m.%Y}" if (day := getattr(held, name)) else "" for name in ("since", "until")}
    form = RoleForm(
        typed_in(request),
        is_new=False,
        initial={"revision": found.contact.revision, "note": held.note, **dates},
    )
    saved = attempt(request, found, form, lambda typed: _change_role(request, contact_id, held_id, typed))
    if saved is NOTHING:
        removal_url = reverse("contacts:role_removal", args=[contact_id, held_id])
        return opened(request, found, form, caption=str(held.role), removal_url=removal_url)
    return shown(request, contact_id, "roles", _("Saved."), undo_of(found.change_just_made("role")))


@require_POST
def role_removal(request: HttpRequest, contact_id: int, held_id: int) -> HttpResponse:
    """Take a role away, with undo."""
    change = actions.take_role(by=request.actor, contact_id=contact_id, held_id=held_id)
    return shown(request, contact_id, "roles", _("Removed."), undo_of(change))


@require_http_methods(["GET", "POST"])
def tag_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Put a tag of the list on the contact."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    form = TagForm(typed_in(request), card=found)
    tag = attempt(
        request, found, form,
        lambda typed: actions.put_tag(by=request.actor, contact_id=contact_id, tag_id=typed["tag"].pk),
    )  # fmt: skip
    if tag is NOTHING:
        return opened(request, found, form)
    undo_url = reverse("contacts:tag_removal", args=[contact_id, tag.pk])
    return shown(request, contact_id, "tags", _("The tag “%(tag)s” was put on.") % {"tag": tag}, undo_url)


@require_POST
def tag_put(request: HttpRequest, contact_id: int, tag_id: int) -> HttpResponse:
    """Put a tag back: the undo of taking it off."""
    actions.put_tag(by=request.actor, contact_id=contact_id, tag_id=tag_id)
    return shown(request, contact_id, "tags")


@require_POST
def tag_removal(request: HttpRequest, contact_id: int, tag_id: int) -> HttpResponse:
    """Take a tag off, with undo."""
    actions.take_tag(by=request.actor, contact_id=contact_id, tag_id=tag_id)
    undo_url = reverse("contacts:tag_put", args=[contact_id, tag_id])
    return shown(request, contact_id, "tags", _("The tag was taken off."), undo_url)


@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Put the contact into a campaign."""
    found = card(request.actor, contact_id)
    request.actor.require("contacts.edit")
    form = MembershipForm(typed_in(request), card=found)
    campaign = attempt(
        request, found, form,
        lambda typed: actions.join_campaign(
            by=request.actor, contact_id=contact_id, campaign_id=typed["campaign"].pk
        ),
    )  # fmt: skip
    if campaign is NOTHING:
        return opened(request, found, form)
    undo_url = reverse("contacts:campaign_removal", args=[contact_id, campaign.pk])
    return shown(request, contact_id, "campaigns", _("Put into “%(name)s”.") % {"name": campaign}, undo_url)


@require_POST
def campaign_put(request: HttpRequest, contact_id: int, campaign_id: int) -> HttpResponse:
    """Put the contact back into a campaign: the undo of taking it out."""
    actions.join_campaign(by=request.actor, contact_id=contact_id, campaign_id=campaign_id)
    return shown(request, contact_id, "campaigns")


@require_POST
def campaign_removal(request: HttpRequest, contact_id: int, campaign_id: int) -> HttpResponse:
    """Take the contact out of a campaign, with undo."""
    actions.leave_campaign(by=request.actor, contact_id=contact_id, campaign_id=campaign_id)
    undo_url = reverse("contacts:campaign_put", args=[contact_id, campaign_id])
    message = _("Taken out of the campaign.")
    return shown(request, contact_id, "campaigns", message, undo_url)


def _change_role(request: HttpRequest, contact_id: int, held_id: int, typed: dict):
    revision = typed.pop("revision", None)
    return actions.change_role(
        by=request.actor, contact_id=contact_id, held_id=held_id, fields=typed, revision=revision
    )
