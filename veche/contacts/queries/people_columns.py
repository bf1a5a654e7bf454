"""The columns that the list of people can have, and those that somebody sees: chosen, ordered, stretched, frozen.

Which ones: what the address says, else one's own layout of the view, else the view's own, else the usual ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from veche.contacts.fields import LABELS as FIELD_LABELS
from veche.contacts.models import OwnField, SavedView
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.own import own_labels
from veche.contacts.queries.people_places import ADDRESS_PARTS, LOCAL_TIME, PART_LABELS
from veche.contacts.queries.viewing import layout_of
from veche.core.actor import Actor

MOST_COLUMNS = 40
NARROWEST, WIDEST = 40, 1200  # pixels
OWN = "own."
NO_ORDER = {"up": "", "down": ""}


@dataclass(frozen=True)
class Column:
    """A column by its key. `up` and `down` are orders of the list; `edited`: its cells can be changed in place."""

    key: str
    label: Any
    kind: str = "text"
    width: int = 140
    up: str = ""
    down: str = ""
    edited: bool = False
    usual: bool = False
    frozen: bool = False
    field: OwnField | None = None

    @property
    def is_number(self) -> bool:
        return self.kind == "number"

    def direction(self, sort: str) -> str:
        """What `aria-sort` says while the list is in the order `sort`."""
        return {self.up: "ascending", self.down: "descending"}.get(sort, "none") if sort else "none"

    def next_sort(self, sort: str) -> str:
        """The order that a press on the head asks for."""
        return self.down if sort == self.up else self.up


def _column(key: str, width: int, label: Any = None, **more: Any) -> Column:
    given = {"up": key, "down": f"-{key}", **more}
    return Column(key, label or FIELD_LABELS[key], width=width, **given)


SYSTEM = {
    column.key: column
    for column in (
        _column("name", 264, pgettext_lazy("column", "Name"), kind="name", usual=True, frozen=True),
        _column("phone", 142, kind="phone", edited=True, usual=True),
        _column("address", 214, edited=True, usual=True),
        _column("tags", 126, gettext_lazy("Tags"), kind="marks", edited=True, usual=True),
        _column("campaigns", 120, gettext_lazy("Campaigns"), kind="names", edited=True, usual=True),
        _column("source", 108, gettext_lazy("Source"), kind="source", usual=True),
        _column("responsible", 118, edited=True, usual=True),
        _column(
            "changed",
            92,
            pgettext_lazy("when a contact was", "Changed"),
            kind="day",
            usual=True,
            up="-changed",
            down="changed",
        ),
        _column("added", 80, gettext_lazy("Added"), kind="day", up="oldest", down="newest"),
        _column("surname", 140, edited=True),
        _column("given_name", 120, edited=True),
        _column("patronymic", 130, edited=True),
        _column("email", 190, edited=True),
        _column("birthday", 110, edited=True),
        _column("gender", 100, edited=True),
        _column("status", 130, edited=True),
        _column("territory", 150, edited=True),
        _column("caution", 200, edited=True),
        *(
            _column(key, width, PART_LABELS[key], **(NO_ORDER if key == LOCAL_TIME else {}))
            for key, width in ADDRESS_PARTS.items()
        ),
        _column("household", 170, gettext_lazy("Household"), kind="household", **NO_ORDER),
        _column("kind", 110),
        _column("number", 80, gettext_lazy("No."), kind="number", up="oldest", down="newest"),
    )
}


def own_column(field: OwnField) -> Column:
    sorted_by = "" if field.type == OwnField.Type.MANY_CHOICES else f"{OWN}{field.key}"
    is_number = field.type in (OwnField.Type.NUMBER, OwnField.Type.MONEY)
    return Column(
        f"{OWN}{field.key}", field.label, "number" if is_number else "text", up=sorted_by, field=field,
        down=f"-{sorted_by}" if sorted_by else "", edited=True,
    )  # fmt: skip


def offered(actor: Actor) -> list[Column]:
    """All columns to choose from: ours, then the team's own fields."""
    return [*(for_actor(actor, column) for column in SYSTEM.values()), *map(own_column, own_labels())]


def for_actor(actor: Actor, column: Column) -> Column:
    """The column as this actor may use it."""
    if column.edited and not actor.may("contacts.edit"):
        column = replace(column, edited=False)
    if column.key == "phone" and not sees_phones(actor):
        column = replace(column, edited=False, up="", down="")  # their order would tell hidden digits
    return column


def columns_for(actor: Actor, query: Mapping[str, str], view: SavedView | None) -> list[Column]:
    """The columns of the list that `query` asks for, as `actor` laid them out."""
    kept = layout_of(actor, view)
    laid_out = {each["key"]: each for each in kept}
    asked = [key for key in query.get("columns", "").split(",") if key]
    keys = asked or list(laid_out) or (view.columns if view else [])
    chosen = known(actor, keys) or known(actor, [column.key for column in SYSTEM.values() if column.usual])
    return [_laid_out(column, laid_out.get(column.key, {})) for column in chosen]


def as_shown(columns: Sequence[Column]) -> list[Column]:
    """The columns in the order in which the list begins with them: those that stay in sight stand at the left."""
    return sorted(columns, key=lambda column: not column.frozen)


def known(actor: Actor, keys: Sequence[str]) -> list[Column]:
    """Those of the keys that are columns, each once, in their order."""
    wanted = [key.removeprefix(OWN) for key in keys if key.startswith(OWN) and key.isprintable()]
    fields = OwnField.objects.filter(key__in=wanted, archived_at__isnull=True) if wanted else []
    columns = SYSTEM | {f"{OWN}{field.key}": own_column(field) for field in fields}
    found = [columns[key] for key in dict.fromkeys(keys) if key in columns][:MOST_COLUMNS]
    return [for_actor(actor, column) for column in found]


def _laid_out(column: Column, kept: Mapping[str, Any]) -> Column:
    return replace(
        column, width=kept.get("width") or column.width, frozen=bool(kept.get("frozen", column.frozen))
    )
