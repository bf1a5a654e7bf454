"""Address objects and houses by their keys: the few statements that look-ups and suggestions are made of.

Regions are always given as numbers in the statement, so that PostgreSQL looks into their partitions only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from veche.addresses.models import Region, Word
from veche.addresses.models.register import WITHIN_PLACES
from veche.addresses.register.answers import Step, Thing

COLUMNS = (
    "o.id, o.guid, o.region, o.level, o.type, o.name, o.key, o.place_id, o.path, o.mun_path, o.postcode, o.oktmo,"
    " o.mun_oktmo, o.active, o.weight"
)
INSIDE = f"o.level IN {WITHIN_PLACES}"
LIKE_ENOUGH = 0.4  # of trigrams
NEARLY_AS_LONG = 3  # letters


def things(statement: str, params: Sequence[Any]) -> list[Thing]:
    """Objects selected as `COLUMNS`, and then perhaps the former name and the likeness."""
    with connection.cursor() as sql:
        sql.execute(statement, params)
        return [Thing(*row) for row in sql.fetchall()]


def places_called(keys: Sequence[str], regions: Sequence[int], *, once: bool = False) -> list[Thing]:
    """Regions, districts, towns and villages with one of these keys; `once`: that were called so before."""
    return _called(keys, regions, f"NOT {INSIDE}", "true", {}, once=once) if keys else []


def places_like(key: str, regions: Sequence[int]) -> list[Thing]:
    """Towns and villages whose key is nearly this one, the likest first."""
    return things(
        f"SELECT {COLUMNS}, '', similarity(o.key, %(key)s) AS likeness FROM addresses_object AS o"
        f" WHERE o.region = ANY(%(regions)s) AND o.key %% %(key)s AND NOT {INSIDE} AND o.active"
        f" AND similarity(o.key, %(key)s) >= {LIKE_ENOUGH} ORDER BY likeness DESC, o.weight DESC LIMIT 8",
        {"regions": list(regions), "key": key},
    )


def inside_called(
    keys: Sequence[str], regions: Sequence[int], places: Sequence[int] | None, *, once: bool = False
) -> list[Thing]:
    """Streets and areas with one of these keys: right in one of `places`, or anywhere when that is None."""
    in_places = "true" if places is None else "t.place_id = ANY(%(places)s)"
    return _called(keys, regions, INSIDE, in_places, {"places": list(places or ())}, once=once)


def _called(
    keys: Sequence[str], regions: Sequence[int], levels: str, where: str, given: dict[str, Any], *, once: bool
) -> list[Thing]:  # fmt: skip
    """By the names of now, which takes one table; by former names two."""
    params = {**given, "regions": list(regions), "keys": list(keys)}
    if not once:
        return things(
            f"SELECT {COLUMNS}, '' FROM addresses_object AS o WHERE o.region = ANY(%(regions)s)"
            f" AND o.key = ANY(%(keys)s) AND {levels} AND {where.replace('t.', 'o.')} LIMIT 300",
            params,
        )
    return things(
        f"SELECT {COLUMNS}, a.name FROM addresses_alias AS a JOIN addresses_object AS o ON o.id = a.object_id"
        " AND o.region = a.region WHERE a.region = ANY(%(regions)s) AND a.key = ANY(%(keys)s) AND a.old"
        f" AND {levels} AND {where.replace('t.', 'a.')} LIMIT 300",
        params,
    )


def inside_like(key: str, regions: Sequence[int], places: Sequence[int]) -> list[Thing]:
    """Streets and areas of these places whose key is nearly this one, the likest first."""
    return things(  # the likeness costs most: reckoned once, and only for keys that are nearly as long
        f"WITH o AS MATERIALIZED (SELECT {COLUMNS}, '', similarity(o.key, %(key)s) AS likeness"
        f" FROM addresses_object AS o WHERE o.region = ANY(%(regions)s) AND o.place_id = ANY(%(places)s) AND {INSIDE}"
        f" AND o.active AND length(o.key) BETWEEN {len(key) - NEARLY_AS_LONG} AND {len(key) + NEARLY_AS_LONG})"
        f" SELECT * FROM o WHERE likeness >= {LIKE_ENOUGH} ORDER BY likeness DESC, weight DESC LIMIT 5",
        {"regions": list(regions), "key": key, "places": list(places)},
    )


def by_ids(ids: Iterable[int], regions: Sequence[int]) -> list[Thing]:
    return things(
        f"SELECT {COLUMNS} FROM addresses_object AS o WHERE o.region = ANY(%s) AND o.id = ANY(%s)",
        [list(regions), list(ids)],
    )


def steps(ids: Iterable[int], regions: Sequence[int]) -> dict[int, Step]:
    """Objects by id, as steps of a path."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id, level, type, name FROM addresses_object WHERE region = ANY(%s) AND id = ANY(%s)",
            [list(regions), list(ids)],
        )
        return {row[0]: Step(*row) for row in sql.fetchall()}


def houses(
    parents: Sequence[int], keys: Sequence[str], regions: Sequence[int], flat: int | None, room: str
) -> list[dict[str, Any]]:  # fmt: skip
    """Houses with one of these keys in one of these streets; `has_flat` is None where no flats are known."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id, guid, region, parent_id, mun_parent_id, key, kind, postcode, oktmo,"
            " CASE WHEN flats IS NULL AND rooms IS NULL THEN NULL"
            " ELSE coalesce(flats @> %(flat)s::int, false)"
            " OR coalesce((SELECT bool_or(split_part(r, ':', 2) = %(room)s) FROM unnest(rooms) AS r), false)"
            " END AS has_flat"
            " FROM addresses_house WHERE region = ANY(%(regions)s) AND parent_id = ANY(%(parents)s)"
            " AND key = ANY(%(keys)s) LIMIT 100",
            {
                "flat": flat,
                "room": room,
                "regions": list(regions),
                "parents": list(parents),
                "keys": list(keys),
            },
        )
        names = [column.name for column in sql.description]
        return [dict(zip(names, row, strict=True)) for row in sql.fetchall()]


def numbers_like(parent: int, beginning: str, region: int) -> list[str]:
    """Up to six keys of houses in a street that begin so, in their order."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT DISTINCT key FROM addresses_house WHERE region = %s AND parent_id = %s AND key LIKE %s"
            " ORDER BY key LIMIT 6",
            [region, parent, beginning + "%"],
        )
        return [key for (key,) in sql.fetchall()]


def loaded_regions() -> list[Region]:
    """Those that the register holds, in a statement of its own: every look-up begins with it."""
    names = ("code", "object_id", "name", "type", "version", "loaded_at")
    with connection.cursor() as sql:
        sql.execute(f"SELECT {', '.join(names)} FROM addresses_region ORDER BY code")
        return [Region(**dict(zip(names, row, strict=True))) for row in sql.fetchall()]


def full_types(loaded: Sequence[Region]) -> dict[tuple[int, str], str]:
    """(level, short form in lower case) → the type in full, in lower case; read anew after each load of a region."""
    return _full_types(tuple((region.code, region.loaded_at) for region in loaded))


@lru_cache(maxsize=2)
def _full_types(_loaded: tuple[Any, ...]) -> dict[tuple[int, str], str]:
    found = Word.objects.filter(vocabulary=Word.Vocabulary.OBJECT).values_list("level", "short", "name")
    return {(level or 0, short.lower()): name.lower().replace("ё", "е") for level, short, name in found}
