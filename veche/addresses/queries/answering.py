"""Objects and houses that were found → candidates in order, with their texts, paths, codes and reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from veche.addresses.queries import objects
from veche.addresses.register.answers import AMBIGUOUS, FOUND, NOTHING, PARTLY, Answer, Candidate, Step, Thing
from veche.addresses.register.keys import house_key
from veche.addresses.register.parts import Parts
from veche.addresses.register.writing import house_text, joined, named

CLOSE = 0.05  # two readings nearer to each other than this are both told
NO_HOUSE = 0.25
LEVELS = {1: "region", 7: "area", 8: "street", 15: "area", 16: "street"}


def answer(
    parts: Parts, found: list[Thing], houses: dict[int, list[dict]], codes: Sequence[int], *, stops_above: bool,
    limit: int, steps: dict[int, Step],
) -> Answer:  # fmt: skip
    """The answer out of objects and the houses in them; `stops_above`: the street that was asked for isn't there;
    `steps`: what is known already of what lies above."""
    read: list[tuple[float, Thing, dict | None]] = []
    for thing in found:
        of_it = houses.get(thing.id, [])
        best_cost = of_it[0]["cost"] if of_it else 0
        same = [house for house in of_it if house["cost"] == best_cost]
        homes = [house for house in same if house["kind"] in (2, 3)] or same
        for house in homes[:3]:
            read.append(
                (
                    thing.score - house["cost"] + _postal(parts, house["postcode"] or thing.postcode),
                    thing,
                    house,
                )
            )
        if not of_it:
            score = thing.score - (NO_HOUSE if parts.has_house else 0) + _postal(parts, thing.postcode)
            read.append((score, thing, None))
    read.sort(key=lambda each: (-each[0], -each[1].weight))
    if not read:
        return Answer(NOTHING, [])
    read = read[:limit]
    if len(read) > 1 and read[0][2] and not read[1][2]:  # the house stands in one of them only
        close = False
    else:
        close = len(read) > 1 and read[0][0] - read[1][0] < CLOSE
    above = {i for _s, thing, _h in read for i in _all_ids(thing)}
    known = steps if above <= steps.keys() else objects.steps(above, codes)
    candidates = [_candidate(parts, score, thing, house, known, stops_above) for score, thing, house in read]
    if not close:
        candidates = [each for each in candidates if candidates[0].score - each.score < 0.3]
    status = _status(parts, candidates[0], close, stops_above)
    reason = _("Several places fit equally well: choose one.") if status == AMBIGUOUS else ""
    return Answer(status, candidates, reason)


def _status(parts: Parts, best: Candidate, close: bool, stops_above: bool) -> str:
    if close:
        return AMBIGUOUS
    complete = not stops_above and best.house_exists is not False and best.flat_exists is not False
    return FOUND if complete else PARTLY


def _postal(parts: Parts, postcode: int | None) -> float:
    """A postcode that agrees decides between namesakes; one that doesn't is often just old."""
    if not parts.postcode or not postcode:
        return 0.0
    return 0.0 if f"{postcode:06}" == parts.postcode else -0.06


def _all_ids(thing: Thing) -> list[int]:
    return [*thing.path, *thing.mun_path, thing.id]


def _candidate(
    parts: Parts, score: float, thing: Thing, house: dict[str, Any] | None, known: dict[int, Step], stops_above: bool
) -> Candidate:  # fmt: skip
    adm = [known[i] for i in (*thing.path, thing.id) if i in known]
    mun = [known[i] for i in (*thing.mun_path, thing.id) if i in known]
    reasons = list(thing.reasons)
    flat_exists = None
    if house:
        if house["cost"]:
            said = {"text": house_text(house["key"], house["kind"])}
            reasons.append(_("The register writes the house as %(text)s.") % said)
        if parts.flat:
            flat_exists = house["has_flat"]
            if flat_exists is False:
                reasons.append(_("The house has no flat or room %(flat)s.") % {"flat": parts.flat})
    elif parts.has_house and not stops_above:
        reasons.append(missing_house(parts, thing))
    postcode = (house and house["postcode"]) or thing.postcode
    if parts.postcode and postcode and f"{postcode:06}" != parts.postcode:
        said = {"found": f"{postcode:06}", "written": parts.postcode}
        reasons.append(_("The postcode is %(found)s, not %(written)s.") % said)
    oktmo = (house and house["oktmo"]) or thing.oktmo or thing.mun_oktmo
    text = joined(
        [
            *(named(step.type, step.name) for step in adm),
            house_text(house["key"], house["kind"]) if house else "",
        ]
    )
    level = "house" if house else LEVELS.get(thing.level, "place")
    return Candidate(
        level="flat" if flat_exists else level, object_id=house["id"] if house else thing.id,
        guid=str(house["guid"] if house else thing.guid), score=round(max(score, 0.0), 3),
        text=joined([text, f"кв. {parts.flat}" if flat_exists else ""]),
        postcode=f"{postcode:06}" if postcode else "", oktmo=str(oktmo or ""), adm_path=adm, mun_path=mun,
        house_exists=bool(house) if parts.has_house else None, flat_exists=flat_exists, reasons=reasons,
        street_id=thing.id,
    )  # fmt: skip


def missing_house(parts: Parts, thing: Thing) -> str:
    """Why there is no house, with the numbers that are nearly the same."""
    written = house_text(house_key(parts.house, parts.block, parts.building, parts.letter))
    digits = re.match(r"\d+", parts.house.strip())
    near = objects.numbers_like(thing.id, digits[0], thing.region) if digits else []
    near = [key for key in near if re.match(r"\d+", key)[0] == digits[0]]
    said = {
        "house": written,
        "street": named(thing.type, thing.name),
        "near": "; ".join(map(house_text, near)),
    }
    if near:
        return _("The register has no %(house)s in %(street)s; there is: %(near)s.") % said
    return _("The register has no %(house)s in %(street)s.") % said
