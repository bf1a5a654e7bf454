"""All the people behind the address of a list, for whatever is done with all of them at once.

A bulk change, the steps from card to card, an export and a finding ask the same question as the list itself, so that
they mean the same people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from veche.contacts.queries.matching import Sql
from veche.contacts.queries.people_filters import READERS, Filter, is_any, read_filters
from veche.contacts.queries.people_orders import sort_or_usual
from veche.contacts.queries.people_question import DEFAULT_SORT, Question
from veche.contacts.queries.people_walks import counted
from veche.core.actor import Actor
from veche.core.refusal import Refusal

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Found:
    """Whom a list shows, without its pages: within the reach of the actor who asked."""

    question: Question

    @property
    def filters(self) -> list[Filter]:
        return self.question.filters

    @property
    def where(self) -> Sql:
        """The condition on `contacts_contact AS contact`, the viewer's reach within it."""
        return self.question.where

    @property
    def ids(self) -> Sql:
        """A query of their numbers, to stand in `INSERT … SELECT` or `IN (…)`; in no order."""
        return Sql(
            f"SELECT contact.id FROM contacts_contact AS contact WHERE {self.where.text}", self.where.params
        )

    @property
    def ordered_ids(self) -> Sql:
        """The same in the order of the list."""
        return Sql(f"{self.ids.text} ORDER BY {self.question.order}", self.ids.params)

    @property
    def words(self) -> str:
        """The filters for people; empty for the whole base."""
        word = _(" or ") if self.question.any_filter else "; "
        return word.join(f"{each.label}: {each.words}" for each in self.filters)

    def count(self) -> tuple[int, bool]:
        """(how many, whether that is an estimate), as the list itself says it."""
        with transaction.atomic():
            return counted(self.question)

    def exact_count(self) -> int:
        """How many they are, counted to the last; takes as long as that takes."""
        with connection.cursor() as sql:
            sql.execute(f"SELECT count(*) FROM ({self.ids.text}) AS found", self.ids.params)
            return sql.fetchone()[0]

    def usable(self) -> Found:
        """Itself; a `Refusal` when a filter asks for what is not here, or waits for its index.

        Whatever changes people must ask: a list may show nobody, but nothing is done under a filter that isn't meant.
        """
        for each in self.filters:
            if each.waits_for:
                words = _("The filter “%(name)s” is not prepared yet: open the list with it first.")
                raise Refusal("people.filter_waits", words % {"name": each.label})
            if each.unknown:
                words = _("The filter “%(name)s” asks for something that is not here.")
                raise Refusal("people.filter_unknown", words % {"name": each.label})
        return self


def codes_of(filters: Iterable[Filter]) -> tuple[str, ...]:
    """Filters for the ledger: which there were, and ids; never a text that somebody typed."""
    return tuple(
        f"{each.key}:{each.value}"
        if each.key != "q" and each.key in READERS and _CODE.fullmatch(each.value)
        else each.key[:60]
        for each in filters
    )


def found(actor: Actor, query: str | Mapping[str, str]) -> Found:
    """The people of a list by its address: the text after the question mark, or what it was read into."""
    asked = QueryDict(query.removeprefix("?")) if isinstance(query, str) else query
    sort = sort_or_usual(actor, asked.get("sort") or DEFAULT_SORT)
    return Found(Question(actor, read_filters(actor, asked), sort, any_filter=is_any(asked)))
