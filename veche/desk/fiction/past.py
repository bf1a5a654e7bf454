"""What has happened to fictional people in two years: notes, changes, and the mistakes of those who typed them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from veche.contacts.actions.inventing import MadeUp, PastChange, PastNote
from veche.desk.fiction import tables
from veche.desk.fiction.people import Dice, FictionalPerson, people_with_dice

LONG_LIVES = frozenset(range(7, 2000, 97))  # numbers of people whom everybody has written about
FAULTY = 0.012
OPENS, OPEN_SECONDS = 6, 11 * 3600  # from nine in Moscow, by the clock of the world
STATUSES = (("active", 0.70), ("moved", 0.03), ("refused", 0.02), ("incorrect", 0.02), ("", 0.23))


@dataclass(frozen=True)
class World:
    """Ids of what people belong to, in the order of `tables`, and the moment that is now."""

    now: dt.datetime
    campaigns: Sequence[int]
    tags: Sequence[int]
    colleagues: Sequence[int]
    territories: Sequence[int]
    statuses: dict[str, int]  # by code
    roles: dict[str, int]
    own: dict[str, Any]  # label → key


def made_up(world: World, count: int, *, seed: int, start: int = 0) -> Iterator[MadeUp]:
    """Persons number `start` to `start + count - 1` with their past; the same for the same seed and world."""
    for person, dice in people_with_dice(count, seed=seed, start=start):
        made = _made(world, person, dice)
        yield _spoilt(made, dice) if dice.random() < FAULTY else made


def _made(world: World, person: FictionalPerson, dice: Dice) -> MadeUp:
    made_at = next(_moments(world, dice, world.now - dt.timedelta(person.days_ago + 1), days=1))
    moments = _moments(world, dice, made_at)
    status = _weighted(dice, STATUSES)
    responsible = dice.pick(world.colleagues) if dice.random() < 0.4 else None
    kinds = [("phone", each, "valid" if dice.random() < 0.4 else "unchecked") for each in person.phones]
    kinds += [("email", each, "unchecked") for each in person.emails]
    kinds += [("telegram", person.telegram, "unchecked")] if person.telegram else []
    return MadeUp(
        external_id=f"G{person.number + 1}",
        kind="organisation" if person.is_organisation else "person",
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        gender=person.gender,
        birthday=person.birthday,
        made_at=made_at,
        channel=person.source[0],
        source=person.source[1],
        address=person.address,
        caution=person.caution,
        status_id=world.statuses.get(status),
        responsible_id=responsible,
        territory_id=dice.pick(world.territories) if dice.random() < 0.35 else None,
        own={} if person.is_organisation else _own(world, dice, made_at),
        points=kinds,
        campaigns=[(world.campaigns[place], next(moments)) for place in person.campaigns],
        tags=[(world.tags[place], next(moments)) for place in person.tags],
        roles=[(world.roles[code], next(moments).date()) for code in person.roles],
        notes=_notes(world, person, dice, moments),
        changes=_changes(world, person, dice, moments, responsible, status),
    )


def _moments(world: World, dice: Dice, since: dt.datetime, *, days: int = 0) -> Iterator[dt.datetime]:
    """Moments of working hours from `since` on, in no order: of so many days, or up to now."""
    morning, latest = since.replace(hour=OPENS, minute=0), world.now - dt.timedelta(minutes=5)
    days = days or max(1, (world.now - since).days)
    while True:
        moment = morning + dt.timedelta(int(dice.random() * days), int(dice.random() * OPEN_SECONDS))
        yield min(max(moment, since), latest)


def _notes(
    world: World, person: FictionalPerson, dice: Dice, moments: Iterator[dt.datetime]
) -> list[PastNote]:
    count = 400 if person.number in LONG_LIVES else min(int(dice.falling(0.62)), 8)
    notes = [
        PastNote(next(moments), dice.pick(world.colleagues), dice.pick(tables.TALKS)) for _n in range(count)
    ]
    notes += [PastNote(next(moments), None, text) for text in person.notes]
    if notes and dice.random() < 0.06:
        notes[0] = replace(notes[0], pinned=True)
    return notes


def _changes(
    world: World,
    person: FictionalPerson,
    dice: Dice,
    moments: Iterator[dt.datetime],
    responsible: int | None,
    status: str,
) -> list[PastChange]:
    """Some fields were something else before, and somebody changed them."""
    found = []
    if responsible and dice.random() < 0.5:
        found.append(("responsible", dice.pick(world.colleagues), responsible))
    if status not in ("", "active"):
        found.append(("status", world.statuses["active"], world.statuses[status]))
    if person.gender == "f" and person.surname and dice.random() < 0.05:
        found.append(("surname", f"{dice.pick(tables.PLAIN)}а", person.surname))
    if person.phones and dice.random() < 0.06:
        found.append(("phone", f"{person.phones[0][:-2]}{dice.between(0, 99):02d}", person.phones[0]))
    return [
        PastChange(next(moments), dice.pick(world.colleagues), field, before, after)
        for field, before, after in found
        if before != after
    ]


def _own(world: World, dice: Dice, made_at: dt.datetime) -> dict[str, Any]:
    size, ship, year, day, helps, job = (world.own[label] for label, _type, _choices in tables.OWN_FIELDS)
    values = {
        size: f"c{dice.between(1, 4)}" if dice.random() < 0.12 else None,
        ship: dice.random() < 0.3 if dice.random() < 0.10 else None,
        year: dice.between(2011, 2026) if dice.random() < 0.15 else None,
        day: made_at.date().isoformat() if dice.random() < 0.10 else None,
        helps: sorted({f"c{dice.between(1, 5)}", f"c{dice.between(1, 5)}"}) if dice.random() < 0.08 else None,
        job: dice.pick(tables.JOBS) if dice.random() < 0.10 else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _spoilt(made: MadeUp, dice: Dice) -> MadeUp:
    """With one of the mistakes that real bases have."""
    if made.kind == "organisation" or not made.surname:
        return made
    phones = [each for each in made.points if each[0] == "phone"]
    rest = [each for each in made.points if each[0] != "phone"]
    mistakes = [
        {"surname": made.given_name, "given_name": made.surname},
        {"surname": made.surname.replace("о", "o", 1).replace("а", "a", 1)},
        {"surname": made.surname.upper(), "given_name": made.given_name.lower()},
        {"surname": "Тест", "given_name": "Тестов", "patronymic": ""},
        {"birthday": (1970, 2, 29)},
        {"birthday": (1900, 1, 1)},
        {"gender": "f" if made.gender == "m" else "m"},
        {"points": [("phone", "+79440000000", "unchecked"), *rest]},
    ]
    if phones:
        mistakes.append({"points": [("phone", phones[0][1][2:8], "invalid"), *rest]})
    return replace(made, **dice.pick(mistakes))


def _weighted(dice: Dice, rows: Sequence[tuple[str, float]]) -> str:
    at = dice.random()
    for code, share in rows:
        at -= share
        if at <= 0:
            return code
    return rows[-1][0]
