"""The dictionaries at the top of the archive: small files, in which ISACTIVE is true or false, not 1 or 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from veche.addresses.register.archive import Archive, BadArchive, broken
from veche.addresses.register.keys import slot_of

MOST_BYTES = 16 * 2**20
# table → our name of the vocabulary, element, attribute of the code, attribute of the short form
FILES = {
    "ADDR_OBJ_TYPES": ("object", "ADDRESSOBJECTTYPE", "ID", "SHORTNAME"),
    "HOUSE_TYPES": ("house", "HOUSETYPE", "ID", "SHORTNAME"),
    "ADDHOUSE_TYPES": ("added", "HOUSETYPE", "ID", "SHORTNAME"),
    "APARTMENT_TYPES": ("flat", "APARTMENTTYPE", "ID", "SHORTNAME"),
    "PARAM_TYPES": ("param", "PARAMTYPE", "ID", "CODE"),
    "OBJECT_LEVELS": ("level", "OBJECTLEVEL", "LEVEL", "SHORTNAME"),
}
POSTCODE_PARAM = 5
# What stands when an archive brings no dictionary (a delta often doesn't) and none was loaded before.
KNOWN_HOUSES = {
    1: "Владение", 2: "Дом", 3: "Домовладение", 4: "Гараж", 5: "Здание", 6: "Шахта", 7: "Строение", 8: "Сооружение",
    9: "Литера", 10: "Корпус", 11: "Подвал", 12: "Котельная", 13: "Погреб", 14: "Объект незавершённого строительства",
}  # fmt: skip
KNOWN_ADDED = {1: "Корпус", 2: "Строение", 3: "Сооружение", 4: "Литера"}
KNOWN_OKTMO = 7


@dataclass(frozen=True)
class Entry:
    vocabulary: str
    code: int
    level: int | None
    short: str
    name: str


@dataclass
class Dictionaries:
    """What a loader asks of the dictionaries: what part of a house a number is, and which parameter is the ОКТМО."""

    houses: dict[int, str] = field(default_factory=lambda: dict(KNOWN_HOUSES))
    added: dict[int, str] = field(default_factory=lambda: dict(KNOWN_ADDED))
    oktmo_param: int = KNOWN_OKTMO

    @classmethod
    def of(cls, entries: Iterable[tuple[str, int, str, str]]) -> Dictionaries:
        """From (vocabulary, code, short form, name)."""
        found = cls()
        for vocabulary, code, short, name in entries:
            if vocabulary == "house":
                found.houses[code] = name
            elif vocabulary == "added":
                found.added[code] = name
            elif vocabulary == "param" and "OKTMO" in (short.upper(), name.upper()):
                found.oktmo_param = code
        return found

    def house_slot(self, kind: int) -> str:
        return slot_of(self.houses.get(kind, ""))

    def added_slot(self, kind: int) -> str:
        return slot_of(self.added.get(kind, "Корпус"))


def read_dictionaries(archive: Archive) -> list[Entry]:
    """All entries that are in force; none for an archive without dictionaries."""
    found: list[Entry] = []
    for table, (vocabulary, element, code, short) in FILES.items():
        for file in archive.files(0, table):
            if file.file_size > MOST_BYTES:
                raise broken(file)
            for given in _elements(archive.read(file), element, file):
                if given.get("ISACTIVE", "true").lower() in ("true", "1") and given.get(code, "").isdecimal():
                    level = given.get("LEVEL", "") if vocabulary == "object" else ""
                    found.append(
                        Entry(vocabulary, int(given[code]), int(level) if level.isdecimal() else None,
                              given.get(short, "")[:50], given.get("NAME", "")[:250])
                    )  # fmt: skip
    return found


def _elements(text: bytes, element: str, file) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, given: dict[str, str]) -> None:
        if name == element:
            found.append(given)

    def refuse(*_given: object) -> None:
        raise broken(file)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise broken(file) from error
    except BadArchive:
        raise
    return found
