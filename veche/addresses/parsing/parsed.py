"""The answer of the parser: what an address says, where each part stands, how sure it is and what was assumed."""

from __future__ import annotations

from typing import NamedTuple

from veche.addresses.parsing.reasons import Assumption

FIELDS = (
    "postcode", "country", "region", "district", "municipality", "city", "settlement_type", "settlement", "area_type",
    "area", "street_type", "street", "house", "block", "building", "letter", "entrance", "floor", "flat_type", "flat",
    "room", "box",
)  # fmt: skip


class Part(NamedTuple):
    """One part: its field, its value in canonical spelling, its place `text[start:end]`, how sure it is (0..1)."""

    field: str
    value: str
    start: int
    end: int
    confidence: float


class ParsedAddress(NamedTuple):
    """What a text says of an address; a part that it does not name is "". Nothing is added that only a register knows.

    `text` is the whole cell, letter for letter. `city` is a town, `settlement` any other place with its type. A federal
    city is the region. `municipality` is a rural council or settlement, where it is named beside the place itself.
    `flat` is the number of a flat, office or room; `flat_type` says which, `room` is a second one inside it. `rest` is
    what was not understood; `further` are more addresses of the same cell. A tuple, as a list makes one per row.
    """

    text: str
    is_address: bool = False
    postcode: str = ""
    country: str = ""
    region: str = ""
    district: str = ""
    municipality: str = ""
    city: str = ""
    settlement_type: str = ""
    settlement: str = ""
    area_type: str = ""
    area: str = ""
    street_type: str = ""
    street: str = ""
    house: str = ""
    block: str = ""
    building: str = ""
    letter: str = ""
    entrance: str = ""
    floor: str = ""
    flat_type: str = ""
    flat: str = ""
    room: str = ""
    box: str = ""
    rest: str = ""
    confidence: float = 0.0
    parts: tuple[Part, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    further: tuple[ParsedAddress, ...] = ()

    def assumed(self, code: str) -> bool:
        """Whether the assumption of this code was made."""
        return any(assumption.code == code for assumption in self.assumptions)

    def part(self, field: str) -> Part | None:
        """Where a field stands in the text, if it does."""
        return next((part for part in self.parts if part.field == field), None)

    def as_dict(self) -> dict[str, object]:
        """For JSON: the fields that are there, with places, confidences and assumptions."""
        told: dict[str, object] = {"text": self.text, "is_address": self.is_address}
        told |= {field: value for field in FIELDS if (value := getattr(self, field))}
        if self.rest:
            told["rest"] = self.rest
        told["confidence"] = self.confidence
        told["spans"] = {part.field: [part.start, part.end, part.confidence] for part in self.parts}
        if self.assumptions:
            told["assumptions"] = [{"code": one.code, "sentence": one.sentence} for one in self.assumptions]
        if self.further:
            told["further"] = [other.as_dict() for other in self.further]
        return told
