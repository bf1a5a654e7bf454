"""What a look-up nearly always needs, in one statement: the function `addresses_seen` of the database.

Its plans are kept by each session, where statements of their own would be planned anew each time, which takes longer
than all the rest. What is asked beyond it (former names, typing errors, many namesakes) are statements of `objects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from veche.addresses.models import Region
from veche.addresses.queries import objects
from veche.addresses.register.answers import Step, Thing

MOST_PARENTS = 40  # streets whose houses are looked at
KEY = 6  # the place of the key in a row of `objects.COLUMNS`
HOUSE = ("id", "guid", "region", "parent_id", "mun_parent_id", "key", "kind", "postcode", "oktmo", "has_flat")


@dataclass(frozen=True)
class Kept:
    """The loaded regions as they were when the register had this stamp."""

    stamp: str
    regions: list[Region]


@dataclass(frozen=True)
class Seen:
    """What is there. `houses` and `steps` are None where there were too many streets to look into."""

    stamp: str
    place_rows: list[list[Any]]
    inside_rows: list[list[Any]]
    houses: list[dict[str, Any]] | None
    parents: frozenset[int]  # whose houses these are
    steps: dict[int, Step]

    def knows(self, places: Sequence[int]) -> bool:
        """Whether what is inside all of these places was looked for."""
        return {row[0] for row in self.place_rows}.issuperset(places)

    def places(self) -> list[Thing]:
        return [Thing(*row) for row in self.place_rows]

    def inside(self) -> list[Thing]:
        return [Thing(*row) for row in self.inside_rows]


_kept = Kept("", [])


def kept_regions(*, anew: bool = False) -> Kept:
    """The loaded regions, read again only when `anew` is asked for, or when there were none."""
    global _kept
    if anew or not _kept.regions:
        with connection.cursor() as sql:
            sql.execute(
                "SELECT concat_ws(' ', count(*), sum(code), max(loaded_at)) AS stamp FROM addresses_region"
            )
            stamp = sql.fetchone()[0]
        _kept = Kept(stamp, objects.loaded_regions())
    return _kept


def see(
    regions: Sequence[int], *, place_key: str, around: Sequence[str], inside_key: str, house_keys: Sequence[str],
    flat: int | None, room: str,
) -> Seen:  # fmt: skip
    """Places with one of these keys, what is called `inside_key` in those called `place_key` (anywhere where that is
    empty), the houses there (in the places where no `inside_key` is asked for), and what lies above."""
    place_keys = dict.fromkeys([place_key, *around]) if place_key else ()
    with connection.cursor() as sql:
        sql.execute(
            "SELECT addresses_seen(string_to_array(%s, ',')::smallint[], string_to_array(%s, chr(10)), %s, %s,"
            " string_to_array(%s, chr(10)), %s::integer, %s, %s)",
            [
                ",".join(map(str, regions)),
                "\n".join(place_keys),
                place_key or None,
                inside_key or None,
                "\n".join(house_keys).replace("\0", ""),
                flat,
                room,
                MOST_PARENTS,
            ],
        )
        stamp, places, inside, houses, steps = orjson.loads(sql.fetchone()[0])
    called = inside if inside_key else [row for row in places or () if row[KEY] == place_key]
    parents = frozenset(row[0] for row in called or ())
    return Seen(
        stamp,
        places or [],
        inside or [],
        [dict(zip(HOUSE, row, strict=True)) for row in houses or ()]
        if len(parents) <= MOST_PARENTS
        else None,
        parents,
        {row[0]: Step(*row) for row in steps or ()},
    )
