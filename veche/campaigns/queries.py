"""Reads of campaigns, on behalf of an actor."""

from __future__ import annotations

from django.db.models import QuerySet

from veche.campaigns.models import Campaign
from veche.core.actor import Actor
from veche.core.refusal import NotFound


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


def campaign_ids_of(user_id: int | None) -> QuerySet:
    """Ids of the campaigns of a user's teams, each once: the scope "campaign" of an actor."""
    return Campaign.objects.filter(teams__members=user_id).order_by().values_list("pk", flat=True).distinct()
