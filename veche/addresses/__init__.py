"""Russian postal addresses: read out of any text, compared by a key, looked up in the state register."""

from veche.addresses.parsing.parsed import FIELDS, ParsedAddress, Part
from veche.addresses.parsing.reading import parse, parse_all
from veche.addresses.parsing.reasons import Assumption

__all__ = ["FIELDS", "Assumption", "ParsedAddress", "Part", "parse", "parse_all"]
