"""What is said of streets that are misspelt. The names stand in the rows, not here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class StreetLearned(Event):
    """Somebody said what a street is to be read as; `corrected` is False where it is right as it is."""

    kind: ClassVar[str] = "contacts.street_learned"
    label = _("It was said how a street is to be read")
    icon = "map-pin"
    object_kind = "learned street"

    corrected: bool


@dataclass(frozen=True, kw_only=True)
class StreetForgotten(Event):
    """What was said of a street no longer counts."""

    kind: ClassVar[str] = "contacts.street_forgotten"
    label = _("A street is read as it is written again")
    icon = "arrow-back-up"
    object_kind = "learned street"
