"""The search of Nominatim, structured form: https://nominatim.org/release-docs/latest/api/Search/

One question at a time in this process, no more a second than is set. An answer counts only where it is about a house
of the number that was asked for; the middle of its street is no answer. The server is not trusted beyond that: it may
not send us to another one, who would learn the address, nor keep us waiting or reading without end.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

PUBLIC = "nominatim.openstreetmap.org"  # one question a second for everybody, and nothing in bulk
ATTRIBUTION = "© OpenStreetMap contributors"
SECONDS = 10  # of silence before an answer, and for the whole of its body
LARGEST = 1_000_000  # bytes of one answer
PIECE = 65_536
_TURN = threading.Lock()
_last = [0.0]
_WORDS = re.compile(r"(корпус|корп|к(?=\d))|(строение|стр|с(?=\d))|(литера|лит)|дом|д(?=\d)|[^0-9a-zа-я/]")


class Trouble(Exception):
    """The service does not answer as it should. `code` is short and stable: busy, refused, unreachable, nonsense."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code


@dataclass(frozen=True)
class HouseAddress:
    """What is asked: words as they are written on an envelope."""

    number: str
    street: str = ""
    town: str = ""
    region: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a house stands, with six digits after the point."""

    latitude: Decimal
    longitude: Decimal


def is_on() -> bool:
    """Whether the operator has named a server."""
    return bool(settings.VECHE_GEOCODER)


def may_ask_in_bulk() -> bool:
    """Whether many houses may be asked for: not from the public server of OpenStreetMap, whose policy forbids it."""
    return is_on() and urlsplit(settings.VECHE_GEOCODER).hostname != PUBLIC


def find_house(address: HouseAddress) -> Spot | None:
    """Where the house stands; None where the service knows no such house. Raises `Trouble`."""
    if not is_on():
        raise Trouble("refused", "no server is set")
    for found in _ask(_question(address)):
        if spot := _spot(found, address.number):
            return spot
    return None


def _question(address: HouseAddress) -> str:
    asked = {
        "street": f"{address.number} {address.street or address.town}",
        "city": address.town,
        "state": address.region if address.region != address.town else "",
        "countrycodes": "ru",
        "format": "jsonv2",
        "addressdetails": "1",
        "limit": "5",
        "accept-language": "ru",
    }
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{settings.VECHE_GEOCODER}/search?{query}"


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an error like any other status."""

    def redirect_request(self, *args: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_StayHere)


def _ask(url: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(url, headers={"User-Agent": f"Veche ({settings.VECHE_URL})"})
    with _TURN:
        _wait()
        try:
            with _OPENER.open(request, timeout=SECONDS) as answer:
                body = _body(answer)
        except urllib.error.HTTPError as error:
            with error:
                busy = error.code in (429, 503)
            raise Trouble("busy" if busy else "refused", f"status {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise Trouble("unreachable", type(error).__name__) from error
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:  # the second for brackets in brackets
        raise Trouble("nonsense", "no JSON") from error
    if not isinstance(found, list):
        raise Trouble("nonsense", "no list")
    return [each for each in found if isinstance(each, dict)]


def _body(answer: http.client.HTTPResponse) -> bytes:
    """What is read in time and is not too long; `TimeoutError` where the answer comes drop by drop."""
    until, body = time.monotonic() + SECONDS, b""
    while len(body) <= LARGEST and (piece := answer.read1(PIECE)):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    return body[:LARGEST]


def _wait() -> None:
    """Until it is our turn again."""
    pause = _last[0] + 1 / settings.VECHE_GEOCODER_PER_SECOND - time.monotonic()
    if pause > 0:
        time.sleep(pause)
    _last[0] = time.monotonic()


def _spot(found: dict[str, Any], number: str) -> Spot | None:
    address = found.get("address")
    told = str(address.get("house_number", "")) if isinstance(address, dict) else ""
    if not told or _bare(told) != _bare(number):
        return None
    try:
        latitude, longitude = (
            Decimal(str(found[key])).quantize(Decimal("0.000001")) for key in ("lat", "lon")
        )
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise Trouble("nonsense", "no coordinates")
    except (KeyError, InvalidOperation) as error:
        raise Trouble("nonsense", "no coordinates") from error
    return Spot(latitude, longitude)


def _bare(number: str) -> str:
    """A number of a house as it is compared: «12А к3», «12а, корпус 3» and «12А к. 3» are one."""
    return _WORDS.sub(_sign, "".join(number.casefold().replace("ё", "е").split()))


def _sign(found: re.Match[str]) -> str:
    return next((sign for sign, word in zip("ксл", found.groups(), strict=True) if word), "")
