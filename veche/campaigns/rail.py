"""The rail's list of campaigns: the whole base, each campaign with its people, those outside, the archive."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from veche.campaigns import queries, registry
from veche.ui.registry import RailLink

MOST = 30  # campaigns in the rail; the page of campaigns has all
OUTSIDE = "none"


def links(request: HttpRequest) -> list[RailLink]:
    """Lines of the rail. Two queries: the campaigns, and the kept numbers of people."""
    name = registry.people_url_name()
    url = reverse(name) if name else ""
    on_people = name is not None and request.path == url
    chosen = request.GET.get("campaign", "") if on_people else None
    tallies = registry.tallies(request.actor)
    running, archived = queries.rail_campaigns(request.actor)
    lines = []
    if url:
        title = _("Whole base") if request.actor.sees_all else _("Everybody you see")
        lines.append(RailLink(title=title, url=url, count=tallies.total, on=chosen == "", icon="database"))
    for campaign in running[:MOST]:
        lines.append(
            RailLink(
                title=campaign.name,
                url=f"{url}?campaign={campaign.pk}" if url else reverse("campaigns:campaigns"),
                count=tallies.by_campaign.get(campaign.pk),
                colour=campaign.colour,
                on=chosen == str(campaign.pk),
            )
        )
    if url and running and tallies.outside is not None:
        lines.append(
            RailLink(
                title=_("In no campaign"),
                url=f"{url}?campaign={OUTSIDE}",
                count=tallies.outside,
                icon="circle-dashed",
                on=chosen == OUTSIDE,
            )
        )
    if archived:
        archive = reverse("campaigns:archive")
        on = request.path == archive
        lines.append(RailLink(title=_("Archive"), url=archive, count=archived, icon="archive", on=on))
    return lines
