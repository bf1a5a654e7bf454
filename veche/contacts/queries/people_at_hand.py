"""The filters that always stand above the list, time, responsible, tag and campaign: what they say and offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from veche.contacts.queries.people_choices import Choice, Option, choice_of, time_of
from veche.contacts.queries.people_filters import LABELS, Asked, Filter, Query, asked_of
from veche.contacts.queries.people_times import read_bound
from veche.core.actor import Actor
from veche.core.refusal import NotFound

TIMES = ("created", "changed")
AT_HAND = {
    "time": (gettext_lazy("Time"), TIMES),
    "responsible": (LABELS["responsible"], ("responsible",)),
    "tag": (LABELS["tag"], ("tag",)),
    "campaign": (LABELS["campaign"], ("campaign",)),
}


@dataclass(frozen=True)
class AtHand:
    """One of them with the filters of the address that it stands for."""

    key: str
    label: Any
    filters: list[Filter]

    @property
    def is_unknown(self) -> bool:
        return any(each.unknown for each in self.filters)

    @property
    def words(self) -> str:
        return "; ".join(each.words for each in self.filters)

    @property
    def now(self) -> Any:
        """What the chip is called: a time says which time it is."""
        return self.filters[0].label if self.filters else self.label


def at_hand(filters: list[Filter]) -> tuple[list[AtHand], list[Filter]]:
    """Those four, whether asked or not, and the filters that are none of them."""
    hands = [
        AtHand(key, label, [each for each in filters if each.about in keys])
        for key, (label, keys) in AT_HAND.items()
    ]
    return hands, [each for each in filters if not any(each in hand.filters for hand in hands)]


@dataclass(frozen=True)
class Offer:
    """A question that opens under a chip. `kept` is the rest of the address, which goes along unchanged."""

    key: str
    label: Any
    kept: list[tuple[str, str]]
    choice: Choice | None = None
    stretches: Sequence[Option] = ()
    first: str = ""
    last: str = ""


def offers(actor: Actor, hand: str, query: Query) -> list[Offer]:
    """What the chip offers this viewer under the address as it is; `NotFound` for a chip that isn't there."""
    if hand not in AT_HAND:
        raise NotFound
    asked = {each.key: each for each in asked_of(query)}
    if hand == "time":
        return [_time(each, asked.get(each), query) for each in TIMES]
    ways = asked[hand].ways if hand in asked else {}
    way = next(iter(ways), "any")  # the form shows the first way; what is asked in others stays
    kept = _kept(query, {hand if way == "any" else f"{hand}.{way}"})
    return [Offer(hand, LABELS[hand], kept, choice_of(actor, hand, asked.get(hand)))]


def _time(key: str, asked: Asked | None, query: Query) -> Offer:
    now = time_of(key, asked)
    kept = _kept(query, {key, f"{key}.from", f"{key}.to"})
    days = [bound[1].isoformat() if (bound := read_bound(now[end])) else "" for end in ("first", "last")]
    return Offer(key, now["label"], kept, stretches=now["options"], first=days[0], last=days[1])


def _kept(query: Query, shown: set[str]) -> list[tuple[str, str]]:
    return [
        (param, value)
        for param in query
        if param not in shown and param not in ("after", "before")
        for value in (query.getlist(param) if hasattr(query, "getlist") else [query[param]])
    ]
