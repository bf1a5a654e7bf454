"""Some houses of the made-up town with a passport: how their flats lie, who runs them, what is wrong there."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from veche.contacts.actions.address_reading import start_reading_addresses
from veche.contacts.actions.house_passport import change_house, close_entry, write_entry
from veche.contacts.actions.houses import keep_all_houses
from veche.contacts.models import AddressReading, Contact, House, HouseEntry
from veche.core.actor import Actor
from veche.desk.fiction import tables
from veche.desk.fiction.today import Wait

DESCRIBED = 9  # of the twelve, so that there is a guess to look at
PROBLEM, MEETING, VISIT, POSTER = (
    HouseEntry.Kind(each) for each in ("problem", "meeting", "visit", "poster")
)
HAPPENED = (  # kind, days ago, words, whether it is solved
    (PROBLEM, 12, "Третью неделю не работает лифт во втором подъезде.", False),
    (MEETING, 20, "Собрались двадцать три человека, говорили о дворе и о парковке спидеров.", False),
    (VISIT, 34, "Обошли первый и второй подъезды, открыли в половине квартир.", False),
    (PROBLEM, 60, "Течёт крыша над верхним этажом.", True),
    (POSTER, 5, "Листовки о встрече в ящиках и на всех подъездах.", False),
)


def describe_houses(by: Actor, wait: Wait) -> None:
    """Count the houses of the base and describe a few, unless any was ever described."""
    if job := start_reading_addresses(by=by):
        wait(job.pk)
    keep_all_houses()
    if House.objects.filter(is_kept=True).exists():
        return
    found = House.objects.filter(street__contains=tables.YARD_STREET.split()[-1]).order_by("-people", "pk")
    for number, house in enumerate(found[:DESCRIBED]):
        entrances, floors = tables.YARD_HOUSES[house.house_number % len(tables.YARD_HOUSES)]
        fields = {
            "kind": House.Kind.FLATS,
            "entrances": entrances,
            "floors": floors,
            "last_flat": entrances * floors * 4,
            "management": tables.MANAGEMENTS[number % len(tables.MANAGEMENTS)],
            "elder": _somebody(house) if number % 3 else None,
        }
        change_house(by=by, house_id=house.pk, fields=fields)
        _tell(by, house, number)


def _somebody(house: House) -> int | None:
    """Who lives there, an elder before others."""
    live_there = Contact.objects.filter(
        pk__in=AddressReading.objects.filter(house_mark=house.mark).values("contact")
    )
    elders = live_there.filter(roles__role__code="house_elder")
    found = elders.order_by("pk").first() or live_there.order_by("pk").first()
    return found.pk if found else None


def _tell(by: Actor, house: House, number: int) -> None:
    today = timezone.localdate()
    for kind, days, words, solved in HAPPENED[number % 2 : 1 + (number * 2) % len(HAPPENED)]:
        day = today - dt.timedelta(days=days + number)
        entry = write_entry(by=by, house_id=house.pk, kind=kind, text=words, day=day)
        if solved:
            close_entry(by=by, entry_id=entry.pk)
