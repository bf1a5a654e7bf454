"""Kept numbers of people: read, never counted here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from veche.campaigns.registry import Tallies
from veche.contacts.models import CampaignTally, Figure
from veche.core.actor import Actor


def tallies(actor: Actor) -> Tallies:
    """People per campaign for the rail. Whole numbers only for who sees the whole base: another's list is shorter."""
    if not actor.sees_all:
        counts = CampaignTally.objects.filter(campaign__in=actor.scope("campaign"))
        return Tallies(dict(counts.values_list("campaign_id", "contacts")))
    with connection.cursor() as sql:  # one question: every page of everybody asks it
        sql.execute(
            """
            SELECT campaign_id, contacts, NULL FROM contacts_campaigntally
            UNION ALL SELECT NULL, NULL, (value ->> 'count')::bigint FROM contacts_figure WHERE name = 'contacts.total'
            """
        )
        rows = sql.fetchall()
    found = {campaign: number for campaign, number, _total in rows if number is not None}
    outside = found.pop(None, None)
    total = next((total for _campaign, _number, total in rows if total is not None), None)
    return Tallies(found, total=total, outside=outside)


@dataclass(frozen=True)
class BaseFigures:
    """Figures of the whole base as they were at `counted_at`; counts by code."""

    counted_at: dt.datetime | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    reachable: int = 0
    growth: dict[dt.date, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


def base_figures(actor: Actor) -> BaseFigures:
    """What is kept about the whole base; nothing for somebody who sees only a part of it."""
    if not actor.sees_all:
        return BaseFigures()
    kept = Figure.objects.filter(name="contacts.home").first()
    if kept is None:
        return BaseFigures()
    counted: dict[str, Any] = {name: dict(rows) for name, rows in kept.value.items()}
    return BaseFigures(
        counted_at=kept.counted_at,
        kinds=counted.get("kinds", {}),
        reachable=counted.get("channels", {}).pop("any", 0),
        channels=counted.get("channels", {}),
        growth={dt.date.fromisoformat(day): number for day, number in counted.get("growth", {}).items()},
        sources=counted.get("sources", {}),
    )
