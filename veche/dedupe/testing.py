"""Makers of what a search finds, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from veche.contacts.models import Contact
from veche.dedupe.actions.storing import store_groups
from veche.dedupe.actions.storing_households import store_households
from veche.dedupe.grouping import Grouped, Likely
from veche.dedupe.kinship import Living
from veche.dedupe.models import Group, Search, SuggestedHousehold
from veche.dedupe.queries.rules import frozen, rules_in_use

CLUES = {"phone": "same_mobile", "given": "same", "surname": "slip"}


def make_group(
    *people: Contact, probability: float = 0.7, certain: bool = False, clues: Mapping[str, str] = CLUES
) -> Group:
    """A group that a search might have found: all of `people` may be one."""
    search = _search()
    ids = sorted(person.pk for person in people)
    pairs = tuple(
        Likely(low, high, probability, clues) for place, low in enumerate(ids) for high in ids[place + 1 :]
    )
    group = Grouped(tuple(ids), certain, pairs)
    store_groups(search, [group])
    return Group.objects.get(mark=group.mark, state=Group.State.OPEN)


def make_suggestion(*people: Contact, reasons: Mapping[str, int] | None = None) -> SuggestedHousehold:
    """A household that a search might have found: all of `people` live together, by default plainly."""
    ids = tuple(sorted(person.pk for person in people))
    living = Living(ids, reasons or {"flat": len(ids), "surname": len(ids)})
    with transaction.atomic():
        store_households(_search(), [living])
    return SuggestedHousehold.objects.get(mark=living.mark)


def _search() -> Search:
    search = Search.objects.filter(state=Search.State.DONE).first()
    return search or Search.objects.create(state=Search.State.DONE, rules=frozen(rules_in_use()))
