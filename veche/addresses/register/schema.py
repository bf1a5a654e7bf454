"""The tables of the archive that we read: element, attributes in the order of the official schema, and what we want.

Source: the schemas 2.251 of the Federal Tax Service (AS_ADDR_OBJ_2_251_01 and so on). Every value is an attribute.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER, FLAG, GUID, DATE, TEXT = (
    rb"[0-9]+",
    rb"[01]",
    rb"[0-9a-fA-F-]{36}",
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    rb'[^"<]*',
)
SHAPES = {
    "ID": NUMBER, "OBJECTID": NUMBER, "PARENTOBJID": NUMBER, "OBJECTGUID": GUID, "CHANGEIDEND": NUMBER,
    "TYPEID": NUMBER, "LEVEL": NUMBER, "HOUSETYPE": NUMBER, "ADDTYPE1": NUMBER, "ADDTYPE2": NUMBER,
    "APARTTYPE": NUMBER, "OKTMO": rb"[0-9]*", "ISACTUAL": FLAG, "ISACTIVE": FLAG,
}  # fmt: skip
LONG_STRETCH = 3  # attributes
VERSIONED = "PREVID NEXTID UPDATEDATE STARTDATE ENDDATE ISACTUAL ISACTIVE"


@dataclass(frozen=True)
class Table:
    """A table of the archive. `wanted` is the order of the values that `elements.read` gives; b"" is an absent one."""

    name: str
    root: str
    element: str
    attributes: tuple[str, ...]
    wanted: tuple[str, ...]
    optional: frozenset[str]

    def pattern(self) -> re.Pattern[bytes]:
        """One element written as the register writes it; its groups are `wanted`.

        What lies between two wanted attributes is passed over by name, a long stretch of it at one go: the wanted
        attribute behind it is found all the same, since a quotation mark cannot stand inside a value.
        """
        parts, passed = [], []
        for name in self.attributes:
            if name not in self.wanted:
                passed.append(rb"(?: " + name.encode() + rb'="[^"<]*")?')
                continue
            optional = name in self.optional
            parts.append(b"".join(passed) if optional or len(passed) < LONG_STRETCH else rb"[^<]*")
            value = rb" " + name.encode() + rb'="(' + SHAPES.get(name, TEXT) + rb')"'
            parts.append(rb"(?:" + value + rb")?" if optional else value)
            passed = []
        return re.compile(rb"<" + self.element.encode() + b"".join(parts) + rb"[^<]*/>")

    def shape(self, name: str) -> re.Pattern[bytes]:
        return re.compile(SHAPES.get(name, rb"(?s:.*)"))


def _table(name: str, path: str, attributes: str, wanted: str, optional: str = "") -> Table:
    root, element = path.split("/")
    order = tuple(attributes.split())
    chosen = set(wanted.split())
    return Table(
        name,
        root,
        element,
        order,
        tuple(each for each in order if each in chosen),
        frozenset(optional.split()),
    )


PARAMS = ("PARAMS/PARAM", "ID OBJECTID CHANGEID CHANGEIDEND TYPEID VALUE UPDATEDATE STARTDATE ENDDATE",
          "ID OBJECTID CHANGEIDEND TYPEID VALUE ENDDATE")  # fmt: skip
HIERARCHY = "ID OBJECTID PARENTOBJID CHANGEID {} PREVID NEXTID UPDATEDATE STARTDATE ENDDATE ISACTIVE PATH"

# In the order of reading: what exists, then where it stands, then what is known of it.
TABLES = {
    table.name: table
    for table in (
        _table("ADDR_OBJ", "ADDRESSOBJECTS/OBJECT",
               f"ID OBJECTID OBJECTGUID CHANGEID NAME TYPENAME LEVEL OPERTYPEID {VERSIONED}",
               "ID OBJECTID OBJECTGUID NAME TYPENAME LEVEL ISACTUAL ISACTIVE"),
        _table("HOUSES", "HOUSES/HOUSE",
               "ID OBJECTID OBJECTGUID CHANGEID HOUSENUM ADDNUM1 ADDNUM2 HOUSETYPE ADDTYPE1 ADDTYPE2 OPERTYPEID "
               + VERSIONED,
               "ID OBJECTID OBJECTGUID HOUSENUM ADDNUM1 ADDNUM2 HOUSETYPE ADDTYPE1 ADDTYPE2 ISACTUAL ISACTIVE",
               "HOUSENUM ADDNUM1 ADDNUM2 HOUSETYPE ADDTYPE1 ADDTYPE2"),
        _table("STEADS", "STEADS/STEAD", f"ID OBJECTID OBJECTGUID CHANGEID NUMBER OPERTYPEID {VERSIONED}",
               "ID OBJECTID OBJECTGUID NUMBER ISACTUAL ISACTIVE"),
        _table("APARTMENTS", "APARTMENTS/APARTMENT",
               f"ID OBJECTID OBJECTGUID CHANGEID NUMBER APARTTYPE OPERTYPEID {VERSIONED}",
               "ID OBJECTID NUMBER APARTTYPE ISACTUAL ISACTIVE"),
        _table("ADM_HIERARCHY", "ITEMS/ITEM",
               HIERARCHY.format("REGIONCODE AREACODE CITYCODE PLACECODE PLANCODE STREETCODE"),
               "ID OBJECTID PARENTOBJID ISACTIVE", "PARENTOBJID"),
        _table("MUN_HIERARCHY", "ITEMS/ITEM", HIERARCHY.format("OKTMO"),
               "ID OBJECTID PARENTOBJID OKTMO ISACTIVE", "PARENTOBJID OKTMO"),
        _table("ADDR_OBJ_PARAMS", *PARAMS),
        _table("HOUSES_PARAMS", *PARAMS),
        _table("STEADS_PARAMS", *PARAMS),
    )
}  # fmt: skip
NEEDED = ("ADDR_OBJ", "HOUSES", "ADM_HIERARCHY")  # a region without one of these is no region
FLAT_TABLES = frozenset({"APARTMENTS"})
