"""The team's own fields, in the order of the card, and their values in words."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists

from veche.contacts.models import OwnField
from veche.contacts.own_values import show_own
from veche.core.refusal import NotFound

__all__ = ["more_own_fields_than", "own_field", "own_fields", "own_labels", "show_own"]


def own_fields(*, keys: Collection[str] | None = None) -> list[OwnField]:
    """Those in use (of these `keys` only); archived ones keep their values but are not shown."""
    found = OwnField.objects.filter(archived_at__isnull=True)
    return list(found if keys is None else found.filter(key__in=keys))


def own_labels(*, but: Collection[str] = ()) -> list[OwnField]:
    """Those in use, without their lists of choices, which may be long."""
    found = OwnField.objects.filter(archived_at__isnull=True).exclude(key__in=but)
    return list(found.only("key", "label", "type"))


def more_own_fields_than(number: int) -> Exists:
    """Whether more than `number` fields are in use, to be read along with something; counts no further."""
    return Exists(OwnField.objects.filter(archived_at__isnull=True).order_by("pk")[number : number + 1])


def own_field(key: str) -> OwnField:
    """The one in use under this key, or `NotFound`."""
    found = OwnField.objects.filter(key=key, archived_at__isnull=True).first() if key.isprintable() else None
    if found is None:
        raise NotFound
    return found
