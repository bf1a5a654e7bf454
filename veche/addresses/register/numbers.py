"""The ways in which one house is numbered: with a letter glued or not, 12/5 for 12 корп. 5, a block as a building."""

from __future__ import annotations

import re

from veche.addresses.register.keys import house_key, split_house

LETTERED = re.compile(r"(\d+(?:/\d+)?)([А-Я])")
SLASHED = re.compile(r"(\d+[А-Я]?)/(\d+[А-Я]?)")


def variants(number: str, block: str, building: str, letter: str) -> dict[str, float]:
    """Keys under which the register may have the house, each with its cost: 0 for what is written, then more."""
    written = house_key(number, block, building, letter)
    n, b, s, last = split_house(written)
    others: list[tuple[str, str, str, str]] = []
    if last and not n.endswith(last):
        others.append((n + last, b, s, ""))
    if match := LETTERED.fullmatch(n):
        others.append((match[1], b, s, match[2]))
    if bool(b) != bool(s):
        others.append((n, s, b, last))
    if b and n and not s:
        others.append((f"{n}/{b}", "", "", last))
    if match := SLASHED.fullmatch(n):
        others += [(match[1], match[2], s, last)] if not b else []
    if not n and (b or s):
        others.append((b or s, "", s if b else "", last))
    if n and not b and not s:
        others += [("", "", n, last), ("", n, "", last)]
    found = {written: 0.0}
    for at, other in enumerate(others, 1):
        found.setdefault(house_key(*other), 0.04 + 0.01 * at)
    return found
