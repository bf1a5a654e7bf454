"""What can happen to a view that is taken home and brought back. What happens to people is told by contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class SheetTaken(Event):
    """A view left the base as a spreadsheet to be edited: an export. `object_id` is the download's."""

    kind: ClassVar[str] = "exchange.sheet_taken"
    label = _("List taken out to be edited in Excel")
    icon = "table-export"
    object_kind = "bridge_sheet"

    people: int
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnEvent(Event):
    """`object_id` is the return's."""

    icon = "table-import"
    object_kind = "bridge_return"


@dataclass(frozen=True, kw_only=True)
class SheetReturned(ReturnEvent):
    kind: ClassVar[str] = "exchange.sheet_returned"
    label = _("Edited spreadsheet brought back")


@dataclass(frozen=True, kw_only=True)
class ReturnCompared(ReturnEvent):
    kind: ClassVar[str] = "exchange.return_compared"
    label = _("Edited spreadsheet compared with the base")

    changes: int
    conflicts: int
    refused: int
    added: int
    gone: int


@dataclass(frozen=True, kw_only=True)
class ReturnDecided(ReturnEvent):
    """Somebody accepted or rejected `cells` cells or rows, or chose what becomes of people whose rows are gone."""

    kind: ClassVar[str] = "exchange.return_decided"
    label = _("Changes of an edited spreadsheet decided")

    decision: str
    cells: int


@dataclass(frozen=True, kw_only=True)
class ApplicationStarted(ReturnEvent):
    kind: ClassVar[str] = "exchange.return_application_started"
    label = _("Applying an edited spreadsheet started")


@dataclass(frozen=True, kw_only=True)
class ReturnApplied(ReturnEvent):
    """`late` cells were changed in the base after the comparison, and became conflicts instead."""

    kind: ClassVar[str] = "exchange.return_applied"
    label = _("Edited spreadsheet applied")

    written: int
    late: int


@dataclass(frozen=True, kw_only=True)
class ReturnFailed(ReturnEvent):
    kind: ClassVar[str] = "exchange.return_failed"
    label = _("Work on an edited spreadsheet stopped")


@dataclass(frozen=True, kw_only=True)
class ReturnUndoStarted(ReturnEvent):
    kind: ClassVar[str] = "exchange.return_undo_started"
    label = _("Undo of an edited spreadsheet started")
    icon = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class ReturnUndone(ReturnEvent):
    kind: ClassVar[str] = "exchange.return_undone"
    label = _("Edited spreadsheet undone")
    icon = "arrow-back-up"

    put_back: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class SheetsPurged(Event):
    kind: ClassVar[str] = "exchange.sheets_purged"
    label = _("Old downloads for Excel deleted")
    icon = "trash"
    object_kind = "bridge_sheet"

    sheets: int
