"""From card to card along the list that somebody came from, by key: nobody is counted off, however far in he stands.

A stretch of the list, `PAGE` people either way, is taken when a card is opened from it and kept by the view: an edit
moves nobody under the reader's hands, and a step costs one look at who of the stretch may still be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from veche.contacts.models import Contact
from veche.contacts.queries.matching import all_of
from veche.contacts.queries.people import answered, key_of
from veche.contacts.queries.people_found import found
from veche.contacts.queries.people_orders import sort_of_many
from veche.contacts.queries.people_question import SORTS, Question
from veche.contacts.queries.people_walks import EXACT, PAGE, base_size
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor


@dataclass(frozen=True)
class Stretch:
    """Part of a list as it was. `first` is the place of its first one, None where that would be a guess."""

    ids: Sequence[int]
    count: int
    estimated: bool
    first: int | None
    has_earlier: bool
    has_later: bool

    def reaches(self, contact_id: int) -> bool:
        """Whether both neighbours of a contact stand in it, as far as he has any."""
        if contact_id not in self.ids:
            return False
        at = self.ids.index(contact_id)
        return (at > 0 or not self.has_earlier) and (at < len(self.ids) - 1 or not self.has_later)


@dataclass(frozen=True)
class Steps:
    """Whom to go to from a card; `place` of `count`, which is a guess when `estimated`."""

    before: int | None
    after: int | None
    place: int | None
    count: int
    estimated: bool


def steps(actor: Actor, contact_id: int, stretch: Stretch) -> Steps:
    """The neighbours of a contact who may be seen: whoever was removed or taken away meanwhile is passed over."""
    at = stretch.ids.index(contact_id)
    seen = set(contacts_for(actor).filter(pk__in=list(stretch.ids)).values_list("pk", flat=True))
    before = next((each for each in reversed(stretch.ids[:at]) if each in seen), None)
    after = next((each for each in stretch.ids[at + 1 :] if each in seen), None)
    place = None if stretch.first is None else stretch.first + at
    return Steps(before, after, place, stretch.count, stretch.estimated)


def stretch_around(actor: Actor, contact: Contact, query: str) -> Stretch:
    """The part of the list at address `query` around a contact that `actor` has looked up."""
    with transaction.atomic():
        total = base_size(actor)
        question = found(actor, query).question
        later = answered(question, key_of(question.sort, contact), "", total)
        if later is None:  # too many to be sorted so: the list itself stands otherwise then
            question = replace(question, sort=SORTS[sort_of_many()])
            later = answered(question, key_of(question.sort, contact), "", total)
        assert later is not None
        count, estimated = later[1:]
        earlier = answered(question, "", key_of(question.sort, contact), total)
        ids_before = earlier[0][:PAGE][::-1] if earlier else []
        has_earlier = bool(earlier and len(earlier[0]) > PAGE)
        return Stretch(
            [*ids_before, contact.pk, *later[0][:PAGE]], count, estimated,
            first=_first(question, contact, len(ids_before), has_earlier, count, estimated),
            has_earlier=has_earlier,
            has_later=len(later[0]) > PAGE,
        )  # fmt: skip


def _first(
    question: Question, contact: Contact, before: int, has_earlier: bool, count: int, estimated: bool
) -> int | None:
    """The place of the stretch's first one: known at the list's beginning and in lists short enough to be counted."""
    if not _asks(question, "contact.id = %s", (contact.pk,)):
        return None  # opened from a list that it is not on any more
    if not has_earlier:
        return 1
    if estimated or count > EXACT:
        return None
    beyond = question.beyond  # the question still looks back from the contact
    return _asks(question, beyond.text, beyond.params) - before + 1


def _asks(question: Question, test: str, params: tuple[Any, ...]) -> int:
    where = all_of([question.where])
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT count(*) FROM contacts_contact AS contact WHERE {where.text} AND {test}",
            (*where.params, *params),
        )
        return sql.fetchone()[0]
