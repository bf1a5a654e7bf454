"""A postal address for rooms above: read as the team reads its streets, with what it is worth."""

from __future__ import annotations

from typing import NamedTuple

from veche.addresses import ParsedAddress, parse
from veche.contacts.address_texts import Learned, corrected, how_well, region_or_postcode
from veche.contacts.models import AddressReading


class PostalReading(NamedTuple):
    """`is_whole`: nobody has to look at it. `region` is known by a town or a postcode, too."""

    parsed: ParsedAddress
    is_whole: bool
    region: str


def read_postal(text: str, learned: Learned) -> PostalReading:
    """The first address of a text; `learned` comes from `queries.learned_streets`."""
    parsed = corrected(parse(text), learned)
    is_whole = how_well(parsed) == AddressReading.Understood.WHOLE
    return PostalReading(parsed, is_whole, region_or_postcode(parsed) if parsed.is_address else "")
