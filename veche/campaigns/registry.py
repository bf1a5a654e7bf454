"""What rooms above add to campaigns: how many people each has. Filled only in `apps.py`.

    from veche.campaigns import registry
    registry.count_people_with(queries.tallies, url_name="contacts:people")   # (actor) -> Tallies

The counter is called on every page: it must be one cheap query of kept numbers (never a count over contacts), and say
None where the actor may not know. Without a counter no figures are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from veche.core.actor import Actor


@dataclass(frozen=True)
class Tallies:
    """People by campaign id, in the whole base, and outside all campaigns; None: not known to this actor."""

    by_campaign: Mapping[int, int] = field(default_factory=dict)
    total: int | None = None
    outside: int | None = None


_counter: Callable[[Actor], Tallies] | None = None
_people_url_name: str | None = None


def count_people_with(counter: Callable[[Actor], Tallies], *, url_name: str) -> None:
    """Let a room say the numbers of people, and where they are listed: `url_name` takes `?campaign=ID` or `none`."""
    global _counter, _people_url_name
    if _counter not in (None, counter):
        raise ImproperlyConfigured("campaigns: people are counted by another room already")
    _counter, _people_url_name = counter, url_name


def tallies(actor: Actor) -> Tallies:
    """The numbers for this actor."""
    return _counter(actor) if _counter else Tallies()


def people_url_name() -> str | None:
    """The URL name of the list of people; None where no room lists them."""
    return _people_url_name
