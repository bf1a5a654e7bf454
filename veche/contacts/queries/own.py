"""The team's own fields, in the order of the card, and their values in words."""

from __future__ import annotations

from collections.abc import Collection

from veche.contacts.models import OwnField
from veche.contacts.own_values import show_own
from veche.core.refusal import NotFound

__all__ = ["has_more_own_fields_than", "own_field", "own_fields", "own_labels", "show_own"]


def own_fields(*, keys: Collection[str] | None = None) -> list[OwnField]:
    """Those in use (of these `keys` only); archived ones keep their values but are not shown."""
    found = OwnField.objects.filter(archived_at__isnull=True)
    return list(found if keys is None else found.filter(key__in=keys))


def own_labels(*, but: Collection[str] = ()) -> list[OwnField]:
    """Those in use, with key and label only: lists of choices may be long."""
    return list(OwnField.objects.filter(archived_at__isnull=True).exclude(key__in=but).only("key", "label"))


def has_more_own_fields_than(number: int) -> bool:
    """Whether more than `number` fields are in use; counts no further."""
    return len(OwnField.objects.filter(archived_at__isnull=True).values_list("pk")[: number + 1]) > number


def own_field(key: str) -> OwnField:
    """The one in use under this key, or `NotFound`."""
    found = OwnField.objects.filter(key=key, archived_at__isnull=True).first() if key.isprintable() else None
    if found is None:
        raise NotFound
    return found
