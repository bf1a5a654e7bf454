"""Makers of campaigns for tests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from veche.accounts.models import Team
from veche.campaigns import actions
from veche.campaigns.models import Campaign
from veche.core.actor import Actor


def make_campaign(name: str = "", *, teams: Collection[Team] = (), **fields: Any) -> Campaign:
    """A campaign; without a name it gets a new one."""
    name = name or f"Кампания {Campaign.objects.count() + 1}"
    return actions.add_campaign(by=Actor.system(), name=name, teams=teams, **fields)
