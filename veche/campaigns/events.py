"""What can happen to campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CampaignAdded(Event):
    kind: ClassVar[str] = "campaigns.campaign_added"
    label: ClassVar[object] = _("Campaign added")
    icon: ClassVar[str] = "flag-plus"
    object_kind: ClassVar[str] = "campaign"
    campaign_kind: str


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event):
    """`fields` names what changed."""

    kind: ClassVar[str] = "campaigns.campaign_changed"
    label: ClassVar[object] = _("Campaign changed")
    icon: ClassVar[str] = "flag"
    object_kind: ClassVar[str] = "campaign"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CampaignArchived(Event):
    kind: ClassVar[str] = "campaigns.campaign_archived"
    label: ClassVar[object] = _("Campaign archived")
    icon: ClassVar[str] = "archive"
    object_kind: ClassVar[str] = "campaign"


@dataclass(frozen=True, kw_only=True)
class CampaignReopened(Event):
    kind: ClassVar[str] = "campaigns.campaign_reopened"
    label: ClassVar[object] = _("Campaign taken out of the archive")
    icon: ClassVar[str] = "archive-off"
    object_kind: ClassVar[str] = "campaign"
