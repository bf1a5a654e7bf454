"""Archives of the register with any number of houses, for measuring: skewed as real ones are, written as a stream.

A region has one large city, towns and villages; streets are named by a few common names and a long tail; houses have
nine parameters each, of which we want two, and every third an older version, as the register has.
"""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from veche.addresses.register.generating import BEGINNING, FOREVER, guid_of, open_archive, write_table

COMMON = (
    "Ленина Советская Центральная Молодёжная Школьная Лесная Садовая Набережная Новая Мира Зелёная Полевая Луговая "
    "Гагарина Кирова Первомайская Октябрьская Комсомольская Пушкина Калинина Победы Заречная Степная Чапаева"
).split()
FIRST = "Бор Вол Гор Дуб Жар Зим Кас Лук Мат Нар Пет Рад Сав Тал Фил Чер Шав Юр Яр Бел Кол Мур Тур Сев Раз Дем".split()
MIDDLE = "ан ен ар ер ол ул ат ит иш аш ач ун ус им ом ян ав ев ил ак".split()
STREET_ENDS = "овская инская ьевская ская ная ова ина ева ича ого".split()
PLACE_ENDS = "ово ино ёво ск овка инка ки цы ское ное".split()
KINDS = ("ул", "ул", "ул", "ул", "пер", "пр-кт", "б-р", "наб")
TAIL = f' OPERTYPEID="10" PREVID="0" NEXTID="0" UPDATEDATE="{BEGINNING}" STARTDATE="{BEGINNING}" ENDDATE="{FOREVER}"'
HOUSES_A_STREET = 12


