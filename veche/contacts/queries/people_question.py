"""What is asked of the list of people: by whom, under which filters, in which order, from which key on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from veche.contacts.queries.matching import Sql, all_of, any_of
from veche.contacts.queries.people_filters import Filter
from veche.contacts.queries.people_presented import narrowed
from veche.contacts.queries.scope import visible_sql
from veche.core import presenting
from veche.core.actor import Actor


@dataclass(frozen=True)
class Sort:
    """An order by one indexed column, ties by number; or by `value`, SQL over `contact` without parameters.

    Those without a value come last either way. `everywhere`: the value is cheap enough to sort a whole base by it;
    else at most `most` people. `index`: the condition under which the value has an index of its own, with the number
    after it.
    """

    column: str = "id"
    descending: bool = False
    value: str = ""
    everywhere: bool = False
    index: str = ""
    most: int = 0


SORTS = {
    "name": Sort("name_key"),
    "-name": Sort("name_key", descending=True),
    "newest": Sort("id", descending=True),
    "oldest": Sort("id"),
    "changed": Sort("changed_at", descending=True),
    "-changed": Sort("changed_at"),
}
DEFAULT_SORT = "name"


@dataclass
class Question:
    """`any_filter`: whoever is like one of the filters is meant, instead of like all of them."""

    actor: Actor
    filters: list[Filter] = field(default_factory=list)
    sort: Sort = SORTS[DEFAULT_SORT]
    key: tuple[Any, ...] | None = None
    backwards: bool = False
    any_filter: bool = False

    @property
    def visible(self) -> Sql:
        """Whom the actor may see."""
        text, params = visible_sql(self.actor)
        return Sql(text, tuple(params))

    @property
    def where(self) -> Sql:
        return all_of([self.visible, *(each.where for each in self.conditions)])

    @cached_property
    def conditions(self) -> list[Filter]:
        """The filters as conditions that must all hold."""
        if presenting.is_on():
            return narrowed(self.actor, self.filters, any_filter=self.any_filter)
        if not self.any_filter or len(self.filters) < 2:
            return self.filters
        return [Filter("match", "any", "", "", any_of([each.where for each in self.filters]))]

    @property
    def columns(self) -> list[str]:
        return ["id"] if self.sort.column == "id" else [self.sort.column, "id"]

    @property
    def is_descending(self) -> bool:
        return self.sort.descending != self.backwards

    @property
    def order(self) -> str:
        direction = "DESC" if self.is_descending else "ASC"
        if self.sort.value:
            empty = "DESC" if self.backwards else "ASC"
            value = self.sort.value
            return f"({value}) IS NULL {empty}, ({value}) {direction}, contact.id {direction}"
        return ", ".join(f"contact.{column} {direction}" for column in self.columns)

    @property
    def beyond(self) -> Sql:
        """The contacts that come after the key."""
        if self.key is None:
            return Sql("true")
        sign = "<" if self.is_descending else ">"
        if self.sort.value:
            return self._beyond_value(*self.key, sign)
        columns = ", ".join(f"contact.{column}" for column in self.columns)
        return Sql(f"({columns}) {sign} ({', '.join(['%s'] * len(self.key))})", self.key)

    def _beyond_value(self, value: Any, number: int, sign: str) -> Sql:
        mine = f"({self.sort.value})"
        if value is None:
            empty = f"{mine} IS NULL AND contact.id {sign} %s"
            return Sql(f"({mine} IS NOT NULL OR {empty})" if self.backwards else f"({empty})", (number,))
        filled = f"({mine}, contact.id) {sign} (%s, %s)"
        return Sql(f"({filled})" if self.backwards else f"({mine} IS NULL OR {filled})", (value, number))
