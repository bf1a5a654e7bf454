"""Misspelt streets: those still to be looked at, what the team has said, and what readings of addresses know of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from veche.contacts.address_texts import Learned, street_named
from veche.contacts.models import AddressReading, LearnedStreet, StreetSlip
from veche.core.actor import Actor
from veche.core.refusal import Refusal

MOST = 100  # slips of one page; more come as these are settled
LEARN = "contacts.shape"


@dataclass(frozen=True)
class StreetsPage:
    """Slips that nobody has spoken of, those of most people first (`count` of them, of so many `people`), and what was
    said of others. `together` is how many streets one press put right, by its number."""

    slips: list[StreetSlip]
    count: int
    people: int
    learned: list[LearnedStreet]
    more_learned: bool
    state: str  # of all slips, see `state_of`

    @property
    def more(self) -> bool:
        return self.count > len(self.slips)


def learned_streets() -> Learned:
    """What to read streets as: (town, street) by their keys → the street as it is to be written.

    A street that is put right to one that is itself put right is read as the last of them.
    """
    rows = LearnedStreet.objects.exclude(right="").values_list("town_key", "street_key", "right")
    said = {(town, street): right for town, street, right in rows}
    return {key: _last(said, key) for key in said}


def _last(said: dict[tuple[str, str], str], key: tuple[str, str]) -> str:
    seen, right = {key}, said[key]
    while (further := (key[0], street_named(right)[0])) in said and further not in seen:
        seen.add(further)
        right = said[further]
    return right


def open_slips() -> QuerySet[StreetSlip]:
    """Slips that nobody has spoken of, those of most people first."""
    spoken = LearnedStreet.objects.filter(town_key=OuterRef("town_key"), street_key=OuterRef("street_key"))
    return StreetSlip.objects.filter(~Exists(spoken))


def state_of(slips: Iterable[StreetSlip]) -> str:
    """What a reader was offered, in short: another street, or another correction of one, and it is another."""
    lines = sorted(f"{slip.town_key}|{slip.street_key}|{slip.right}" for slip in slips)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def streets_page(actor: Actor) -> StreetsPage:
    """For those who keep the team's words and see the whole base."""
    actor.require(LEARN)
    insist_whole_sight(actor)
    slips = open_slips()
    sums = slips.aggregate(count=Count("pk"), people=Sum("people"))
    learned = list(LearnedStreet.objects.select_related("made_by")[: MOST + 1])
    together = dict(
        LearnedStreet.objects.filter(together__in={row.together for row in learned if row.together})
        .order_by()
        .values_list("together")
        .annotate(Count("pk"))
    )
    shown: set[int] = set()
    for row in learned:  # the first of one press takes all of it back
        row.first_of = together.get(row.together, 0) if row.together not in shown else 0
        shown.add(row.together)
    return StreetsPage(
        list(slips[:MOST]), sums["count"], sums["people"] or 0, learned[:MOST], len(learned) > MOST,
        state_of(slips.iterator()),
    )  # fmt: skip


def insist_whole_sight(actor: Actor) -> None:
    """These are streets of everybody's addresses: refuse whoever sees a part of the base only."""
    if not actor.sees_all:
        raise Refusal(
            "contacts.streets_of_all",
            _(
                "What a street is read as counts for everybody there: only who sees the whole base may say it."
            ),
            status=403,
        )


def name_of_street(town_key: str, street_key: str) -> tuple[str, str] | None:
    """The town and the street as somebody's address has them."""
    found = AddressReading.objects.filter(town_key=town_key, street_key=street_key).exclude(town_key="")
    return found.values_list("town", "street").first()


def people_of_street(town_key: str, street_key: str) -> int:
    """How many people have an address there."""
    found = AddressReading.objects.filter(town_key=town_key, street_key=street_key).exclude(town_key="")
    return found.values("contact").distinct().count()
