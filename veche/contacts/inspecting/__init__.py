"""What is wrong with what we know of somebody: pure functions, without the database.

`inspect(person)` gives every finding with, where it is sure, the fix. The same function serves the pass over the whole
base, the re-check after an edit, the examples on the page and the fix itself, so that they can never disagree. One
finding is not seen from a person alone, "one phone at many people": that one is made in sets (`actions/inspecting.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from veche.contacts.inspecting.days import inspect_days
from veche.contacts.inspecting.facts import Facts, Fix, Found, Point, mark_of
from veche.contacts.inspecting.kinds import FINDINGS, GROUPS, FindingKind
from veche.contacts.inspecting.letters import inspect_letters
from veche.contacts.inspecting.naming import inspect_name
from veche.contacts.inspecting.reach import inspect_reach

__all__ = ["FINDINGS", "GROUPS", "Facts", "FindingKind", "Fix", "Found", "Point", "inspect", "mark_of"]


def inspect(person: Facts) -> list[Found]:
    """All findings about one person or organisation, in the order of `FINDINGS`; nothing for one who is removed."""
    return [] if person.is_removed else list(_all(person))


def _all(person: Facts) -> Iterator[Found]:
    yield from inspect_reach(person)
    yield from inspect_days(person)
    if person.kind == "person":
        yield from inspect_letters(person) or inspect_name(person)
