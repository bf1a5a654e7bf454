"""The passport of one house, as an actor sees it: its flats, the people he may see there, what is known of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy

from veche.addresses import parse
from veche.contacts import house_shape
from veche.contacts.house_shape import Hint, Shape, flat_number
from veche.contacts.models import (
    Contact,
    ContactRole,
    House,
    HouseElder,
    HouseEntry,
    Kind,
)
from veche.contacts.naming import key_of
from veche.contacts.queries.house_people import Neighbour, neighbours
from veche.contacts.queries.house_reach import covers_of, readings_in
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor

MOST_PEOPLE = 1_000  # of one house; a dormitory of Moscow's university has more
MOST_ENTRIES = 100
SUPPORTER, ELDER = "supporter", "house_elder"
NOBODY, KNOWN, REACHED, SUPPORTS = "nobody", "known", "reached", "supports"
STATES = {  # of a flat, each more than the one before
    NOBODY: gettext_lazy("nobody is known"),
    KNOWN: gettext_lazy("somebody is known"),
    REACHED: gettext_lazy("somebody with a phone"),
    SUPPORTS: gettext_lazy("a supporter"),
}


def shape_of(house: House) -> Shape | None:
    """How the flats lie; None where too little is said of it. Flats of each entrance are enough without the rest."""
    ranges = tuple((int(first), int(last)) for first, last in house.ranges)
    if ranges:
        first, last = min(each[0] for each in ranges), max(each[1] for each in ranges)
        return Shape(len(ranges), house.floors or 1, first, last, house.first_floor, ranges)
    if not (house.entrances and house.floors and house.last_flat):
        return None
    return Shape(house.entrances, house.floors, house.first_flat or 1, house.last_flat, house.first_floor)


@dataclass(frozen=True)
class Resident:
    """Somebody whom the viewer sees in the house. `flat` is as his address has it."""

    row: Neighbour
    flat: str
    number: int | None
    has_phone: bool
    is_supporter: bool
    is_elder: bool
    roles: tuple[str, ...]
    territory: str
    is_outside: bool  # the house has no flat of this number

    @property
    def state(self) -> str:
        return SUPPORTS if self.is_supporter else REACHED if self.has_phone else KNOWN


@dataclass
class Flat:
    """A cell of the matrix."""

    number: int
    people: list[Resident] = field(default_factory=list)

    @cached_property
    def state(self) -> str:
        order = list(STATES)
        return max((each.state for each in self.people), key=order.index, default=NOBODY)

    @property
    def words(self) -> Any:
        return STATES[self.state]


@dataclass
class Passport:
    """One house as `actor` sees it; each part is read once, when it is asked for."""

    actor: Actor
    house: House

    @property
    def line(self) -> str:
        """The address of the house as somebody would write it before the number of a flat."""
        house = self.house
        region = house.region if house.region != house.town else ""
        return ", ".join(filter(None, (region, house.town, house.street, house.number)))

    @cached_property
    def shape(self) -> Shape | None:
        return None if self.house.kind == House.Kind.PRIVATE else shape_of(self.house)

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the viewer may do here: edit, note, add, export."""
        verbs = {"edit": "contacts.edit", "note": "contacts.note", "add": "contacts.add"}
        return {verb: self.actor.may(name) for verb, name in (verbs | {"print": "exchange.export"}).items()}

    @cached_property
    def manager(self) -> Contact | None:
        """The organisation that manages the house, where the viewer sees just one of this name."""
        key = key_of(self.house.management)
        if not key:
            return None
        found = contacts_for(self.actor).filter(kind=Kind.ORGANISATION, name_key=key).order_by("pk")[:2]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _readings(self) -> list[Any]:
        """Who lives here (`contact_id`), in which `flat`, and the whole text of the address (`address__text`)."""
        found = readings_in(self.actor, self.house.mark).order_by("flat_mark", "contact_id")
        rows = found.values_list("contact_id", "flat", "address__text", named=True)
        return list(rows[: MOST_PEOPLE + 1])

    @property
    def is_cut(self) -> bool:
        """Whether more people live here than are shown."""
        return len(self._readings) > MOST_PEOPLE

    @cached_property
    def residents(self) -> list[Resident]:
        """Everybody whom the viewer sees here, by flats in the order of their numbers, those without one last."""
        readings = self._readings[:MOST_PEOPLE]
        people = contacts_for(self.actor).select_related("status", "territory")
        contacts = list(
            people.filter(pk__in={each.contact_id for each in readings}).order_by("name_key", "pk")
        )
        roles = self._roles([each.pk for each in contacts])
        known = frozenset(self.numbers)
        by_contact: dict[int, dict[str, int | None]] = defaultdict(dict)
        for each in readings:
            by_contact[each.contact_id][each.flat] = flat_number(each.flat)
        found = [
            Resident(
                row=row,
                flat=flat,
                number=number,
                has_phone=row.has_phone,
                is_supporter=any(code == SUPPORTER for code, _name in roles[contact.pk]),
                is_elder=contact.pk == self.elder_id
                or any(code == ELDER for code, _name in roles[contact.pk]),
                roles=tuple(
                    name for code, name in roles[contact.pk] if code != ELDER or contact.pk != self.elder_id
                ),
                territory=str(contact.territory) if contact.territory else "",
                is_outside=bool(known and number is not None and number not in known),
            )
            for contact, row in zip(contacts, neighbours(self.actor, contacts), strict=True)
            for flat, number in by_contact[contact.pk].items()
        ]
        return sorted(found, key=_by_flat)

    def _roles(self, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
        """(code, name) of the roles that each of them has today."""
        today = timezone.localdate()
        held = ContactRole.objects.filter(Q(until=None) | Q(until__gte=today), contact__in=ids)
        roles: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for each in held.select_related("role").order_by("role__position", "pk"):
            roles[each.contact_id].append((each.role.code, str(each.role)))
        return roles

    @cached_property
    def by_number(self) -> dict[int, list[Resident]]:
        found: dict[int, list[Resident]] = defaultdict(list)
        for each in self.residents:
            if each.number is not None:
                found[each.number].append(each)
        return found

    @cached_property
    def numbers(self) -> list[int]:
        """Numbers of all flats of a house whose shape is known."""
        return house_shape.numbers_of(self.shape) if self.shape else []

    @cached_property
    def matrix(self) -> list[dict[str, Any]]:
        """Entrances with their floors from the top down, each with its flats."""
        if self.shape is None:
            return []
        return [
            {
                "number": entrance.number,
                "flats": house_shape.written_ranges([(entrance.first, entrance.last)]),
                "floors": [
                    {"number": floor.number, "flats": [self._flat(number) for number in floor.flats]}
                    for floor in entrance.floors
                ],
            }
            for entrance in house_shape.entrances_of(self.shape)
        ]

    def _flat(self, number: int) -> Flat:
        return Flat(number, self.by_number.get(number, []))

    @cached_property
    def known_flats(self) -> list[Flat]:
        """Flats where somebody is known, for a house whose shape is not."""
        return [self._flat(number) for number in sorted(self.by_number)]

    @cached_property
    def outside(self) -> list[Resident]:
        """People without a flat, with one that is no number, or with a number that the house does not have."""
        return [each for each in self.residents if each.number is None or each.is_outside]

    @cached_property
    def empty(self) -> list[int]:
        """Flats without a contact."""
        return [number for number in self.numbers if number not in self.by_number]

    @property
    def empty_words(self) -> str:
        return house_shape.in_short(self.empty)

    @cached_property
    def states(self) -> list[tuple[str, Any, int]]:
        """(state, words, flats) of the matrix."""
        counts = Counter(self._flat(number).state for number in self.numbers or self.by_number)
        return [
            (state, words, counts[state])
            for state, words in STATES.items()
            if self.numbers or state != NOBODY
        ]

    @property
    def round(self) -> list[tuple[int, int, int]]:
        """(entrance, floor, number) of the flats without a contact, as one walks: from the top down."""
        empty = set(self.empty)
        entrances = house_shape.entrances_of(self.shape) if self.shape else []
        return [
            (entrance.number, floor.number, number)
            for entrance in entrances
            for floor in entrance.floors
            for number in floor.flats
            if number in empty
        ]

    @property
    def share(self) -> int | None:
        """Per cent of the flats where somebody is known."""
        return 100 * (len(self.numbers) - len(self.empty)) // len(self.numbers) if self.numbers else None

    @cached_property
    def statuses(self) -> list[tuple[str, int]]:
        """How many people have which status, the most usual first."""
        people = {each.row.id: each.row.status for each in self.residents}
        return Counter(filter(None, people.values())).most_common()

    @cached_property
    def people(self) -> int:
        """How many people the viewer sees here; one who is known in two flats is one."""
        return len({each.row.id for each in self.residents})

    @cached_property
    def territories(self) -> list[tuple[str, int | None]]:
        """Precincts and turfs: those whose rules name the house, then those in which its people are entered otherwise,
        the most usual first, with how many they are."""
        named = [str(cover.territory) for cover in covers_of(self.actor, self.house)]
        people = Counter(filter(None, {each.row.id: each.territory for each in self.residents}.values()))
        return [(name, None) for name in dict.fromkeys(named)] + [
            (name, count) for name, count in people.most_common() if name not in named
        ]

    @cached_property
    def eldership(self) -> HouseElder | None:
        return HouseElder.objects.filter(house=self.house).select_related("contact").first()

    @cached_property
    def elder_id(self) -> int | None:
        return self.eldership.contact_id if self.eldership else None

    @cached_property
    def elder(self) -> Neighbour | None:
        """The elder, where the viewer may see him."""
        found = list(contacts_for(self.actor).filter(pk=self.elder_id or 0).select_related("status"))
        return neighbours(self.actor, found)[0] if found else None

    @cached_property
    def entries(self) -> list[HouseEntry]:
        """What happened here, open problems first, then the latest."""
        found = self.house.entries.filter(removed_at=None).select_related("author", "closed_by")
        is_open = Q(kind=HouseEntry.Kind.PROBLEM, closed_at=None)
        return list(found.order_by(Case(When(is_open, then=0), default=1), "-day", "-pk")[:MOST_ENTRIES])

    @property
    def latest(self) -> list[HouseEntry]:
        """The last meeting in the yard and the last round of the flats."""
        kinds = (HouseEntry.Kind.MEETING, HouseEntry.Kind.VISIT)
        last = (next((each for each in self.entries if each.kind == kind), None) for kind in kinds)
        return [each for each in last if each]

    @property
    def problems(self) -> list[HouseEntry]:
        """Open problems."""
        return [each for each in self.entries if each.is_open]

    @cached_property
    def guess(self) -> Shape | None:
        """How the flats may lie where nobody has said it, by the flats that are known."""
        if self.shape or self.house.kind == House.Kind.PRIVATE or len(self.by_number) < 2:
            return None
        return house_shape.guess(_hints(self._readings))


def _by_flat(each: Resident) -> tuple[Any, ...]:
    return (each.number is None, each.number or 0, not each.flat, each.flat, each.row.name)


def _hints(readings: list[Any]) -> list[Hint]:
    """Flats, with the entrance and the floor where the address says them."""
    found = []
    for each in readings:
        number = flat_number(each.flat)
        if number is not None:
            said = parse(each.address__text)
            found.append(Hint(number, flat_number(said.entrance), flat_number(said.floor)))
    return found
