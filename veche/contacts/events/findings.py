"""What is said of findings. A fix is a change of the contact and has that change's own event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class FindingDismissed(Event):
    """Somebody said that a value is right; `for_all`: of everybody who has it."""

    kind: ClassVar[str] = "contacts.finding_dismissed"
    label = _("A remark was set aside: it is right so")
    icon = "circle-check"
    object_kind = "finding"

    finding: str
    for_all: bool = False


@dataclass(frozen=True, kw_only=True)
class FindingTakenUp(Event):
    """What was set aside is shown again."""

    kind: ClassVar[str] = "contacts.finding_taken_up"
    label = _("A remark that was set aside is shown again")
    icon = "arrow-back-up"
    object_kind = "finding"

    finding: str


@dataclass(frozen=True, kw_only=True)
class InspectionStarted(Event):
    """Somebody had the whole base looked through; `object_id` is the job."""

    kind: ClassVar[str] = "contacts.inspection_started"
    label = _("A look through the whole base was begun")
    icon = "list-search"
    object_kind = "job"
