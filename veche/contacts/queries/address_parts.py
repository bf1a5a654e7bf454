"""A postal address as a page shows it: one spelling of it, its parts, how sure each is, and what was assumed.

Read anew from the text whenever it is shown, so it is never older than the text or the parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from veche.addresses import ParsedAddress, canonical, parse
from veche.contacts.address_texts import (
    NOTHING_LEARNED,
    Learned,
    corrected,
    how_well,
    region_or_postcode,
)
from veche.contacts.models import AddressReading

SURE, LIKELY = 0.9, 0.7

LABELS: dict[str, Any] = {
    "postcode": gettext_lazy("Postcode"),
    "country": gettext_lazy("Country"),
    "region": pgettext_lazy("address", "Region"),
    "district": pgettext_lazy("address", "District"),
    "municipality": pgettext_lazy("address", "Municipality"),
    "city": pgettext_lazy("address", "Town"),
    "settlement": pgettext_lazy("address", "Settlement"),
    "area": pgettext_lazy("address", "Area"),
    "street": pgettext_lazy("address", "Street"),
    "house": pgettext_lazy("address", "House"),
    "block": pgettext_lazy("address", "Block"),
    "building": pgettext_lazy("address", "Building"),
    "letter": pgettext_lazy("address", "Letter"),
    "entrance": pgettext_lazy("address", "Entrance"),
    "floor": pgettext_lazy("address", "Floor"),
    "flat": pgettext_lazy("address", "Flat"),
    "room": pgettext_lazy("address", "Room"),
    "box": pgettext_lazy("address", "Post-office box"),
}
_TYPED = frozenset({"settlement", "area", "street", "flat"})


@dataclass(frozen=True)
class ShownPart:
    """A part with its name and value; `tone` is "" where it is sure, else "warn" or "stop" with `words` saying so."""

    label: Any
    value: str
    tone: str
    words: str
    given: str


@dataclass(frozen=True)
class ShownReading:
    """What a text says as an address. `line` is what to show for it, `given` the text where that is written otherwise.

    `remark` is what was not understood; `further` are more addresses of the same text, in one spelling. `region` is
    known also where only a town of one region or a postcode is named.
    """

    line: str
    given: str
    understood: str
    remark: str
    parts: list[ShownPart]
    assumed: list[str]
    further: list[str]
    region: str = ""

    @property
    def is_address(self) -> bool:
        return self.understood != AddressReading.Understood.NOT

    @property
    def is_whole(self) -> bool:
        return self.understood == AddressReading.Understood.WHOLE

    @property
    def has_house(self) -> bool:
        """Whether it names a house, which then has a page."""
        return any(
            part.label in (LABELS["house"], LABELS["block"], LABELS["building"]) for part in self.parts
        )

    @property
    def words(self) -> str:
        """How well it was understood."""
        return str(AddressReading.Understood(self.understood).label)


def reading_of(text: str, learned: Learned = NOTHING_LEARNED) -> ShownReading:
    """One spelling of the text where it was understood; the text itself where somebody should look at it."""
    written = parse(text)
    parsed = corrected(written, learned)
    understood = how_well(parsed)
    line = canonical(parsed) if understood == AddressReading.Understood.WHOLE else text
    return ShownReading(
        line=line,
        given="" if line == text else text,
        understood=understood,
        remark=parsed.rest if parsed.is_address else "",
        parts=_parts(parsed) if parsed.is_address else [],
        assumed=[
            *_told_by_team(written, parsed),
            *dict.fromkeys(each.sentence for each in parsed.assumptions),
        ],
        further=[canonical(each) for each in parsed.further],
        region=region_or_postcode(parsed) if parsed.is_address else "",
    )


def _told_by_team(written: ParsedAddress, parsed: ParsedAddress) -> list[str]:
    if parsed is written:
        return []
    street = canonical(ParsedAddress("", street_type=parsed.street_type, street=parsed.street or parsed.area))
    return [_("Your team reads this street as “%(street)s”.") % {"street": street}]


def _parts(parsed: ParsedAddress) -> list[ShownPart]:
    return [_shown(parsed, field, value) for field in LABELS if (value := getattr(parsed, field))]


def _shown(parsed: ParsedAddress, field: str, value: str) -> ShownPart:
    part = parsed.part(field)
    sure = part.confidence if part else LIKELY  # taken from elsewhere in the text
    tone, words = _doubt(sure)
    given = parsed.text[part.start : part.end] if part else ""
    if field in _TYPED and (kind := getattr(parsed, f"{field}_type")):
        typed = ParsedAddress("", **{field: value, f"{field}_type": kind})
        return ShownPart(LABELS[field], canonical(typed), tone, words, given)
    return ShownPart(LABELS[field], value, tone, words, given)


def _doubt(sure: float) -> tuple[str, str]:
    if sure >= SURE:
        return "", ""
    return ("warn", _("likely")) if sure >= LIKELY else ("stop", _("a guess"))
