"""The team's own fields, in the order of the card, and their values in words."""

from __future__ import annotations

from veche.contacts.models import OwnField
from veche.contacts.own_values import show_own
from veche.core.refusal import NotFound

__all__ = ["own_field", "own_fields", "show_own"]


def own_fields() -> list[OwnField]:
    """Those in use; archived ones keep their values but are not shown."""
    return list(OwnField.objects.filter(archived_at__isnull=True))


def own_field(key: str) -> OwnField:
    """The one in use under this key, or `NotFound`."""
    found = OwnField.objects.filter(key=key, archived_at__isnull=True).first()
    if found is None:
        raise NotFound
    return found
