"""Made-up archives of the register, true to its schema, of any size: for tests, measurements and trying things out.

Nothing in them is a real address. A `Town` is what a test writes down; `made_towns` makes many.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from veche.addresses.register.schema import NEEDED, PARAMS, TABLES

FOREVER, BEGINNING = "2079-06-06", "2015-11-05"
DICTIONARIES = {
    "ADDR_OBJ_TYPES": ("ADDRESSOBJECTTYPES", "ADDRESSOBJECTTYPE", [
        {"ID": n, "LEVEL": level, "SHORTNAME": short, "NAME": name}
        for n, (level, short, name) in enumerate((
            (1, "обл", "Область"), (1, "г", "Город"), (1, "Респ", "Республика"), (2, "р-н", "Район"),
            (3, "м.р-н", "Муниципальный район"), (3, "г.о.", "Городской округ"), (4, "с/с", "Сельсовет"),
            (5, "г", "Город"), (6, "с", "Село"), (6, "д", "Деревня"), (6, "п", "Посёлок"), (6, "г", "Город"),
            (7, "мкр", "Микрорайон"), (7, "тер. СНТ", "Территория СНТ"), (8, "ул", "Улица"), (8, "пер", "Переулок"),
            (8, "пр-кт", "Проспект"), (8, "б-р", "Бульвар"), (8, "наб", "Набережная"),
        ), 1)]),
    "HOUSE_TYPES": ("HOUSETYPES", "HOUSETYPE", [
        {"ID": n, "NAME": name, "SHORTNAME": short} for n, name, short in (
            (1, "Владение", "влд."), (2, "Дом", "д."), (3, "Домовладение", "двлд."), (4, "Гараж", "г-ж"),
            (5, "Здание", "зд."), (7, "Строение", "стр."), (8, "Сооружение", "соор."), (9, "Литера", "литера"),
            (10, "Корпус", "к."))]),
    "ADDHOUSE_TYPES": ("HOUSETYPES", "HOUSETYPE", [
        {"ID": n, "NAME": name, "SHORTNAME": short} for n, name, short in (
            (1, "Корпус", "к."), (2, "Строение", "стр."), (3, "Сооружение", "соор."), (4, "Литера", "литера"))]),
    "APARTMENT_TYPES": ("APARTMENTTYPES", "APARTMENTTYPE", [
        {"ID": n, "NAME": name, "SHORTNAME": short} for n, name, short in (
            (1, "Помещение", "помещ."), (2, "Квартира", "кв."), (3, "Офис", "офис"), (4, "Комната", "ком."))]),
    "PARAM_TYPES": ("PARAMTYPES", "PARAMTYPE", [
        {"ID": n, "NAME": name, "CODE": code} for n, name, code in (
            (1, "ИФНС ФЛ", "IFNSFL"), (5, "Почтовый индекс", "PostIndex"), (6, "ОКАТО", "OKATO"),
            (7, "OKTMO", "OKTMO"), (8, "Кадастровый номер", "CadastrNum"), (10, "Код КЛАДР", "CODE"))]),
    "OBJECT_LEVELS": ("OBJECTLEVELS", "OBJECTLEVEL", [
        {"LEVEL": n, "NAME": name} for n, name in (
            (1, "Субъект РФ"), (2, "Административный район"), (5, "Город"), (6, "Населенный пункт"),
            (7, "Элемент планировочной структуры"), (8, "Элемент улично-дорожной сети"), (10, "Здание (строение)"))]),
}  # fmt: skip


@dataclass
class Archive:
    """An archive in the making: rows by (region, table), written with the official attributes, in their order."""

    version: dt.date = dt.date(2026, 9, 8)
    dictionaries: bool = True
    rows: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)
    _ids: Any = field(default_factory=lambda: count(1))

    def add(self, region: int, table: str, **values: Any) -> dict[str, Any]:
        """A row; what isn't given is as it is for an object that is there. `id` is the row's own."""
        row = {**self._defaults(table), **{name.upper(): value for name, value in values.items()}}
        self.rows.setdefault((region, table), []).append(row)
        return row

    def _defaults(self, table: str) -> dict[str, Any]:
        number = next(self._ids)
        if table.endswith("_PARAMS"):
            return {"ID": number, "CHANGEID": number, "CHANGEIDEND": 0, "UPDATEDATE": BEGINNING,
                    "STARTDATE": BEGINNING, "ENDDATE": FOREVER}  # fmt: skip
        flags = (
            {"ISACTIVE": 1}
            if table.endswith("_HIERARCHY")
            else {"ISACTUAL": 1, "ISACTIVE": 1, "OPERTYPEID": 10}
        )
        return {"ID": number, "CHANGEID": number, "PREVID": 0, "NEXTID": 0, "UPDATEDATE": BEGINNING,
                "STARTDATE": BEGINNING, "ENDDATE": FOREVER, **flags}  # fmt: skip

    def object(
        self, region: int, id_: int, name: str, kind: str, level: int, parent: int | None = None, *,
        mun: int | None = None, postcode: int | None = None, oktmo: str | None = None, **flags: Any,
    ) -> int:  # fmt: skip
        """An address object with its place in both trees and parameters; `mun`: another parent in the municipal one."""
        self.add(
            region,
            "ADDR_OBJ",
            objectid=id_,
            objectguid=guid_of(id_),
            name=name,
            typename=kind,
            level=level,
            **flags,
        )
        self.place(region, id_, parent, mun=mun, oktmo=oktmo)
        self.param(region, "ADDR_OBJ_PARAMS", id_, 5, postcode)
        return id_

    def house(
        self, region: int, id_: int, parent: int, number: str | None = None, *, kind: int | None = 2,
        postcode: int | None = None, oktmo: str | None = None, mun: int | None = None, **values: Any,
    ) -> int:  # fmt: skip
        self.add(
            region, "HOUSES", objectid=id_, objectguid=guid_of(id_), housenum=number, housetype=kind, **values
        )
        self.place(region, id_, parent, mun=mun)
        self.param(region, "HOUSES_PARAMS", id_, 5, postcode)
        self.param(region, "HOUSES_PARAMS", id_, 7, oktmo)
        return id_

    def flat(self, region: int, id_: int, house: int, number: str, kind: int = 2, **values: Any) -> int:
        self.add(
            region,
            "APARTMENTS",
            objectid=id_,
            objectguid=guid_of(id_),
            number=number,
            aparttype=kind,
            **values,
        )
        self.place(region, id_, house)
        return id_

    def place(
        self, region: int, id_: int, parent: int | None, *, mun: int | None = None, oktmo: str | None = None
    ) -> None:
        self.add(
            region,
            "ADM_HIERARCHY",
            objectid=id_,
            parentobjid=parent or 0,
            regioncode=region,
            path=f"{parent}.{id_}",
        )
        self.add(
            region,
            "MUN_HIERARCHY",
            objectid=id_,
            parentobjid=mun or parent or 0,
            oktmo=oktmo,
            path=f"{parent}.{id_}",
        )

    def param(self, region: int, table: str, id_: int, kind: int, value: Any, **values: Any) -> None:
        if value is not None:
            self.add(region, table, objectid=id_, typeid=kind, value=value, **values)

    def write(self, path: Path) -> Path:
        """The zip. A region has its chief tables even when they are empty, but for those of `without`."""
        with open_archive(path, self.version, dictionaries=self.dictionaries) as archive:
            empty = {
                (region, table): []
                for region, _table in self.rows
                for table in NEEDED
                if table not in self.without
            }
            for (region, table), rows in sorted({**empty, **self.rows}.items()):
                write_table(archive, region, table, self.version, (element(table, row) for row in rows))
        return path


@contextmanager
def open_archive(path: Path, version: dt.date, *, dictionaries: bool = True) -> Iterator[zipfile.ZipFile]:
    """A zip with version.txt and, if wanted, the dictionaries; the regions' tables are the caller's."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("version.txt", f"{version:%Y.%m.%d}\nv.2.251.02.04.01.01")
        for table, (root, name, entries) in DICTIONARIES.items() if dictionaries else ():
            dates = {"UPDATEDATE": BEGINNING, "STARTDATE": BEGINNING, "ENDDATE": FOREVER, "ISACTIVE": "true"}
            rows = "".join(f"<{name}{_attributes(entry | dates)} />" for entry in entries)
            archive.writestr(f"AS_{table}_{version:%Y%m%d}_{guid_of(1)}.XML", f"{XML}<{root}>{rows}</{root}>")
        yield archive


