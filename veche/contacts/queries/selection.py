"""Whom somebody has chosen in the list: some people one by one, or all whom its filters show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext as _

from veche.contacts.models import Contact
from veche.contacts.queries.people_found import Found, found
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import Refusal

MOST_PICKED = 5_000  # more are meant by a filter
LARGE = 10_000  # so many are confirmed by typing their number
PAGING = ("after", "before", "page")


@dataclass(frozen=True)
class Selection:
    """`ids` of those picked one by one, or `asked`: the address of the list all of whom are meant."""

    actor: Actor
    ids: tuple[int, ...] | None = None
    asked: str | None = None

    @cached_property
    def found(self) -> Found | None:
        """All whom the list shows; None when they were picked one by one."""
        return None if self.asked is None else found(self.actor, self.asked).usable()

    @cached_property
    def count(self) -> int:
        """How many of them the actor sees now, to the last."""
        if self.found is not None:
            return self.found.exact_count()
        return contacts_for(self.actor).filter(pk__in=self.ids or ()).count()

    @property
    def is_large(self) -> bool:
        return self.count >= LARGE

    @property
    def words(self) -> str:
        """The filters for people; empty for people picked one by one and for the whole base."""
        return self.found.words if self.found else ""

    @property
    def fields(self) -> dict[str, str]:
        """What a form carries to say the same again."""
        if self.ids is not None:
            return {"ids": ",".join(str(key) for key in self.ids)}
        return {"all": "1", "asked": self.asked or ""}

    @property
    def query(self) -> str:
        """The same for an address."""
        query = QueryDict(mutable=True)
        query.update(self.fields)
        return query.urlencode()

    @property
    def list_query(self) -> str:
        """The address of a list that shows exactly these people, without its page."""
        return self.asked or "" if self.ids is None else self.query

    def people(self, most: int) -> list[Contact]:
        """The first `most` of them, by name; in the order of the list where they are all of one."""
        if self.found is not None:
            with connection.cursor() as sql:
                first = self.found.ordered_ids
                sql.execute(f"{first.text} LIMIT %s", [*first.params, most])
                ids = [row[0] for row in sql.fetchall()]
            by_id = Contact.objects.select_related("status", "responsible").in_bulk(ids)
            return [by_id[key] for key in ids if key in by_id]
        found = contacts_for(self.actor).select_related("status", "responsible").filter(pk__in=self.ids or ())
        return list(found.order_by("name_key", "pk")[:most])


def selection_of(actor: Actor, query: QueryDict) -> Selection:
    """What the request says was chosen: `ids`, repeated or with commas between, else `all=1` with `asked`."""
    if query.get("all") == "1":
        return Selection(actor, asked=_without_page(query.get("asked", "")))
    return Selection(actor, ids=_numbers(query.getlist("ids")))


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    parts = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if any(not part.isdecimal() or len(part) > 18 for part in parts):
        raise Refusal(
            "people.selection", _("It is not clear who is chosen. Choose them in the list once more.")
        )
    ids = tuple(dict.fromkeys(int(part) for part in parts))
    if len(ids) > MOST_PICKED:
        sentence = _(
            "At most %(most)s people can be picked one by one. Narrow the list, then choose all found."
        )
        raise Refusal("people.too_many_picked", sentence % {"most": MOST_PICKED})
    return ids


def _without_page(asked: str) -> str:
    kept: Any = QueryDict(asked.removeprefix("?"), mutable=True)
    for key in PAGING:
        kept.pop(key, None)
    return kept.urlencode()
