"""Where a house stands, from a Nominatim server: off until `VECHE_GEOCODER` names one."""

from veche.gateways.geocoding.client import (
    ATTRIBUTION,
    HouseAddress,
    Spot,
    Trouble,
    find_house,
    is_on,
    may_ask_in_bulk,
)

__all__ = ["ATTRIBUTION", "HouseAddress", "Spot", "Trouble", "find_house", "is_on", "may_ask_in_bulk"]
