"""What can happen to a change of many people. What it did to each of them is told by the events of contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class MassChangeStarted(Event):
    """`change` is its kind, `people` how many were meant."""

    kind: ClassVar[str] = "contacts.mass_change_started"
    label = _("A change of many people was started")
    icon = "stack-2"
    object_kind = "mass_change"

    change: str
    people: int


@dataclass(frozen=True, kw_only=True)
class MassChangeEnded(Event):
    """`state` says how: done, cancelled, failed; `people` how many were changed."""

    kind: ClassVar[str] = "contacts.mass_change_ended"
    label = _("A change of many people has ended")
    icon = "stack-2"
    object_kind = "mass_change"

    change: str
    state: str
    people: int


@dataclass(frozen=True, kw_only=True)
class MassUndoStarted(Event):
    kind: ClassVar[str] = "contacts.mass_undo_started"
    label = _("The undo of a change of many people was started")
    icon = "arrow-back-up"
    object_kind = "mass_change"

    change: str


@dataclass(frozen=True, kw_only=True)
class MassUndoEnded(Event):
    """`people` are as before again; `kept` were left as they are, since somebody had changed them."""

    kind: ClassVar[str] = "contacts.mass_undo_ended"
    label = _("A change of many people was undone")
    icon = "arrow-back-up"
    object_kind = "mass_change"

    change: str
    state: str
    people: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class PeoplePrinted(Event):
    """A page to print was opened with so many people, chosen by `filters`, with or without their phones."""

    kind: ClassVar[str] = "contacts.people_printed"
    label = _("People were printed")
    icon = "printer"

    people: int
    phones: bool = False
    filters: tuple[str, ...] = ()
