"""What is said about a contact. Everyone who may write notes edits their own; nobody edits another's."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from veche.contacts.actions.changing import present
from veche.contacts.events import ColleagueMentioned, NoteAdded, NoteChanged
from veche.contacts.mentions import mentioned
from veche.contacts.models import Contact, FieldChange, Note
from veche.contacts.queries.colleagues import kept, seers
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import NotFound, Refusal

LONGEST_NOTE = 20_000


@action("contacts.note")
def add_note(
    *, by: Actor, contact_id: int, text: str, pinned: bool = False, mentions: Collection[int] = ()
) -> Note:
    """Write a note about a contact. `mentions` are colleagues picked while it was typed; who of those that it speaks
    of may not see the contact stands in the note's `unseeing` and is not told."""
    contact = present(by, contact_id)
    text = kept(_checked(text), mentions)
    note = Note.objects.create(contact=contact, text=text, author_id=by.user_id, pinned=pinned)
    publish(NoteAdded(contact_id=contact.pk, object_id=note.pk), by=by)
    note.unseeing = _mention(by, contact, note, set(mentioned(text)))
    return note


@action("contacts.note")
def edit_note(*, by: Actor, contact_id: int, note_id: int, text: str, mentions: Collection[int] = ()) -> Note:
    """Change the text of one's own note; 403 for another's. Only who was not mentioned before is told."""
    note = _own(by, _note(by, contact_id, note_id))
    before = set(mentioned(note.text))
    text = kept(_checked(text), {*mentions, *before})
    note.unseeing = []
    if note.text == text:
        unchanged()
        return note
    note.text, note.edited_at = text, timezone.now()
    note.save(update_fields=["text", "edited_at"])
    publish(NoteChanged(contact_id=contact_id, object_id=note.pk, change="edited"), by=by)
    note.unseeing = _mention(by, note.contact, note, set(mentioned(text)) - before)
    return note


@action("contacts.note")
def pin_note(*, by: Actor, contact_id: int, note_id: int, pinned: bool) -> Note:
    """Keep a note above the history, or let it go."""
    note = _note(by, contact_id, note_id)
    if note.pinned == pinned:
        unchanged()
        return note
    note.pinned = pinned
    note.save(update_fields=["pinned"])
    publish(
        NoteChanged(contact_id=contact_id, object_id=note.pk, change="pinned" if pinned else "unpinned"),
        by=by,
    )
    return note


@action("contacts.note")
def remove_note(*, by: Actor, contact_id: int, note_id: int) -> FieldChange:
    """Take one's own note away (a coordinator: any); returns what `revert_change` brings it back by."""
    note = _note(by, contact_id, note_id)
    if not by.may("contacts.delete"):
        _own(by, note)
    removed = FieldChange.objects.create(
        contact_id=contact_id,
        field="note",
        before=note_snapshot(note),
        by_id=by.user_id,
        request_id=by.request_id,
    )
    note.delete()
    publish(NoteChanged(contact_id=contact_id, object_id=note_id, change="removed"), by=by)
    return removed


def note_snapshot(note: Note) -> dict[str, Any]:
    """All of a note that a later undo needs."""
    return {
        "id": note.pk,
        "text": note.text,
        "author_id": note.author_id,
        "pinned": note.pinned,
        "batch": note.batch,
        "made_at": note.made_at.isoformat(),
    }


def _mention(by: Actor, contact: Contact, note: Note, user_ids: set[int]) -> list[int]:
    """Tell the ledger of those who may see the contact; returns the others."""
    sees = seers(by, contact) if user_ids else set()
    for user_id in sorted(user_ids & sees):
        publish(ColleagueMentioned(contact_id=contact.pk, object_id=note.pk, colleague=user_id), by=by)
    return sorted(user_ids - sees)


def _note(by: Actor, contact_id: int, note_id: int) -> Note:
    note = present(by, contact_id).notes.filter(pk=note_id).first()
    if note is None:
        raise NotFound
    return note


def _own(by: Actor, note: Note) -> Note:
    if note.author_id != by.user_id:
        raise Refusal("contacts.not_your_note", _("This note was written by somebody else."), status=403)
    return note


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        sentence = _("Write something first.")
        raise Refusal("contacts.empty_note", sentence, fields={"text": sentence})
    if len(text) > LONGEST_NOTE:
        sentence = _("This is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}
        raise Refusal("contacts.long_note", sentence, fields={"text": sentence})
    return text
