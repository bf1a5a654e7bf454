"""What the team says of a house: how its flats lie, who runs it, its elder, what happened and is wrong there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.addresses import parse
from veche.contacts.address_texts import kept_of
from veche.contacts.events import (
    ElderNamed,
    ElderReleased,
    HouseAdded,
    HouseChanged,
    HouseEntryChanged,
    HouseEntryWritten,
)
from veche.contacts.house_shape import (
    HIGHEST_FLAT,
    MOST_ENTRANCES,
    MOST_FLATS,
    MOST_FLOORS,
    BadRanges,
    read_ranges,
)
from veche.contacts.models import House, HouseElder, HouseEntry
from veche.contacts.queries.house import shape_of
from veche.contacts.queries.house_reach import house_of
from veche.contacts.queries.scope import get_contact
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal, Stale

NUMBERS = ("entrances", "floors", "first_floor", "first_flat", "last_flat")
TEXTS = ("kind", "management", "management_phone", "note")
LIMITS = {"entrances": MOST_ENTRANCES, "floors": MOST_FLOORS, "first_floor": MOST_FLOORS}
_PLACE = re.compile(r"\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*")


@action("contacts.edit")
def add_house(*, by: Actor, address: str) -> House:
    """Add the house of an address where nobody may be known; returns the one that is there if there is one.

    Only for those who see the whole base: others would not see what they have added.
    """
    insist_whole_reach(by)
    kept = kept_of(parse(address.strip()))
    if kept.house_mark is None:
        sentence = _("Write the town, the street and the number of the house: “Tver, ul. Mira, 5”.")
        raise Refusal("house.address", sentence, fields={"address": sentence})
    columns = {
        name: getattr(kept, name)
        for name in ("region", "postcode", "town", "street", "town_key", "street_key")
    }
    columns |= {"number": kept.house, "house_number": kept.house_number or 0, "is_kept": True}
    house, made = House.objects.get_or_create(mark=kept.house_mark, defaults=columns)
    if made:
        publish(HouseAdded(object_id=house.pk), by=by)
    else:
        unchanged()
    return house


def insist_whole_reach(actor: Actor) -> None:
    """Refuse whoever sees a part of the base only."""
    if not actor.sees_all:
        raise Refusal(
            "house.reach",
            _("Houses are added by those who see the whole base. You see the houses of your people."),
            status=403,
        )


@action("contacts.edit")
def change_house(
    *, by: Actor, house_id: int, fields: Mapping[str, Any], revision: int | None = None
) -> House:
    """Set what is given of a house: `NUMBERS`, `TEXTS`, `ranges` and `place` as typed, `elder` as a contact's id or
    None. `Stale` where somebody has changed it since `revision`. Nothing is written where all is the same."""
    house = _locked(by, house_id)
    if revision is not None and revision != house.revision:
        raise Stale
    columns = _columns(house, fields)
    changed = [name for name, value in columns.items() if getattr(house, name) != value]
    elder = "elder" in fields and _name_elder(by, house, fields["elder"])
    if changed or elder:
        for name in changed:
            setattr(house, name, columns[name])
        house.revision += 1
        house.changed_at, house.is_kept = timezone.now(), True
        house.save(update_fields=[*changed, "revision", "changed_at", "is_kept"])
    if changed:
        publish(HouseChanged(object_id=house.pk, fields=tuple(changed)), by=by)
    elif not elder:
        unchanged()
    return house


def _columns(house: House, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the fields mean; all that is wrong in one `Refusal`."""
    wrong: dict[str, str] = {}
    columns: dict[str, Any] = {}
    for name in NUMBERS:
        if name in fields:
            columns[name] = _number(name, fields[name], wrong)
    for name in TEXTS:
        if name in fields:
            columns[name] = (fields[name] or "").strip()
    if columns.get("kind", "") not in House.Kind.values:
        wrong["kind"] = _("Choose one of the list.")
    if "ranges" in fields:
        columns["ranges"] = _ranges(fields["ranges"] or "", wrong)
    if "place" in fields:
        columns |= _place(house, fields["place"] or "", wrong)
    if "first_floor" in columns:
        columns["first_floor"] = columns["first_floor"] or 1
    if not wrong:
        columns |= _flats(house, columns, wrong)
    if wrong:
        raise Refusal("house.fields", next(iter(wrong.values())), fields=wrong)
    return columns


def _number(name: str, typed: Any, wrong: dict[str, str]) -> int | None:
    if typed in (None, ""):
        return None
    limit = LIMITS.get(name, HIGHEST_FLAT)
    if not isinstance(typed, int) or not 1 <= typed <= limit:
        wrong[name] = _("A number from 1 to %(limit)s.") % {"limit": limit}
        return None
    return typed


def _ranges(typed: str, wrong: dict[str, str]) -> list[list[int]]:
    try:
        found = read_ranges(typed)
    except BadRanges as bad:
        sentences = {
            "text": _("“%(given)s” is not understood. Write flats of each entrance: 1–36, 37–70."),
            "order": _("“%(given)s”: the first flat is greater than the last one."),
            "overlap": _("“%(given)s” is in two entrances."),
        }
        wrong["ranges"] = sentences[bad.code] % {"given": bad.given}
        return []
    if len(found) > MOST_ENTRANCES:
        wrong["ranges"] = _("More than %(limit)s entrances.") % {"limit": MOST_ENTRANCES}
    return [list(each) for each in found]


