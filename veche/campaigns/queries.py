"""Reads of campaigns, on behalf of an actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.campaigns import registry
from veche.campaigns.models import Campaign
from veche.core.actor import Actor
from veche.core.refusal import NotFound


@dataclass(frozen=True)
class Line:
    """A campaign in a list; `people` is None where the number is not known."""

    campaign: Campaign
    people: int | None


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns the actor may see: all of them, else those of their teams. Archived ones among them."""
    actor.require("campaigns.view")
    if actor.sees_all:
        return Campaign.objects.all()
    return Campaign.objects.filter(pk__in=campaign_ids_of(actor.user_id))


def running_for(actor: Actor) -> QuerySet[Campaign]:
    """`campaigns_for` without the archive: what lists and choices offer."""
    return campaigns_for(actor).filter(archived_at=None)


def campaign_of(actor: Actor, campaign_id: int) -> Campaign:
    """One campaign, or `NotFound`."""
    campaign = campaigns_for(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def rail_campaigns(actor: Actor) -> tuple[list[Campaign], int]:
    """Running campaigns by name, and the count of archived ones, in one query."""
    found = list(campaigns_for(actor).only("id", "name", "colour", "archived_at"))
    running = [campaign for campaign in found if campaign.archived_at is None]
    return running, len(found) - len(running)


def lines_for(actor: Actor, *, archived: bool = False) -> list[Line]:
    """Campaigns with their teams and numbers of people, running or archived."""
    found = campaigns_for(actor).filter(archived_at__isnull=not archived).prefetch_related("teams")
    counts = registry.tallies(actor).by_campaign
    return [Line(campaign, counts.get(campaign.pk)) for campaign in found]


def campaign_ids_of(user_id: int | None) -> QuerySet:
    """Ids of the campaigns of a user's teams, each once: the scope "campaign" of an actor."""
    return Campaign.objects.filter(teams__members=user_id).order_by().values_list("pk", flat=True).distinct()


def as_initial(campaign: Campaign) -> dict[str, Any]:
    """A campaign as the first values of its form."""
    names = ("name", "kind", "colour", "starts_on", "ends_on", "goal", "about", "territory")
    return {**{name: getattr(campaign, name) for name in names}, "teams": campaign.teams.all()}


def sight_of(actor: Actor, user: User) -> list[str]:
    """Whom a user sees by the campaigns of their teams."""
    if user.reach != User.Reach.TEAMS:
        return []
    found = Campaign.objects.filter(teams__members=user).values_list("name", "teams__name")
    found = found.filter(teams__in=user.teams.all()).order_by("name", "teams__name").distinct()
    sentence = _("People of the campaign “%(name)s”, by the team “%(team)s”.")
    return [sentence % {"name": name, "team": team} for name, team in found]
