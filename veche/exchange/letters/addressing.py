"""To whom and where a letter goes, in the lines and the order of the Russian post.

The name in the dative («Ивановой Марии Петровне»), then street and house, the town, the district, the region, and the
postcode last. What was not understood as an address stays as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass

from veche.addresses import ParsedAddress, canonical, flat_key, house_key
from veche.addresses.queries.lookup import Parts, find
from veche.contacts.models import Household, Kind
from veche.contacts.queries.learned_streets import Learned
from veche.contacts.queries.postal import read_postal
from veche.names import ParsedName, common_family, decline, to_family

_AT_HAND = (  # what stands in the line of the street; the post asks for neither entrance nor floor
    "area_type", "area", "street_type", "street", "house", "block", "building", "letter", "flat_type", "flat", "room",
    "box",
)  # fmt: skip


_CITIES = frozenset({"Москва", "Санкт-Петербург", "Севастополь"})  # regions that are towns


@dataclass(frozen=True)
class Person:
    """Whom a letter is for, as the base tells it. `phone` is empty for whoever may not see it."""

    number: int
    kind: str
    name: str
    surname: str
    given_name: str
    patronymic: str
    gender: str
    address: str
    phone: str = ""


@dataclass(frozen=True)
class Home:
    """A household that gets one letter, and its people among whom letters are for, the head first."""

    number: int
    letter: str
    people: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Recipient:
    """`to` in the dative, `name` as it is; `lines` of the place from the street up; `place` says which flat it is."""

    to: str
    name: str
    lines: tuple[str, ...]
    postcode: str
    is_sure: bool
    place: str = ""
    phone: str = ""
    number: int = 0

    @property
    def one_line(self) -> str:
        """The address from the postcode down, as the post takes it in a list."""
        return ", ".join(filter(None, (self.postcode, *reversed(self.lines))))


def recipient(
    person: Person, learned: Learned, *, ask_register: bool = False, home: Home | None = None
) -> Recipient:
    """The lines for one person; `ask_register` fills in a postcode that the address lacks.

    With a `home` the letter goes to that household at this person's address.
    """
    parsed, is_whole, region = read_postal(person.address, learned)
    postcode = parsed.postcode
    if ask_register and parsed.is_address and not postcode:
        postcode = _postcode(parsed)
    return Recipient(
        to=_to_home(home) if home else _dative(person),
        name=home.people[0].name if home else person.name,
        lines=place_lines(parsed, region) if is_whole else _as_written(person.address),
        postcode=postcode if parsed.is_address else "",
        is_sure=is_whole and bool(parsed.house or parsed.building or parsed.box),
        place=flat_key(parsed) or house_key(parsed),
        phone=person.phone,
        number=person.number,
    )


def place_lines(parsed: ParsedAddress, region: str) -> tuple[str, ...]:
    """Street and house; town or village; district; region; a foreign country."""
    empty = ParsedAddress("")
    street = canonical(empty._replace(**{field: getattr(parsed, field) for field in _AT_HAND}))
    settlement = canonical(
        empty._replace(settlement_type=parsed.settlement_type, settlement=parsed.settlement)
    )
    city = canonical(empty._replace(city=parsed.city))
    told = (
        street,
        settlement,
        city,
        canonical(empty._replace(municipality=parsed.municipality)),
        canonical(empty._replace(district=parsed.district)),
        f"г. {region}" if region in _CITIES else region,
        parsed.country if parsed.country not in ("", "Россия") else "",
    )
    return tuple(dict.fromkeys(filter(None, told)))


def _as_written(text: str) -> tuple[str, ...]:
    return (" ".join(text.split()),)


def _postcode(parsed: ParsedAddress) -> str:
    best = find(Parts.of(parsed._asdict())).best
    return (best.postcode if best else "") or ""


def _to_home(home: Home) -> str:
    """«Семье Ивановых», or the head by name: where that is wished, and where the family has no one name."""
    family = common_family((each.surname, each.gender) for each in home.people)
    return to_family(family) if family and home.letter == Household.Letter.FAMILY else _dative(home.people[0])


def _dative(person: Person) -> str:
    """«Иванову Ивану»; an organisation, and a name whose gender is not known, stay as they are."""
    if person.kind != Kind.PERSON or (not person.surname and not person.given_name):
        return person.name
    known = ParsedName(
        person.name, surname=person.surname, given_name=person.given_name, patronymic=person.patronymic,
        gender=person.gender,
    )  # fmt: skip
    return decline(known, "dative") if person.gender else person.name
