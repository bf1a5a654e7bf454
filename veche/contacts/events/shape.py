"""What can happen to the team's own words and fields.

`part` says of which list: tags, statuses, roles, relations or fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ShapeAdded(Event):
    kind: ClassVar[str] = "contacts.shape_added"
    label = _("A tag, a status, a role, a kind of relations or an own field was made")
    icon = "adjustments"
    object_kind = "shape"

    part: str


@dataclass(frozen=True, kw_only=True)
class ShapeChanged(Event):
    """Renamed, recoloured, put elsewhere in its list, or given other choices (`fields`)."""

    kind: ClassVar[str] = "contacts.shape_changed"
    label = _("A tag, a status, a role, a kind of relations or an own field was changed")
    icon = "adjustments"
    object_kind = "shape"

    part: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShapeArchived(Event):
    kind: ClassVar[str] = "contacts.shape_archived"
    label = _("A tag, a status, a role, a kind of relations or an own field was put into the archive")
    icon = "archive"
    object_kind = "shape"

    part: str


@dataclass(frozen=True, kw_only=True)
class ShapeRestored(Event):
    kind: ClassVar[str] = "contacts.shape_restored"
    label = _("A tag, a status, a role, a kind of relations or an own field was taken out of the archive")
    icon = "arrow-back-up"
    object_kind = "shape"

    part: str


@dataclass(frozen=True, kw_only=True)
class IndexWanted(Event):
    """Somebody wants to filter by an own field; a job builds its index."""

    kind: ClassVar[str] = "contacts.index_wanted"
    label = _("The filter by an own field is being prepared")
    icon = "bolt"
    object_kind = "own_field"
