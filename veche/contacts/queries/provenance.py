"""Where a value on the card is from: the import, form or colleague that brought it, and who has changed it since."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from veche.accounts.queries import names_of
from veche.contacts import registry
from veche.contacts.events import ContactAdded
from veche.contacts.fields import LABELS
from veche.contacts.models import Contact, FieldChange, Origin
from veche.contacts.queries.telling import Narrator
from veche.contacts.queries.territory_reasons import territory_reasons
from veche.contacts.queries.timeline import CHANGES, Line
from veche.core.actor import Actor
from veche.core.ledger import history
from veche.core.refusal import NotFound
from veche.ui import formats

SHOWN = 6  # changes told of, the newest first
_WHOLE = {"who": ("name", "birthday", "gender"), "standing": ("status", "responsible", "territory")}
_FIELDS = {
    "name": ("name", "surname", "given_name", "patronymic"),
    "birthday": ("birthday", "birth_year", "birth_month", "birth_day"),
    "gender": ("gender",),
    "status": ("status",),
    "responsible": ("responsible",),
    "territory": ("territory",),
    "caution": ("caution", "caution_until"),
    "kind": ("kind",),
}


def provenance(actor: Actor, contact: Contact, code: str) -> list[str]:
    """Whole sentences about value `code` of a contact that `actor` has looked up, the newest first.

    Codes: a key of the fields above or of several together, ``own.<key>``, ``point.<id>`` or ``address.<id>``.
    `NotFound` for any other.
    """
    if code in _WHOLE:
        return [
            _("%(field)s: %(told)s") % {"field": LABELS[part], "told": sentence}
            for part in _WHOLE[code]
            if _has(contact, part)
            for sentence in provenance(actor, contact, part)
        ]
    changes, origin = _changes(contact, code)
    narrator = Narrator(
        actor, [Line((change.at, CHANGES, change.pk), changes=[change]) for change in changes]
    )
    files = {row.batch: row for row in contact.origins.filter(batch__isnull=False)}
    told = [_tell(narrator, change, files) for change in changes]
    if not any(change.before in (None, "") and not change.is_undo for change in changes):
        told.append(_first(contact, origin))
    if code == "territory":
        told = [*territory_reasons(actor, contact), *told]
    return [*told, *(sentence for tell in registry.value_tellers for sentence in tell(actor, contact, code))]


def _has(contact: Contact, code: str) -> bool:
    """Whether the field holds something now or ever did."""
    if code == "birthday":
        held: Any = contact.birth_year or contact.birth_month or contact.birth_day
    else:
        held = getattr(contact, f"{code}_id" if code in _WHOLE["standing"] else code)
    return bool(held) or contact.changes.filter(field__in=_FIELDS[code]).exists()


def _changes(contact: Contact, code: str) -> tuple[list[FieldChange], Origin | None]:
    kind, _dot, key = code.partition(".")
    rows = contact.changes.order_by("-id")
    if code in _FIELDS or kind == "own":
        return list(rows.filter(field__in=_FIELDS.get(code, (code,)))[:SHOWN]), None
    held: Any = {"point": contact.points, "address": contact.addresses}.get(kind)
    row = held.select_related("origin").filter(pk=key).first() if held and key.isdecimal() else None
    if row is None:
        raise NotFound
    field, value = (row.kind, row.value) if kind == "point" else ("address", row.text)
    spoken = Q(before__id=row.pk) | Q(after__id=row.pk) | Q(before__isnull=True, after=value)
    return list(rows.filter(spoken, field=field)[:SHOWN]), row.origin


def _tell(narrator: Narrator, change: FieldChange, files: dict[int, Origin]) -> str:
    words = {
        "who": narrator.people.get(change.by_id) or _("a colleague who is gone")
        if change.by_id
        else _("Veche itself"),
        "when": formats.moment(change.at),
        "before": narrator.value(change.field, change.before),
    }
    if change.batch:
        words["file"] = _file(change.batch, files)
        if change.is_undo:
            return _("Undo of the import %(file)s: %(who)s, %(when)s. Before the undo: %(before)s.") % words
        if change.before in (None, "", []):
            return _("From the import %(file)s, %(when)s. Loaded by: %(who)s.") % words
        return _("From the import %(file)s, %(when)s. Loaded by: %(who)s. Before: %(before)s.") % words
    if change.before in (None, "", []):
        return _("Added by: %(who)s, %(when)s.") % words
    return _("Changed by: %(who)s, %(when)s. Before: %(before)s.") % words


def _file(batch: int, files: dict[int, Origin]) -> str:
    origin = files.get(batch)
    if origin is None or not origin.batch_name:
        return _("No. %(number)s") % {"number": batch}
    if origin.batch_row:
        return _("“%(file)s”, row %(row)s") % {
            "file": origin.batch_name,
            "row": formats.count(origin.batch_row),
        }
    return _("“%(file)s”") % {"file": origin.batch_name}


def _first(contact: Contact, origin: Origin | None) -> str:
    """How the value came with the contact itself, when nothing tells of it being added later."""
    origin = origin or contact.origins.order_by("made_at", "id").first()
    added = history(contact_id=contact.pk, limit=1, kinds=[ContactAdded.kind])
    adder = added[0].actor_id if added else None
    who = names_of([adder]).get(adder, "") if adder else ""
    at = origin.made_at if origin else contact.made_at
    words = {"when": formats.moment(at), "who": who or _("Veche itself")}
    if origin and origin.batch:
        words["file"] = _file(origin.batch, {origin.batch: origin})
        return _("From the import %(file)s, %(when)s. Loaded by: %(who)s.") % words
    if origin and origin.channel != Origin.Channel.BY_HAND:
        words["channel"] = origin.get_channel_display()
        return _("%(channel)s, %(when)s. Written down by: %(who)s.") % words
    return _("Typed in by: %(who)s, %(when)s.") % words
