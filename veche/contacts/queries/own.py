"""The team's own fields, in the order of the card."""

from __future__ import annotations

from veche.contacts.models import OwnField


def own_fields() -> list[OwnField]:
    """Those in use; archived ones keep their values but are not shown."""
    return list(OwnField.objects.filter(archived_at__isnull=True))
