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


@dataclass(frozen=True, kw_only=True)
class JobDismissed(Event):
    kind: ClassVar[str] = "core.job_dismissed"
    label = _("Ended work was taken off the screen")
    object_kind = "job"
    icon = "x"


@dataclass(frozen=True, kw_only=True)
class JobEnded(Event):
    """Background work came to its end: `state` is done, failed or cancelled, `seconds` since it was asked for."""

    kind: ClassVar[str] = "core.job_ended"
    label = _("Background work ended")
    object_kind = "job"
    icon = "checks"

    job_kind: str
    state: str
    seconds: int
