"""Which houses an actor knows of: all for whoever sees the whole base, else those where somebody lives whom he sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from veche.addresses.models import HouseCover
from veche.addresses.queries.territories import VIEW, territories_seen_by
from veche.contacts.models import AddressReading, House, HouseElder
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import NotFound


def house_of(actor: Actor, house_id: int) -> House:
    """The house with this number; `NotFound` where there is none or the actor knows nobody there."""
    house = House.objects.filter(pk=house_id).first() if actor.may("contacts.view") else None
    if house is None or not (actor.sees_all or readings_in(actor, house.mark).exists()):
        raise NotFound
    return house


def readings_in(actor: Actor, mark: int) -> QuerySet[AddressReading]:
    """What the addresses of those whom the actor may see say, in one house."""
    return AddressReading.objects.filter(house_mark=mark, contact__in=contacts_for(actor))


def house_at(actor: Actor, contact_id: int, address_id: int) -> House:
    """The house that an address of a contact names; `NotFound` while it is not counted yet."""
    reading = AddressReading.objects.filter(
        address_id=address_id, contact_id=contact_id, contact__in=contacts_for(actor)
    ).first()
    if reading is None or reading.house_mark is None:
        raise NotFound
    house = House.objects.filter(mark=reading.house_mark).first()
    if house is None:
        raise NotFound(_("The page of this house is being made: look again in a minute."))
    return house


def covers_of(actor: Actor, house: House) -> list[HouseCover]:
    """The territories within the actor's reach whose rules name the house; several where they claim it alike."""
    if not actor.may(VIEW):
        return []
    found = HouseCover.objects.filter(
        territory__in=territories_seen_by(actor),
        state__in=(HouseCover.State.OWN, HouseCover.State.TIE),
        house__town_key=house.town_key,
        house__street_key=house.street_key,
        house__house=house.number,
        house__region__in=("", house.region),
    )
    return list(found.select_related("territory").order_by("territory__name", "pk")[:20])


def elders_of(actor: Actor, house_ids: list[int]) -> dict[int, Any]:
    """House → its elder, where the actor may see him."""
    found = HouseElder.objects.filter(house__in=house_ids, contact__in=contacts_for(actor))
    return {each.house_id: each.contact for each in found.select_related("contact")}
