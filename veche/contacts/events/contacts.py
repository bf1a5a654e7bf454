"""What can happen to a contact. Only ids and codes: what a field held is in `FieldChange`, what was said in `Note`.

Every change of a contact carries the `revision` it made and the `fields` it touched, as codes: ``surname``,
``own.shirt_size``, ``phone.12`` (the contact point's id). By these an editor who saw an older state is stopped only
when somebody changed the very same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from veche.core.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Event):
    kind: ClassVar[str] = "contacts.contact_added"
    label = _("Added to the base")
    icon = "user-plus"
    object_kind = "contact"

    channel: str = "by_hand"


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    kind: ClassVar[str] = "contacts.contact_changed"
    label = _("Changed")
    object_kind = "contact"

    fields: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContactRemoved(Event):
    kind: ClassVar[str] = "contacts.contact_removed"
    label = _("Removed from the base")
    icon = "trash"
    object_kind = "contact"


@dataclass(frozen=True, kw_only=True)
class ContactRestored(Event):
    kind: ClassVar[str] = "contacts.contact_restored"
    label = _("Restored to the base")
    icon = "arrow-back-up"
    object_kind = "contact"


@dataclass(frozen=True, kw_only=True)
class ContactErased(Event):
    """All that was personal is gone; what stays is that somebody was here."""

    kind: ClassVar[str] = "contacts.contact_erased"
    label = _("Erased for good")
    icon = "eraser"
    object_kind = "contact"


@dataclass(frozen=True, kw_only=True)
class PointChanged(Event):
    """A phone, an e-mail or an account was added, changed or removed (`change`)."""

    kind: ClassVar[str] = "contacts.point_changed"
    label = _("Phones, e-mails and accounts changed")
    object_kind = "point"

    point: str
    change: str
    fields: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Event):
    kind: ClassVar[str] = "contacts.address_changed"
    label = _("Address changed")
    icon = "map-pin"
    object_kind = "address"

    change: str
    fields: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A role was given, changed or taken (`change`); `role` is the id of its kind."""

    kind: ClassVar[str] = "contacts.role_changed"
    label = _("Role changed")
    icon = "id-badge"
    object_kind = "role"

    role: int
    change: str
    fields: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class TagPut(Event):
    kind: ClassVar[str] = "contacts.tag_put"
    label = _("Tag put on")
    icon = "tag"
    object_kind = "tag"


@dataclass(frozen=True, kw_only=True)
class TagTaken(Event):
    kind: ClassVar[str] = "contacts.tag_taken"
    label = _("Tag taken off")
    icon = "tag-off"
    object_kind = "tag"


@dataclass(frozen=True, kw_only=True)
class CampaignJoined(Event):
    kind: ClassVar[str] = "contacts.campaign_joined"
    label = _("Put into a campaign")
    icon = "flag"
    object_kind = "campaign"


@dataclass(frozen=True, kw_only=True)
class CampaignLeft(Event):
    kind: ClassVar[str] = "contacts.campaign_left"
    label = _("Taken out of a campaign")
    icon = "flag-off"
    object_kind = "campaign"


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    kind: ClassVar[str] = "contacts.note_added"
    label = _("Note")
    icon = "note"
    object_kind = "note"


@dataclass(frozen=True, kw_only=True)
class NoteChanged(Event):
    """A note was edited, pinned, unpinned or removed (`change`)."""

    kind: ClassVar[str] = "contacts.note_changed"
    label = _("Note changed")
    icon = "note"
    object_kind = "note"

    change: str


@dataclass(frozen=True, kw_only=True)
class ColleagueMentioned(Event):
    """A note refers to a colleague who may see the person: `colleague` is the user's number, `object_id` the note."""

    kind: ClassVar[str] = "contacts.colleague_mentioned"
    label = _("A colleague was mentioned in a note")
    icon = "at"
    object_kind = "note"

    colleague: int


@dataclass(frozen=True, kw_only=True)
class PhoneRevealed(Event):
    """Somebody who sees masked phones opened one; `object_id` is the contact point."""

    kind: ClassVar[str] = "contacts.phone_revealed"
    label = _("Phone looked at")
    icon = "eye"
    object_kind = "point"


# Told on the card by their own rows (`FieldChange`, `Note`), so the ledger's line would say it twice.
TOLD_BY_ROWS = frozenset(
    {
        ContactChanged.kind,
        PointChanged.kind,
        AddressChanged.kind,
        RoleChanged.kind,
        NoteAdded.kind,
        NoteChanged.kind,
        ColleagueMentioned.kind,
    }
)


@dataclass(frozen=True, kw_only=True)
class WordsAdded(Event):
    """Entries were added to a list of the team in bulk: `list` is tags, roles, statuses, fields or choices."""

    kind: ClassVar[str] = "contacts.words_added"
    label = _("Entries added to a list")
    icon = "playlist-add"

    list: str
    ids: tuple[int, ...] = ()
