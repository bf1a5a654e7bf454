"""What rooms above contacts must or may add to it. Filled only in their `apps.py` (`ready()`).

`merge_participants` and `erasure_participants`: every table with a foreign key to Contact, in whatever room, is named
by a participant in both; a test walks the foreign keys and fails for one that isn't. Tables that have a contact's
number without a foreign key, in a column `contact_id`, take part too: the ledger is one of them.

    registry.merge_participants.add(MergeParticipant(
        table="donations_gift", plan="gifts go to the one that stays", merge=actions.hand_gifts_over))
    registry.erasure_participants.add(ErasureParticipant(
        table="donations_gift", plan="the sum stays for the books, nameless", erase=actions.forget_donors))

- ``merge(by, kept_id, gone_ids)`` hands the rows of `gone_ids` to `kept_id`, in sets, in the caller's transaction. It
  must not fail on what both have, and may run twice.
- ``erase(by, contact_ids)`` removes or unnames all that the table holds of these people, in sets, in the caller's
  transaction, and may run twice. It runs before the contacts' own rows go.
- `plan` says in one line what becomes of the rows; the docs list it.

`describers`: how the history on the card tells a room's ledger entries. One function for all kinds of a room:

    registry.describers["donations"] = queries.describe_entries   # (actor, entries) -> {entry.id: Told}

It gets the entries of one page whose kind starts with the room's name, asks the database once for all of them, and may
leave some out: those are told by their event's label.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from veche.core.actor import Actor
    from veche.core.ledger import Entry


@dataclass(frozen=True)
class Told:
    """A ledger entry in words. `tone` colours the icon: money, appeal, call or nothing."""

    title: str
    body: str = ""
    url: str = ""
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class MergeParticipant:
    table: str
    plan: str
    merge: Callable[[Actor, int, Collection[int]], None]


@dataclass(frozen=True)
class ErasureParticipant:
    table: str
    plan: str
    erase: Callable[[Actor, Collection[int]], None]


class _OfTable(Protocol):
    table: str


Participant = TypeVar("Participant", bound=_OfTable)


class Participants(Generic[Participant]):
    """One participant per table, in the order they were added."""

    def __init__(self) -> None:
        self._by_table: dict[str, Participant] = {}

    def add(self, participant: Participant) -> None:
        """A table has one participant; a second one stops the start."""
        if participant.table in self._by_table:
            raise ImproperlyConfigured(f"contacts: {participant.table} takes part already")
        self._by_table[participant.table] = participant

    def __iter__(self) -> Iterator[Participant]:
        return iter(self._by_table.values())

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(self._by_table)


merge_participants: Participants[MergeParticipant] = Participants()
erasure_participants: Participants[ErasureParticipant] = Participants()
describers: dict[str, Callable[[Actor, list[Entry]], dict[int, Told]]] = {}