def _place(house: House, typed: str, wrong: dict[str, str]) -> dict[str, Any]:
    if not typed.strip():
        return {"latitude": None, "longitude": None, "place_from": House.PlaceFrom.NOBODY}
    found = _PLACE.fullmatch(typed)
    values = [Decimal(part.replace(",", ".")) for part in found.groups()] if found else []
    if not found or abs(values[0]) > 90 or abs(values[1]) > 180:
        wrong["place"] = _("Latitude and longitude with a comma between: 56.838607, 60.605514.")
        return {}
    latitude, longitude = (value.quantize(Decimal("0.000001")) for value in values)
    if (latitude, longitude) == house.place:
        return {}
    return {"latitude": latitude, "longitude": longitude, "place_from": House.PlaceFrom.HAND}


def _flats(house: House, columns: dict[str, Any], wrong: dict[str, str]) -> dict[str, Any]:
    """How many flats there are by what is now said of the house, and whether it can be so."""
    said = {name: columns.get(name, getattr(house, name)) for name in (*NUMBERS, "ranges")}
    first, last = said["first_flat"] or 1, said["last_flat"]
    if last is not None and last < first:
        wrong["last_flat"] = _("The last flat is less than the first one.")
    if said["floors"] and said["first_floor"] > said["floors"]:
        wrong["first_floor"] = _("The house has fewer floors.")
    if said["ranges"] and said["entrances"] and said["entrances"] != len(said["ranges"]):
        wrong["ranges"] = _("There are %(entrances)s entrances and flats of %(told)s of them.") % {
            "entrances": said["entrances"],
            "told": len(said["ranges"]),
        }
    shape = shape_of(House(**said)) if not wrong else None
    if shape and shape.flats > MOST_FLATS:
        wrong["last_flat"] = _("More than %(limit)s flats.") % {"limit": MOST_FLATS}
    return {"flats": shape.flats if shape else None}


def _name_elder(by: Actor, house: House, contact_id: int | None) -> bool:
    """Whether the elder is another one now. One whom the actor may not see stays while nobody else is named."""
    held = HouseElder.objects.select_for_update().filter(house=house).first()
    if held and held.contact_id == contact_id:
        return False
    if held:
        try:
            get_contact(by, held.contact_id)
        except NotFound:
            if contact_id is None:
                return False
        held.delete()
        publish(ElderReleased(contact_id=held.contact_id, object_id=house.pk), by=by)
    if contact_id is None:
        return held is not None
    contact = get_contact(by, contact_id)
    HouseElder.objects.create(house=house, contact=contact)
    publish(ElderNamed(contact_id=contact.pk, object_id=house.pk), by=by)
    return True


@action("contacts.note")
def write_entry(*, by: Actor, house_id: int, kind: str, text: str, day: dt.date | None = None) -> HouseEntry:
    """Note what happened at a house or is wrong there."""
    house = _locked(by, house_id)
    wrong = {}
    if kind not in HouseEntry.Kind.values:
        wrong["kind"] = _("Choose one of the list.")
    if not text.strip():
        wrong["text"] = _("Write what happened.")
    if day is not None and day > timezone.localdate() and kind == HouseEntry.Kind.PROBLEM:
        wrong["day"] = _("A problem cannot begin in the future.")
    if wrong:
        raise Refusal("house.entry", next(iter(wrong.values())), fields=wrong)
    entry = HouseEntry.objects.create(
        house=house,
        kind=kind,
        text=text.strip(),
        day=day or timezone.localdate(),
        author_id=by.user_id,
    )
    publish(HouseEntryWritten(object_id=house.pk, entry=entry.pk, what=kind), by=by)
    _count_problems(house)
    return entry


@action("contacts.note")
def close_entry(*, by: Actor, entry_id: int) -> HouseEntry:
    """A problem is solved."""
    return _turn(by, entry_id, "closed", closed_at=timezone.now(), closed_by_id=by.user_id)


@action("contacts.note")
def open_entry(*, by: Actor, entry_id: int) -> HouseEntry:
    """A problem is there again."""
    return _turn(by, entry_id, "opened", closed_at=None, closed_by_id=None)


@action("contacts.note")
def remove_entry(*, by: Actor, entry_id: int) -> HouseEntry:
    """Take an entry away: one's own, or anybody's for those who change houses. `restore_entry` brings it back."""
    return _turn(by, entry_id, "removed", own=True, removed_at=timezone.now())


@action("contacts.note")
def restore_entry(*, by: Actor, entry_id: int) -> HouseEntry:
    """Bring back an entry that was taken away."""
    return _turn(by, entry_id, "restored", own=True, removed_at=None)


def _turn(by: Actor, entry_id: int, change: str, *, own: bool = False, **columns: Any) -> HouseEntry:
    entry = HouseEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    house = _locked(by, entry.house_id)
    entry.refresh_from_db()
    if own and entry.author_id != by.user_id:
        by.require("contacts.edit")
    if "closed_at" in columns and (entry.kind != HouseEntry.Kind.PROBLEM or entry.removed_at is not None):
        raise NotFound  # only a problem that is there can be solved
    was = entry.closed_at if "closed_at" in columns else entry.removed_at
    new = columns.get("closed_at", columns.get("removed_at"))
    if (was is None) == (new is None):
        unchanged()
        return entry
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(columns))
    publish(HouseEntryChanged(object_id=house.pk, entry=entry.pk, change=change), by=by)
    _count_problems(house)
    return entry


def _locked(by: Actor, house_id: int) -> House:
    house = house_of(by, house_id)
    return House.objects.select_for_update(no_key=True).get(pk=house.pk)


def _count_problems(house: House) -> None:
    entries = HouseEntry.objects.filter(house=house, removed_at=None)
    count = entries.filter(kind=HouseEntry.Kind.PROBLEM, closed_at=None).count()
    House.objects.filter(pk=house.pk).update(open_problems=count, is_kept=True)
