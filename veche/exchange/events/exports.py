"""What can happen to an export. What was asked for stands in its row; the ledger has codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ExportEvent(Event):
    """`object_id` is the export's id."""

    icon = "table-export"
    object_kind = "export"


@dataclass(frozen=True, kw_only=True)
class ExportOrdered(ExportEvent):
    """Somebody asked for people as a file. `filters` are codes such as campaign:3; of a text only that there is one."""

    kind: ClassVar[str] = "exchange.export_ordered"
    label = _("Export ordered")

    form: str
    filters: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PeopleExported(ExportEvent):
    """`people` rows left the base as a file of `form` xlsx or csv, chosen by `filters`."""

    kind: ClassVar[str] = "exchange.people_exported"
    label = _("People exported to a file")

    people: int
    form: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HousesExported(ExportEvent):
    """`houses` rows left the base as a file of `form` xlsx or csv, chosen by the `filters` of their list."""

    kind: ClassVar[str] = "exchange.houses_exported"
    label = _("Houses exported to a file")

    houses: int
    form: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExportStopped(ExportEvent):
    """By a person, or by a failure (`reason`: cancelled or failed). No file is left."""

    kind: ClassVar[str] = "exchange.export_stopped"
    label = _("Export stopped")

    reason: str


@dataclass(frozen=True, kw_only=True)
class ExportDownloaded(ExportEvent):
    kind: ClassVar[str] = "exchange.export_downloaded"
    label = _("Exported file downloaded")
    icon = "download"


@dataclass(frozen=True, kw_only=True)
class ExportFileDeleted(ExportEvent):
    """`reason`: by_hand, expired, or user (who made it was switched off or has another role now)."""

    kind: ClassVar[str] = "exchange.export_file_deleted"
    label = _("Exported file deleted")
    icon = "trash"

    reason: str
