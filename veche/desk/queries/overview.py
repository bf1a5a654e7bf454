"""What the home page says: kept figures and the latest things, never a count of contacts per view."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.campaigns.queries import running_for
from veche.contacts.models import GivenList, Origin
from veche.contacts.queries.given import given_to
from veche.contacts.queries.people import base_size
from veche.contacts.queries.tallies import BaseFigures, base_figures, tallies
from veche.core.actor import Actor
from veche.exchange.queries import imports_for

WEEKS = 12
LATEST = 5
MOST_CAMPAIGNS = 8
BAR_HEIGHT = 120  # units of the drawing, of the highest bar


@dataclass(frozen=True)
class Line:
    """A named number with its share of a whole, in percent."""

    title: str
    number: int
    share: int
    url: str = ""
    colour: int = 0


@dataclass(frozen=True)
class Bar:
    """A bar of the drawing: where it stands, how high it is, and what it says."""

    x: int
    y: int
    height: int
    number: int
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Overview:
    """`whole` is whether the viewer sees the whole base; without it only the viewer's own part is told of."""

    size: int
    estimated: bool
    whole: bool
    figures: BaseFigures
    channels: list[Line]
    weeks: list[Bar]
    grown: int
    sources: list[Line]
    campaigns: list[Line]
    imports: list[Any]
    lists: list[GivenList]

    @property
    def unreachable(self) -> int:
        return max(0, self.figures.total - self.figures.reachable)


def overview(actor: Actor) -> Overview:
    """The home page's figures for this actor."""
    figures = base_figures(actor)
    size, estimated = base_size(actor) if actor.may("contacts.view") else (0, False)
    weeks = _weeks(figures.growth)
    return Overview(
        size=size,
        estimated=estimated,
        whole=actor.sees_all,
        figures=figures,
        channels=_channels(figures),
        weeks=weeks,
        grown=sum(bar.number for bar in weeks),
        sources=_lines(figures.sources, {value: str(label) for value, label in Origin.Channel.choices})[:6],
        campaigns=_campaigns(actor, size),
        imports=list(imports_for(actor)[:LATEST]) if actor.may("exchange.import") else [],
        lists=list(given_to(actor).select_related("by").order_by("until", "name")[:MOST_CAMPAIGNS]),
    )


def _channels(figures: BaseFigures) -> list[Line]:
    titles = {"phone": _("Phone"), "email": _("E-mail"), "messenger": _("Messenger")}
    counts = {code: figures.channels.get(code, 0) for code in titles}
    return [Line(titles[code], number, _share(number, figures.total)) for code, number in counts.items()]


def _lines(counts: dict[str, int], titles: dict[str, str]) -> list[Line]:
    whole = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [Line(titles.get(code, code), number, _share(number, whole)) for code, number in ordered]


def _campaigns(actor: Actor, size: int) -> list[Line]:
    if not actor.may("campaigns.view"):
        return []
    counts = tallies(actor).by_campaign
    found = sorted(running_for(actor), key=lambda campaign: -counts.get(campaign.pk, 0))[:MOST_CAMPAIGNS]
    return [
        Line(
            campaign.name,
            counts.get(campaign.pk, 0),
            _share(counts.get(campaign.pk, 0), size),
            f"?campaign={campaign.pk}",
            campaign.colour,
        )
        for campaign in found
    ]


def _weeks(growth: dict[dt.date, int]) -> list[Bar]:
    """New people by week, the last one ending today."""
    today = timezone.localdate()
    spans = []
    for n in range(WEEKS):
        last = today - dt.timedelta(weeks=WEEKS - 1 - n)
        days = [last - dt.timedelta(days=each) for each in range(7)]
        spans.append((days[-1], last, sum(growth.get(day, 0) for day in days)))
    highest = max((number for _first, _last, number in spans), default=0) or 1
    bars = []
    for n, (first, last, number) in enumerate(spans):
        height = max(2 if number else 0, round(BAR_HEIGHT * number / highest))
        bars.append(Bar(n * 30, BAR_HEIGHT - height, height, number, first, last))
    return bars


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
