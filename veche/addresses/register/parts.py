"""The parts of an address, as the parser names them; whatever gives them, the register is asked with these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the text of an address says, in canonical spelling; "" is what it does not say.

    `region` is the full name ("Свердловская область"), Moscow and St Petersburg are regions; types stand in full
    ("улица"); numbers are without their words ("12А").
    """

    postcode: str = ""
    region: str = ""
    district: str = ""
    city: str = ""
    settlement: str = ""
    settlement_type: str = ""
    area: str = ""
    area_type: str = ""
    street: str = ""
    street_type: str = ""
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""
    flat: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Parts:
        """From a mapping that may hold more, such as a parser's answer."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in given.items() if name in names and value})

    @property
    def has_house(self) -> bool:
        return bool(self.house or self.block or self.building or self.letter)
