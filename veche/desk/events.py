"""What can happen to a user's own desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class NoticesChosen(Event):
    """A user said which notices he wants: `off` are the kinds switched off, `quiet` whether there are quiet hours."""

    kind: ClassVar[str] = "desk.notices_chosen"
    label = _("Notifications chosen")
    object_kind = "user"
    icon = "bell"

    off: tuple[str, ...]
    quiet: bool
