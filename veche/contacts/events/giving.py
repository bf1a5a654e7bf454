"""People given to a colleague or a team for a time, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ListGiven(Event):
    """`to` is user or team, `to_id` its number; `until` the last day; `grows`: new matches join by themselves."""

    kind: ClassVar[str] = "contacts.list_given"
    label = _("List of people given")
    icon = "user-share"
    object_kind = "given_list"
    to: str
    to_id: int
    people: int
    until: str
    grows: bool


@dataclass(frozen=True, kw_only=True)
class ListRevoked(Event):
    kind: ClassVar[str] = "contacts.list_revoked"
    label = _("List of people taken back")
    icon = "user-x"
    object_kind = "given_list"
