"""Misspelt streets: those still to be looked at, what the team has said, and what readings of addresses know of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from veche.contacts.address_texts import Learned
from veche.contacts.models import AddressReading, LearnedStreet, StreetSlip
from veche.core.actor import Actor

MOST = 100  # slips of one page; more come as these are settled
LEARN = "contacts.shape"


@dataclass(frozen=True)
class StreetsPage:
    """Slips that nobody has spoken of, those of most people first, and what was said of others."""

    slips: list[StreetSlip]
    more: bool
    learned: list[LearnedStreet]


def learned_streets() -> Learned:
    """What to read streets as: (town, street) by their keys → the street as it is to be written."""
    rows = LearnedStreet.objects.exclude(right="").values_list("town_key", "street_key", "right")
    return {(town, street): right for town, street, right in rows}


def streets_page(actor: Actor) -> StreetsPage:
    """For those who keep the team's words."""
    actor.require(LEARN)
    spoken = LearnedStreet.objects.filter(town_key=OuterRef("town_key"), street_key=OuterRef("street_key"))
    slips = list(StreetSlip.objects.filter(~Exists(spoken))[: MOST + 1])
    learned = list(LearnedStreet.objects.select_related("made_by")[:MOST])
    return StreetsPage(slips[:MOST], len(slips) > MOST, learned)


def name_of_street(town_key: str, street_key: str) -> tuple[str, str] | None:
    """The town and the street as somebody's address has them."""
    found = AddressReading.objects.filter(town_key=town_key, street_key=street_key).exclude(town_key="")
    return found.values_list("town", "street").first()
