"""What can happen to an import. What happened to each contact is told by events of the contacts room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ImportEvent(Event):
    """`object_id` is the import's id."""

    icon = "table-import"
    object_kind = "import"


@dataclass(frozen=True, kw_only=True)
class FileUploaded(ImportEvent):
    kind: ClassVar[str] = "exchange.file_uploaded"
    label = _("Spreadsheet uploaded")

    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True)
class LookStarted(ImportEvent):
    """The file is looked through: its sheets, its table, its columns."""

    kind: ClassVar[str] = "exchange.look_started"
    label = _("Look through a spreadsheet started")


@dataclass(frozen=True, kw_only=True)
class ImportSetUp(ImportEvent):
    """The way it is read, its columns or its rules were chosen: `what` is table, columns or rules."""

    kind: ClassVar[str] = "exchange.import_set_up"
    label = _("Import set up")

    what: str


@dataclass(frozen=True, kw_only=True)
class CellsCorrected(ImportEvent):
    """Cells of `column` (-1: a whole row) were corrected: `what` is a kind of `Correction`, or taken_back."""

    kind: ClassVar[str] = "exchange.cells_corrected"
    label = _("Cells of a spreadsheet corrected")
    icon = "pencil"

    column: int
    what: str


@dataclass(frozen=True, kw_only=True)
class MappingRemembered(Event):
    """The columns and rules of a file are offered from now on for files with the same captions."""

    kind: ClassVar[str] = "exchange.mapping_remembered"
    label = _("Columns of a spreadsheet remembered")
    icon = "bookmark"
    object_kind = "saved_mapping"


@dataclass(frozen=True, kw_only=True)
class MappingForgotten(Event):
    kind: ClassVar[str] = "exchange.mapping_forgotten"
    label = _("Columns of a spreadsheet forgotten")
    icon = "trash"
    object_kind = "saved_mapping"


@dataclass(frozen=True, kw_only=True)
class CheckStarted(ImportEvent):
    kind: ClassVar[str] = "exchange.check_started"
    label = _("Check of an import started")


@dataclass(frozen=True, kw_only=True)
class ImportChecked(ImportEvent):
    kind: ClassVar[str] = "exchange.import_checked"
    label = _("Import checked")

    create: int
    update: int
    unchanged: int
    repeat: int
    reject: int


@dataclass(frozen=True, kw_only=True)
class LoadStarted(ImportEvent):
    """`confirmed` names the fields whose overwriting was confirmed."""

    kind: ClassVar[str] = "exchange.load_started"
    label = _("Import started")

    policy: str
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportLoaded(ImportEvent):
    kind: ClassVar[str] = "exchange.import_loaded"
    label = _("Import finished")

    created: int
    updated: int
    unchanged: int
    repeated: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class ImportStopped(ImportEvent):
    """By a person, or by a failure (`reason`: cancelled or failed)."""

    kind: ClassVar[str] = "exchange.import_stopped"
    label = _("Import stopped")

    reason: str


@dataclass(frozen=True, kw_only=True)
class UndoStarted(ImportEvent):
    kind: ClassVar[str] = "exchange.undo_started"
    label = _("Undo of an import started")
    icon = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class ImportUndone(ImportEvent):
    kind: ClassVar[str] = "exchange.import_undone"
    label = _("Import undone")
    icon = "arrow-back-up"

    removed: int
    kept: int
    restored: int = 0
    """Known people who are wholly as they were."""
    partly: int = 0
    """Known people of whom something was kept."""


@dataclass(frozen=True, kw_only=True)
class RedoStarted(ImportEvent):
    kind: ClassVar[str] = "exchange.redo_started"
    label = _("An undone import started again")
    icon = "arrow-forward-up"


@dataclass(frozen=True, kw_only=True)
class ImportRedone(ImportEvent):
    """`restored` known people are again as the import had made them, of `partly` something was kept."""

    kind: ClassVar[str] = "exchange.import_redone"
    label = _("Undone import loaded again")
    icon = "arrow-forward-up"

    restored: int
    partly: int


@dataclass(frozen=True, kw_only=True)
class FileDeleted(ImportEvent):
    """The uploaded file is gone; its rows stay for the undo."""

    kind: ClassVar[str] = "exchange.file_deleted"
    label = _("Uploaded spreadsheet deleted")
    icon = "trash"


@dataclass(frozen=True, kw_only=True)
class FolderFileSettled(ImportEvent):
    """A file of the watched folder was loaded or was not: `state` is loaded or failed."""

    kind: ClassVar[str] = "exchange.folder_file_settled"
    label = _("File of the watched folder settled")

    state: str


@dataclass(frozen=True, kw_only=True)
class RowsPurged(ImportEvent):
    kind: ClassVar[str] = "exchange.rows_purged"
    label = _("Rows of an old import deleted")
    icon = "trash"