XML = '<?xml version="1.0" encoding="utf-8"?>'


def write_table(
    archive: zipfile.ZipFile, region: int, table: str, version: dt.date, elements: Iterable[str]
) -> None:
    """One file of a region, out of elements (or pieces of many elements)."""
    root = TABLES[table].root if table in TABLES else PARAMS[0].split("/")[0]
    name = f"{region:02}/AS_{table}_{version:%Y%m%d}_{uuid.UUID(int=hash_of(region, table))}.XML"
    with archive.open(name, "w", force_zip64=True) as file:
        file.write(f"{XML}<{root}>".encode())
        for text in elements:
            file.write(text.encode())
        file.write(f"</{root}>".encode())


def element(table: str, row: dict[str, Any]) -> str:
    """A row as the register writes it: attributes in the order of the schema, absent ones left out."""
    known = TABLES[table]
    return f"<{known.element}{_attributes({name: row.get(name) for name in known.attributes})} />"


def _attributes(values: dict[str, Any]) -> str:
    return "".join(
        f" {name}={quoteattr(str(value), {chr(34): '&quot;'})}"
        for name, value in values.items()
        if value is not None
    )


def guid_of(id_: int) -> uuid.UUID:
    """An OBJECTGUID that is always the same for an OBJECTID."""
    return uuid.UUID(int=(id_ * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)


def hash_of(region: int, table: str) -> int:
    return int.from_bytes(f"{region:02}{table}"[:16].encode().ljust(16, b"."), "big")
