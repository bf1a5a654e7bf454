"""One cell, three values: what it was when it went down, what the file says, what the base says now.

Only what the user changed is ever written. Cells with several values are patched: what was added is added, what was
taken out is taken out, and what others have added meanwhile stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from veche.exchange.bridge.columns import BridgeColumn
from veche.exchange.bridge.values import Shown, key, key_of_piece, same

CHANGE, CONFLICT = "change", "conflict"


@dataclass(frozen=True)
class Patch:
    """What a cell with several values gains and loses."""

    add: list[str]
    take: list[str]


def judge(
    column: BridgeColumn, was: Shown | None, yours: Shown, now: Shown, *, years: tuple[int, int] = (0, 0)
) -> str | None:
    """`CHANGE`, `CONFLICT`, or None when there is nothing to write. `was` is None when it is no longer known."""
    if was is None:
        return None if same(column, now, yours, years=years) else CONFLICT
    if same(column, was, yours, years=years) or same(column, now, yours, years=years):
        return None
    if column.is_many:
        return _judge_set(column, was, yours, now)
    return CHANGE if key(column, was) == key(column, now) else CONFLICT


def _judge_set(column: BridgeColumn, was: Shown, yours: Shown, now: Shown) -> str | None:
    due = patch(column, was, yours, now)
    if not due.add and not due.take:
        return None
    before, asked, held = key(column, was), key(column, yours), key(column, now)
    both_replaced = (before - asked) & (before - held) and due.add
    return CONFLICT if both_replaced else CHANGE


def patch(column: BridgeColumn, was: Shown | None, yours: Shown, now: Shown) -> Patch:
    """What has to be added to `now` and taken from it. Values whose download is not known are replaced by yours."""
    before = {key_of_piece(column, each) for each in (now if was is None else was)}
    asked = {key_of_piece(column, each) for each in yours}
    held = {key_of_piece(column, each) for each in now}
    return Patch(
        add=[each for each in yours if key_of_piece(column, each) not in before | held],
        take=[each for each in now if key_of_piece(column, each) in before - asked],
    )


def result(column: BridgeColumn, was: Shown | None, yours: Shown, now: Shown) -> Shown:
    """What the cell will hold once yours is accepted."""
    if not column.is_many:
        return yours
    due = patch(column, was, yours, now)
    gone = set(due.take)
    return [each for each in now if each not in gone] + due.add
