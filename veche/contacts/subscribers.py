"""Reactions of the room to its own events. Each only counts or learns anew, so a second delivery changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from veche.accounts.events import TerritoryChanged, TerritoryRemoved
from veche.addresses.actions.territories import hold_streets
from veche.addresses.events import StreetsAsked, TerritoryDescribed, TerritoryHousesChanged
from veche.contacts import events
from veche.contacts.actions import address_reading, counting, houses, inspecting, territory_following
from veche.core.actor import Actor
from veche.core.delivery import subscriber
from veche.core.ledger import Entry

MEMBERSHIPS = {events.CampaignJoined.kind, events.CampaignLeft.kind}
CONTACTS = {
    events.ContactAdded.kind,
    events.ContactRemoved.kind,
    events.ContactRestored.kind,
    events.ContactErased.kind,
}
MERGES = {events.ContactsMerged.kind, events.ContactsUnmerged.kind}


def concerned(entries: Iterable[Entry]) -> set[int]:
    """The people that the entries tell of; of a merge also those who went, and after its undo are there again."""
    found: set[int] = set()
    for entry in entries:
        found.update(filter(None, (entry.contact_id,)))
        if entry.kind in MERGES:
            found.update(entry.data["gone"])
    return found


@subscriber("contacts.tally_campaigns", kinds=MEMBERSHIPS | CONTACTS | MERGES, batch=20_000)
def tally_campaigns(entries: list[Entry]) -> None:
    """People per campaign, as the rail shows them. A contact that comes or goes brings its campaigns with it."""
    touched = {entry.object_id for entry in entries if entry.kind in MEMBERSHIPS and entry.object_id}
    come_or_gone = concerned(entry for entry in entries if entry.kind in CONTACTS | MERGES)
    erased = any(entry.kind == events.ContactErased.kind for entry in entries)
    counting.recount_campaigns(None if erased else touched | counting.campaigns_of(come_or_gone))


@subscriber("contacts.refresh_home", kinds=CONTACTS | MERGES | {events.PointChanged.kind}, batch=20_000)
def refresh_home(entries: list[Entry]) -> None:
    """Figures of the home page: at once on a small base, now and then on a large one (see `config/schedule.py`)."""
    counting.mark_home_stale()
    counting.refresh_home()


NAMES = MERGES | {events.ContactAdded.kind, events.ContactChanged.kind}


@subscriber("contacts.learn_words", kinds=NAMES, batch=5_000)
def learn_words(entries: list[Entry]) -> None:
    """Words of new and changed names, for search to forgive a typo by."""
    counting.learn_words(concerned(entries))


CHANGES = (
    CONTACTS
    | MERGES
    | {
        events.ContactChanged.kind,
        events.PointChanged.kind,
        events.AddressChanged.kind,
    }
)


@subscriber("contacts.inspect", kinds=CHANGES, batch=20_000)
def inspect(entries: list[Entry]) -> None:
    """Findings about whoever was changed: a few are looked at here, many wait until nothing else is being done."""
    touched = concerned(entries) | {entry.object_id for entry in entries if not entry.contact_id}
    if len(touched) > inspecting.AT_ONCE:
        inspecting.keep_for_later(touched)
        return
    inspecting.inspect_contacts(touched)
    inspecting.recount()


ADDRESSES = MERGES | {
    events.ContactAdded.kind,
    events.ContactChanged.kind,
    events.AddressChanged.kind,
}


@subscriber("contacts.read_addresses", kinds=ADDRESSES, batch=20_000)
def read_addresses(entries: list[Entry]) -> None:
    """Parts of addresses that came or changed: a few are read here, those of an import wait until it is done."""
    touched = concerned(entries)
    if len(touched) > address_reading.AT_ONCE:
        address_reading.keep_addresses_for_later()
        return
    address_reading.read_addresses_of(touched)


@subscriber("contacts.keep_houses", kinds=ADDRESSES | CONTACTS, batch=20_000)
def keep_houses(entries: list[Entry]) -> None:
    """Houses where somebody came, went or moved: a few are counted here, many wait until nothing else is being done.

    Of somebody erased nothing is left that says where he lived, so all houses are counted.
    """
    touched = concerned(entries)
    erased = any(entry.kind == events.ContactErased.kind for entry in entries)
    if erased or len(touched) > houses.AT_ONCE:
        houses.expect_all_houses()
        return
    houses.note_houses_of(touched)
    houses.keep_pending_houses()


RULES = {TerritoryHousesChanged.kind, TerritoryDescribed.kind, StreetsAsked.kind}
TREE = {TerritoryChanged.kind, TerritoryRemoved.kind}


@subscriber("contacts.follow_territories", kinds=ADDRESSES | RULES | TREE, batch=20_000)
def follow_territories(entries: list[Entry]) -> None:
    """Territories of those whose addresses or whose territory's houses changed: few at once, many by a job."""
    hold_streets()
    for entry in entries:
        if entry.kind == TerritoryRemoved.kind and entry.object_id:
            territory_following.let_go_of_territory(entry.object_id)
        elif entry.kind == TerritoryChanged.kind and entry.object_id and "parent" in entry.data["fields"]:
            territory_following.note_territory(entry.object_id)
    moved = concerned(entry for entry in entries if _tells_of_address(entry))
    if len(moved) > territory_following.AT_ONCE:
        territory_following.note_everybody()
    elif moved:
        territory_following.note_streets_of_contacts(moved)
    territory_following.follow_waiting(by=Actor.system())


def _tells_of_address(entry: Entry) -> bool:
    """Whether an address may have changed. Of changed fields only where they say so: else we would hear ourselves."""
    return entry.kind in ADDRESSES and (
        entry.kind != events.ContactChanged.kind or "address" in entry.data.get("fields", ())
    )
