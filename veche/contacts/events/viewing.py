"""What can happen to saved views of the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ViewSaved(Event):
    kind: ClassVar[str] = "contacts.view_saved"
    label = _("A view of the list was saved")
    icon = "bookmark"
    object_kind = "list_view"

    audience: str


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(Event):
    kind: ClassVar[str] = "contacts.view_removed"
    label = _("A view of the list was removed")
    icon = "trash"
    object_kind = "list_view"


@dataclass(frozen=True, kw_only=True)
class ViewRestored(Event):
    kind: ClassVar[str] = "contacts.view_restored"
    label = _("A view of the list was brought back")
    icon = "arrow-back-up"
    object_kind = "list_view"
