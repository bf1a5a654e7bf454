"""Makers of what a search finds, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from veche.contacts.models import Contact
from veche.dedupe.actions.storing import store_groups
from veche.dedupe.grouping import Grouped, Likely
from veche.dedupe.models import Group, Search
from veche.dedupe.queries.rules import frozen, rules_in_use

CLUES = {"phone": "same_mobile", "given": "same", "surname": "slip"}


def make_group(
    *people: Contact, probability: float = 0.7, certain: bool = False, clues: Mapping[str, str] = CLUES
) -> Group:
    """A group that a search might have found: all of `people` may be one."""
    search = Search.objects.filter(state=Search.State.DONE).first()
    search = search or Search.objects.create(state=Search.State.DONE, rules=frozen(rules_in_use()))
    ids = sorted(person.pk for person in people)
    pairs = tuple(
        Likely(low, high, probability, clues) for place, low in enumerate(ids) for high in ids[place + 1 :]
    )
    group = Grouped(tuple(ids), certain, pairs)
    store_groups(search, [group])
    return Group.objects.get(mark=group.mark, state=Group.State.OPEN)
