"""Verbs of campaigns. A campaign is never deleted: archived, it leaves the lists and keeps its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.accounts.models import Team, Territory
from veche.campaigns import events
from veche.campaigns.models import Campaign
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken

COLOURS = range(1, 7)
CHANGEABLE = {"name", "kind", "colour", "starts_on", "ends_on", "goal", "about", "territory"}


@action("campaigns.manage")
def add_campaign(
    *,
    by: Actor,
    name: str,
    kind: str = Campaign.Kind.PROJECT,
    colour: int | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    goal: int | None = None,
    about: str = "",
    teams: Collection[Team] = (),
    territory: Territory | None = None,
) -> Campaign:
    """A new campaign. Without a `colour` (1 to 6) it gets the one that the fewest running campaigns have."""
    campaign = Campaign(
        name=_free_name(name),
        kind=Campaign.Kind(kind),
        colour=_colour(colour),
        starts_on=starts_on,
        ends_on=ends_on,
        goal=goal,
        about=about,
        territory=territory,
    )
    _check_dates(campaign)
    with unless_taken({"campaigns_campaign_name_once": _name_taken}):
        campaign.save()
    campaign.teams.set(teams)
    publish(events.CampaignAdded(object_id=campaign.pk, campaign_kind=campaign.kind), by=by)
    return campaign


@action("campaigns.manage")
def change_campaign(
    *, by: Actor, campaign: Campaign, changes: dict[str, Any], teams: Collection[Team] | None = None
) -> Campaign:
    """Change fields of `add_campaign` by `changes`; what is not named stays as it is."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if unknown := set(changes) - CHANGEABLE:
        raise TypeError(f"A campaign has no fields {sorted(unknown)}.")
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = _free_name(wanted["name"], besides=campaign)
    if "colour" in wanted:
        wanted["colour"] = _colour(wanted["colour"])
    changed = [name for name, value in wanted.items() if getattr(campaign, name) != value]
    for name in changed:
        setattr(campaign, name, wanted[name])
    _check_dates(campaign)
    if changed:
        with unless_taken({"campaigns_campaign_name_once": _name_taken}):
            campaign.save(update_fields=changed)
    if teams is not None and set(campaign.teams.values_list("pk", flat=True)) != {team.pk for team in teams}:
        campaign.teams.set(teams)
        changed.append("teams")
    if changed:
        publish(events.CampaignChanged(object_id=campaign.pk, fields=tuple(changed)), by=by)
    else:
        unchanged()
    return campaign


@action("campaigns.manage")
def archive_campaign(*, by: Actor, campaign: Campaign) -> Campaign:
    """Take a campaign out of the lists. Its people stay in it."""
    now = timezone.now()
    if Campaign.objects.filter(pk=campaign.pk, archived_at=None).update(archived_at=now):
        publish(events.CampaignArchived(object_id=campaign.pk), by=by)
    else:
        unchanged()
    campaign.refresh_from_db()
    return campaign


@action("campaigns.manage")
def reopen_campaign(*, by: Actor, campaign: Campaign) -> Campaign:
    """Bring a campaign back from the archive."""
    if Campaign.objects.filter(pk=campaign.pk, archived_at__isnull=False).update(archived_at=None):
        publish(events.CampaignReopened(object_id=campaign.pk), by=by)
    else:
        unchanged()
    campaign.refresh_from_db()
    return campaign


def _free_name(name: str, *, besides: Campaign | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        message = _("Give the campaign a name.")
        raise Refusal("campaigns.name", message, fields={"name": message})
    others = Campaign.objects.filter(name__iexact=name).exclude(pk=besides.pk if besides else None)
    if others.exists():
        raise _name_taken()
    return name[:200]


def _name_taken() -> Refusal:
    message = _("There is a campaign of this name already. Look in the archive too.")
    return Refusal("campaigns.name_taken", message, fields={"name": message})


def _colour(colour: int | None) -> int:
    if colour in COLOURS:
        return colour
    running = Campaign.objects.filter(archived_at=None).values_list("colour", flat=True)
    taken = list(running)
    return min(COLOURS, key=lambda number: (taken.count(number), number))


def _check_dates(campaign: Campaign) -> None:
    if campaign.starts_on and campaign.ends_on and campaign.ends_on < campaign.starts_on:
        message = _("The campaign ends before it begins.")
        raise Refusal("campaigns.dates", message, fields={"ends_on": message})
