"""Contacts became one, and were told apart again. What was whose stands in `Merge` and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ContactsMerged(Event):
    """`gone` are the numbers that are no more and lead on; `fields` what the one that stays got of them."""

    kind: ClassVar[str] = "contacts.contacts_merged"
    label = _("Cards merged")
    icon = "arrows-join"
    object_kind = "merge"

    gone: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContactsUnmerged(Event):
    """A merge was undone: `gone` are there again, with what was theirs."""

    kind: ClassVar[str] = "contacts.contacts_unmerged"
    label = _("Merge undone")
    icon = "arrows-split"
    object_kind = "merge"

    gone: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    revision: int | None = None
