"""Russian postal addresses: read out of any text, compared by a key, looked up in the state register."""

from veche.addresses.coverage.naming import KIND_PATTERN
from veche.addresses.parsing.columns import (
    house_of,
    number_of,
    street_name_key,
    street_of,
    town_key,
    town_of,
)
from veche.addresses.parsing.comparing import Difference, difference
from veche.addresses.parsing.keys import canonical, flat_key, house_key, name_key, region_of, street_key
from veche.addresses.parsing.parsed import FIELDS, ParsedAddress, Part
from veche.addresses.parsing.reading import parse, parse_all
from veche.addresses.parsing.reasons import Assumption
from veche.addresses.parsing.version import VERSION
from veche.addresses.zones import region_of_postcode, region_zone, regions_where

__all__ = [
    "FIELDS",
    "KIND_PATTERN",
    "VERSION",
    "Assumption",
    "Difference",
    "ParsedAddress",
    "Part",
    "canonical",
    "difference",
    "flat_key",
    "house_key",
    "house_of",
    "name_key",
    "number_of",
    "parse",
    "parse_all",
    "region_of",
    "region_of_postcode",
    "region_zone",
    "regions_where",
    "street_key",
    "street_name_key",
    "street_of",
    "town_key",
    "town_of",
]
