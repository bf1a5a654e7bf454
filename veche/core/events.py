"""What can happen to the mechanisms themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class JobCancelled(Event):
    kind: ClassVar[str] = "core.job_cancelled"
    label = _("Background work was stopped")
    object_kind = "job"
    icon = "player-stop"
