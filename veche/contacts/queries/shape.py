"""The team's own words and fields as the pages that shape them show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from veche.contacts.models import OwnField, RelationKind, RoleKind, Status, Tag
from veche.core.refusal import NotFound


@dataclass(frozen=True)
class Part:
    """One of the lists: its page's words, whether its entries have a colour and an order of their own."""

    key: str
    title: Any
    about: Any
    add: Any
    model: type[Tag | Status | RoleKind | RelationKind | OwnField]
    coloured: bool = False
    ordered: bool = True
    filter_key: str = ""


PARTS = {
    part.key: part
    for part in (
        Part(
            "tags", _("Tags"), _("The team's own words for people. Anybody who edits people can put them on."),
            _("New tag"), Tag, coloured=True, ordered=False, filter_key="tag",
        ),
        Part(
            "statuses", _("Statuses"), _("Where you stand with somebody. Everybody has one or none."),
            _("New status"), Status, filter_key="status",
        ),
        Part(
            "roles", _("Roles"), _("What somebody is to you, with dates. One person may have several."),
            _("New role"), RoleKind, coloured=True, filter_key="role",
        ),
        Part(
            "relations", _("Relations"),
            _("Who somebody is to somebody, said on a card under “Family and relations” and read from both ends."),
            _("New relation: the one is"), RelationKind,
        ),
        Part(
            "fields", _("Own fields"), _("What you want to know of people and Veche has no field for."),
            _("New field"), OwnField,
        ),
    )
}  # fmt: skip


def part(key: str) -> Part:
    """A list by its name in the address, or `NotFound`."""
    if key not in PARTS:
        raise NotFound
    return PARTS[key]


def entries(chosen: Part) -> QuerySet[Any]:
    """Its entries in use, in their order."""
    found = chosen.model.objects.filter(archived_at=None)
    return found.select_related("campaign") if chosen.model is Tag else found


def archived(chosen: Part) -> QuerySet[Any]:
    return chosen.model.objects.filter(archived_at__isnull=False)


def entry(chosen: Part, entry_id: int) -> Any:
    """One entry, archived or not, or `NotFound`."""
    found = chosen.model.objects.filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found
