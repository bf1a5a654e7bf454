"""What can happen to campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CampaignAdded(Event):
    kind: ClassVar[str] = "campaigns.campaign_added"
    label = _("Campaign added")
    icon = "flag-plus"
    object_kind = "campaign"
    campaign_kind: str


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event):
    """`fields` names what changed."""

    kind: ClassVar[str] = "campaigns.campaign_changed"
    label = _("Campaign changed")
    icon = "flag"
    object_kind = "campaign"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CampaignArchived(Event):
    kind: ClassVar[str] = "campaigns.campaign_archived"
    label = _("Campaign archived")
    icon = "archive"
    object_kind = "campaign"


@dataclass(frozen=True, kw_only=True)
class CampaignReopened(Event):
    kind: ClassVar[str] = "campaigns.campaign_reopened"
    label = _("Campaign taken out of the archive")
    icon = "archive-off"
    object_kind = "campaign"
