"""What may be chosen on a card: tags, campaigns, statuses, roles, colleagues, territories."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from veche.accounts.models import Territory, User
from veche.campaigns.models import Campaign
from veche.campaigns.queries import running_for
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.core.actor import Actor


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """Running campaigns that the actor sees."""
    return running_for(actor)


def colleagues() -> QuerySet[User]:
    """Everyone who may be made responsible."""
    return User.objects.filter(is_active=True)


def tags_for(actor: Actor) -> QuerySet[Tag]:
    """Tags of the whole base and of the campaigns that the actor sees."""
    return Tag.objects.filter(tags_seen_by(actor), archived_at__isnull=True)


def tags_seen_by(actor: Actor, prefix: str = "") -> Q:
    """The condition on tags, archived ones too, that the actor may know of them; `prefix` leads to the tag."""
    if actor.sees_all:
        return Q()
    within = Q(**{f"{prefix}campaign__in": actor.scope("campaign")})
    return Q(**{f"{prefix}campaign__isnull": True}) | within


def statuses() -> QuerySet[Status]:
    return Status.objects.filter(archived_at__isnull=True)


def role_kinds() -> QuerySet[RoleKind]:
    return RoleKind.objects.filter(archived_at__isnull=True)


def territories() -> QuerySet[Territory]:
    return Territory.objects.all()


def own_names() -> QuerySet[OwnField]:
    """The team's own fields in use, without their lists of choices, which may be long."""
    return OwnField.objects.filter(archived_at__isnull=True).only("key", "label")