class Crowd:
    """A region of about `houses` houses; `flats` in every twentieth. The same region is the same each time."""

    def __init__(self, region: int, houses: int, *, flats: int = 0, streets: int = 0):
        self.region, self.houses, self.flats = region, houses, flats
        self.streets = streets or max(houses // HOUSES_A_STREET, 8)
        self.places = max(self.streets // 40, 2)
        self.base = region * 100_000_000  # OBJECTIDs of the region begin behind it
        self.dice = random.Random(region)
        self.parents = [self._place_of(n) for n in range(self.streets)]

    @property
    def objects(self) -> int:
        """How many objects the region has: itself, places, streets, houses and flats."""
        return 1 + self.places + self.streets + self.houses + self.flats

    def place_name(self, n: int) -> str:
        return f"{FIRST[n % 26].title()}{MIDDLE[n // 26 % 20]}{MIDDLE[n // 520 % 20]}{PLACE_ENDS[n // 10400 % 10]}"

    def street_name(self, n: int) -> str:
        if n % 3 == 0 and n % 4:  # in the city, which has every fourth street, each is called otherwise
            return COMMON[n // 3 % len(COMMON)]
        root = f"{FIRST[n % 26].title()}{MIDDLE[n // 26 % 20]}{MIDDLE[n // 520 % 20]}{STREET_ENDS[n // 10400 % 10]}"
        return f"{n % 9 + 1}-я {root}" if n % 11 == 0 else root

    def _place_of(self, street: int) -> int:
        """Every fourth street is in the city, the others are spread over the places."""
        return 0 if street % 4 == 0 else self.dice.randrange(self.places)

    def place_id(self, n: int) -> int:
        return self.base + 10 + n

    def street_id(self, n: int) -> int:
        return self.base + 1_000_000 + n

    def house_id(self, n: int) -> int:
        return self.base + 10_000_000 + n

    def house(self, n: int) -> tuple[int, str]:
        """(number of its street, its number)."""
        street, at = n % self.streets, n // self.streets
        return street, f"{at * 2 + 1 + street % 2}{'А' if (n * 7) % 40 == 0 else ''}"

    def postcode(self, street: int) -> int:
        return 100_000 + self.region * 1000 + self.parents[street] % 1000

    def write(self, archive: zipfile.ZipFile, version: dt.date) -> None:
        tables = {
            "ADDR_OBJ": self._objects(), "HOUSES": self._houses(), "APARTMENTS": self._apartments(),
            "ADM_HIERARCHY": self._hierarchy(f'REGIONCODE="{self.region}"'),
            "MUN_HIERARCHY": self._hierarchy('OKTMO="65701000"'),
            "ADDR_OBJ_PARAMS": self._params(range(self.streets), self.street_id, lambda n: n),
            "HOUSES_PARAMS": self._params(range(self.houses), self.house_id, lambda n: n % self.streets),
        }  # fmt: skip
        for table, elements in tables.items():
            write_table(archive, self.region, table, version, elements)

    def _objects(self) -> Iterator[str]:
        rows = [(self.base + 1, f"Область{self.region}", "обл", 1)]
        rows += [
            (self.place_id(n), self.place_name(n), "с" if n else "г", 6 if n else 5)
            for n in range(self.places)
        ]
        for n in range(self.streets):
            rows.append((self.street_id(n), self.street_name(n), KINDS[n % 8], 8))
        for id_, name, kind, level in rows:
            head = f'<OBJECT ID="{id_ + 7}" OBJECTID="{id_}" OBJECTGUID="{guid_of(id_)}" CHANGEID="{id_}"'
            told = f'TYPENAME="{kind}" LEVEL="{level}"{TAIL}'
            yield f'{head} NAME="{name}" {told} ISACTUAL="1" ISACTIVE="1" />'
            if id_ % 5 == 0:
                head = head.replace(f'ID="{id_ + 7}"', f'ID="{id_ + 3}"', 1)
                yield f'{head} NAME="Бывшая {name}" {told} ISACTUAL="0" ISACTIVE="0" />'

    def _houses(self) -> Iterator[str]:
        for n in range(self.houses):
            id_, (_street, number) = self.house_id(n), self.house(n)
            more = ' ADDNUM1="2" HOUSETYPE="2" ADDTYPE1="1"' if n % 25 == 0 else ' HOUSETYPE="2"'
            head = f'OBJECTID="{id_}" OBJECTGUID="{guid_of(id_)}" CHANGEID="{id_}" HOUSENUM="{number}"{more}{TAIL}'
            yield f'<HOUSE ID="{id_ + 7}" {head} ISACTUAL="1" ISACTIVE="1" />'
            if n % 3 == 0:
                yield f'<HOUSE ID="{id_ + 3}" {head} ISACTUAL="0" ISACTIVE="0" />'

    def _flat(self, n: int) -> tuple[int, int, int]:
        """OBJECTID, its house, its number."""
        homes = max(self.houses // 20, 1)
        return self.base + 50_000_000 + n, n % homes * 20 % self.houses, n // homes + 1

    def _apartments(self) -> Iterator[str]:
        for n in range(self.flats):
            id_, _house, number = self._flat(n)
            yield (
                f'<APARTMENT ID="{id_}" OBJECTID="{id_}" OBJECTGUID="{guid_of(id_)}" CHANGEID="{id_}"'
                f' NUMBER="{number}" APARTTYPE="2"{TAIL} ISACTUAL="1" ISACTIVE="1" />'
            )

    def _hierarchy(self, codes: str) -> Iterator[str]:
        root = self.base + 1
        rows = [(root, 0, f"{root}")]
        rows += [(self.place_id(n), root, f"{root}.{self.place_id(n)}") for n in range(self.places)]
        tail = TAIL.replace(' OPERTYPEID="10"', "")
        for n, place in enumerate(self.parents):
            rows.append(
                (
                    self.street_id(n),
                    self.place_id(place),
                    f"{root}.{self.place_id(place)}.{self.street_id(n)}",
                )
            )
        for id_, parent, path in chain(rows, self._leaves(root)):
            yield (
                f'<ITEM ID="{id_}" OBJECTID="{id_}" PARENTOBJID="{parent}" CHANGEID="{id_}" {codes}{tail}'
                f' ISACTIVE="1" PATH="{path}" />'
            )

    def _leaves(self, root: int) -> Iterator[tuple[int, int, str]]:
        for n in range(self.houses):
            street = self.house(n)[0]
            place, id_ = self.place_id(self.parents[street]), self.house_id(n)
            yield id_, self.street_id(street), f"{root}.{place}.{self.street_id(street)}.{id_}"
        for n in range(self.flats):
            id_, house, _number = self._flat(n)
            yield id_, self.house_id(house), f"{root}.{self.house_id(house)}.{id_}"

    def _params(self, numbers: range, id_of, street_of) -> Iterator[str]:
        for n in numbers:
            id_, street = id_of(n), street_of(n)
            values = {1: 6600, 2: 6600, 5: self.postcode(street), 6: 65401000000, 7: 65701000001, 8: f"66:41:0:{n}",
                      10: 6600000100000, 13: 657010000010000, 19: n}  # fmt: skip
            yield "".join(
                f'<PARAM ID="{id_ * 10 + kind}" OBJECTID="{id_}" CHANGEID="{id_}" CHANGEIDEND="0" TYPEID="{kind}"'
                f' VALUE="{value}" UPDATEDATE="{BEGINNING}" STARTDATE="{BEGINNING}" ENDDATE="{FOREVER}" />'
                for kind, value in values.items()
            )


def write_crowds(path: Path, crowds: list[Crowd], version: dt.date) -> Path:
    with open_archive(path, version) as archive:
        for crowd in crowds:
            crowd.write(archive, version)
    return path
