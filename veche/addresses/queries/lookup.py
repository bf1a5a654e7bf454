"""The parts of an address → what the register knows of it.

From the top down: regions, then the town or village, then the street or area in it, then the house; each step takes
what is written so, else what was called so once, else what is nearly written so. What doesn't fit costs score, and
every cost has its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from veche.addresses.models import Region
from veche.addresses.queries import objects
from veche.addresses.queries.answering import answer
from veche.addresses.queries.seeing import Seen, kept_regions, see
from veche.addresses.register.answers import NOTHING, Answer, Thing
from veche.addresses.register.keys import district_key, flat_number, name_key, region_key
from veche.addresses.register.numbers import variants
from veche.addresses.register.parts import Parts

MOST_STREETS = 40
Types = dict[tuple[int, str], str]  # (level, short form) → the type in full


def find(parts: Parts, *, limit: int = 5) -> Answer:
    """What the register has for these parts; at most `limit` candidates, best first."""
    kept = kept_regions()
    regions = _regions(parts, kept.regions)
    seen = _see(parts, regions) if regions else None
    if seen is None or seen.stamp != kept.stamp:  # something was loaded meanwhile
        kept = kept_regions(anew=True)
        regions = _regions(parts, kept.regions)
        seen = _see(parts, regions) if regions else None
    if not kept.regions:
        return Answer(NOTHING, [], _("No region of the register is loaded."))
    if seen is None:
        said = {"region": parts.region, "loaded": ", ".join(str(each) for each in kept.regions[:8])}
        return Answer(NOTHING, [], _("“%(region)s” is not among the loaded regions: %(loaded)s.") % said)
    return _found(parts, regions, objects.full_types(kept.regions), seen, limit)


def _see(parts: Parts, regions: list[Region]) -> Seen:
    name = _place_named(parts, regions)
    return see(
        [region.code for region in regions], place_key=name_key(name) if name else "", around=_around(parts),
        inside_key=name_key(parts.street or parts.area), house_keys=list(_numbers(parts)),
        flat=flat_number(parts.flat), room=_room(parts),
    )  # fmt: skip


def _found(parts: Parts, regions: list[Region], types: Types, seen: Seen, limit: int) -> Answer:
    codes = [region.code for region in regions]
    places = _places(parts, regions, codes, types, seen)
    if places is not None and not places:
        said = {"place": parts.settlement or parts.city}
        return Answer(NOTHING, [], _("The register knows no place called “%(place)s” there.") % said)
    if parts.street or parts.area:
        found = _inside(parts, regions, codes, places, types, seen)
        if not found:
            if not places:
                return Answer(NOTHING, [], _nothing_inside(parts))
            for place in places:
                place.reasons.append(_nothing_inside(parts))
                place.score -= 0.4
            return answer(parts, places[:limit], {}, codes, stops_above=True, limit=limit, steps=seen.steps)
    else:
        found = (
            places
            if places is not None
            else objects.by_ids([r.object_id for r in regions if r.object_id], codes)
        )
    found = sorted(found, key=lambda thing: -thing.score)[:MOST_STREETS]
    houses = _houses(parts, found, codes, seen)
    return answer(parts, found, houses, codes, stops_above=False, limit=limit, steps=seen.steps)


def _nothing_inside(parts: Parts) -> str:
    return _("The register knows no street or area called “%(street)s” there.") % {
        "street": parts.street or parts.area
    }


def _regions(parts: Parts, loaded: list[Region]) -> list[Region]:
    """The loaded regions that are meant: all when none is named. Moscow may stand in the field of the city."""
    keys = {region.code: set(region_key(region.name).split()) for region in loaded}
    for name in filter(None, (parts.region, parts.city)):
        asked = set(region_key(name).split())
        named = [each for each in loaded if asked and (asked <= keys[each.code] or keys[each.code] <= asked)]
        if name == parts.region or named:
            if name == parts.city:
                named = [each for each in named if each.type.lower().startswith("г")]
            if name == parts.region or named:
                return named
    return loaded


def _place_named(parts: Parts, regions: list[Region]) -> str:
    """The town or village that is named; "" where none is, or where it is the region itself."""
    name = parts.settlement or parts.city
    itself = not parts.settlement and any(region_key(name) == region_key(each.name) for each in regions)
    return "" if itself else name


def _around(parts: Parts) -> list[str]:
    """The keys of the town and the district around a village."""
    around = [name_key(parts.city)] if parts.settlement and parts.city else []
    return around + ([district_key(parts.district)] if parts.district else [])


def _places(
    parts: Parts, regions: list[Region], codes: Sequence[int], types: Types, seen: Seen
) -> list[Thing] | None:
    """The towns and villages that are meant, scored; None when no place is named (or it is the region itself)."""
    name = _place_named(parts, regions)
    if not name:
        return None
    key, around = name_key(name), _around(parts)
    called = seen.places()
    places = [each for each in called if each.key == key] or objects.places_called([key], codes, once=True)
    places = [each for each in places if each.level >= 4] or places
    above = {each.id for each in called if each.key in around}
    if not places:
        places = objects.places_like(key, codes)
        for place in places:
            _misspelt(place, name)
    for place in places:
        _renamed(place)
        if not place.active:
            place.score -= 0.3
            place.reasons.append(_("The register says that %(name)s is no more.") % {"name": place.name})
        if around and not above.intersection(place.path + place.mun_path):
            place.score -= 0.15
            where = parts.district or parts.city
            place.reasons.append(
                _("%(name)s does not lie in “%(where)s”.") % {"name": place.name, "where": where}
            )
        if parts.settlement_type or parts.city:
            _typed(place, parts.settlement_type if parts.settlement else "город", types)
    return sorted(places, key=lambda place: (-place.score, -place.weight))[:12]


def _inside(
    parts: Parts, regions: list[Region], codes: Sequence[int], places: list[Thing] | None, types: Types,
    seen: Seen,
) -> list[Thing]:  # fmt: skip
    """The streets (or areas, where no street is named) that are meant, scored."""
    name, kind = (parts.street, parts.street_type) if parts.street else (parts.area, parts.area_type)
    key = name_key(name)
    ids = [place.id for place in places] if places is not None else None
    found = [each for each in seen.inside() if ids is None or each.place_id in ids]
    if not found and ids and not seen.knows(ids):
        found = objects.inside_called([key], codes, ids)
    found = found or objects.inside_called([key], codes, ids, once=True)
    if not found and ids:  # in a village that belongs to the town
        below = objects.inside_called([key], codes, None)
        found = [each for each in below if set(ids).intersection(each.path + each.mun_path)]
        for each in found:
            each.score -= 0.1
    if not found and (roots := ids or [each.object_id for each in regions if each.object_id]):
        found = objects.inside_like(key, codes, roots)
        for each in found:
            _misspelt(each, name)
    _judge(parts, found, places or [], kind, codes, types)
    return found


def _judge(
    parts: Parts, found: list[Thing], places: list[Thing], kind: str, codes: Sequence[int], types: Types
) -> None:  # fmt: skip
    by_id = {place.id: place for place in places}
    areas: set[int] = set()
    if parts.street and parts.area and found:
        areas = {
            each.id for each in objects.inside_called([name_key(parts.area)], codes, list(by_id) or None)
        }
    districts: set[int] = set()
    if parts.district and not places and found:
        districts = {each.id for each in objects.places_called([district_key(parts.district)], codes)}
    for each in found:
        place = by_id.get(each.place_id or 0)
        if place:
            each.score -= 1 - place.score
            each.reasons = [*place.reasons, *each.reasons]
        _renamed(each)
        _typed(each, kind, types)
        if not each.active:
            each.score -= 0.3
            each.reasons.append(_("The register says that %(name)s is no more.") % {"name": each.name})
        if parts.street and parts.area and not areas.intersection(each.path):
            each.score -= 0.05
        if parts.district and not places and not districts.intersection(each.path + each.mun_path):
            each.score -= 0.15


def _misspelt(thing: Thing, written: str) -> None:
    thing.score -= 0.1 + 0.4 * (1 - thing.likeness)
    thing.reasons.append(
        _("“%(written)s” was read as “%(name)s”.") % {"written": written, "name": thing.name}
    )


def _renamed(thing: Thing) -> None:
    if thing.former:
        thing.score -= 0.04
        thing.reasons.append(
            _("“%(former)s” is called “%(name)s” now.") % {"former": thing.former, "name": thing.name}
        )


def _typed(thing: Thing, wanted: str, types: Types) -> None:
    """A street where an avenue was asked for is another, unless nothing else is called so."""
    if not wanted:
        return
    full = types.get((thing.level, thing.type.lower()), thing.type.lower())
    wanted = wanted.lower().replace("ё", "е")
    if wanted not in full and full not in wanted and wanted != thing.type.lower():
        thing.score -= 0.12
        thing.reasons.append(
            _("It is written as “%(wanted)s”, and the register has “%(type)s”.")
            % {"wanted": wanted, "type": thing.type}
        )


def _numbers(parts: Parts) -> dict[str, float]:
    return variants(parts.house, parts.block, parts.building, parts.letter) if parts.has_house else {}


def _room(parts: Parts) -> str:
    return parts.flat.replace("\0", "").strip().upper()


def _houses(parts: Parts, found: list[Thing], codes: Sequence[int], seen: Seen) -> dict[int, list[dict]]:
    """Houses by the object they stand in, each with the cost of how its number was read."""
    if not parts.has_house or not found:
        return {}
    read, ids = _numbers(parts), {each.id for each in found}
    if seen.houses is not None and ids <= seen.parents:
        rows = [row for row in seen.houses if row["parent_id"] in ids]
    else:
        rows = objects.houses(list(ids), list(read), codes, flat_number(parts.flat), _room(parts))
    by_parent: dict[int, list[dict]] = {}
    for row in rows:
        row["cost"] = read[row["key"]]
        by_parent.setdefault(row["parent_id"], []).append(row)
    for houses in by_parent.values():
        houses.sort(key=lambda row: (row["cost"], row["kind"] not in (2, 3), row["kind"] != 2, row["id"]))
    return by_parent
