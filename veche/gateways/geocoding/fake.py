"""A stand-in that speaks Nominatim's search on this machine: for tests, and to try the product out without the net.

with FakeGeocoder({"5 ул. Мира": ("56.857", "35.912")}) as fake:
    settings.VECHE_GEOCODER = fake.url
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FakeGeocoder:
    """Knows the houses it is given by the field `street` of a question; `asked` are the questions, in order.

    `status` other than 200 is what it answers to everything, `to` the place where a redirect leads; `body` is sent as
    it is, by letters with `pause` seconds between them.
    """

    def __init__(
        self,
        houses: Mapping[str, tuple[str, str]] | None = None,
        *,
        status: int = 200,
        body: str = "",
        to: str = "",
        pause: float = 0,
    ):
        self.houses, self.status, self.body = dict(houses or {}), status, body
        self.asked: list[dict[str, str]] = []
        self.agents: list[str] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
                fake.asked.append(asked)
                fake.agents.append(self.headers.get("User-Agent", ""))
                body = (fake.body or json.dumps(fake.answer(asked))).encode()
                self.send_response(fake.status if parts.path == "/search" else 404)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if to:
                    self.send_header("Location", to)
                self.end_headers()
                with suppress(ConnectionError):  # whoever asks may have had enough
                    for at in range(0, len(body), 1 if pause else len(body)):
                        self.wfile.write(body[at : at + 1] if pause else body)
                        time.sleep(pause)

            def log_message(self, *args: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        """What Nominatim answers in the format jsonv2: a house, else the middle of the street that it knows."""
        street = asked.get("street", "")
        number, _space, road = street.partition(" ")
        middle = {"place_rank": 26, "lat": "56.0", "lon": "35.0", "address": {"road": road}}
        if street not in self.houses:
            return [middle] if any(known.endswith(road) for known in self.houses) else []
        latitude, longitude = self.houses[street]
        house = {"road": road, "house_number": number}
        return [middle, {"place_rank": 30, "lat": latitude, "lon": longitude, "address": house}]

    def __enter__(self) -> FakeGeocoder:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
