"""The history of a contact in words: what a change was, what an entry of the ledger means, who did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from veche.accounts.models import Territory
from veche.accounts.queries import names_of
from veche.campaigns.queries import campaigns_for
from veche.contacts import registry
from veche.contacts.events import (
    CampaignJoined,
    CampaignLeft,
    ContactAdded,
    ContactsMerged,
    ContactsUnmerged,
    TagPut,
    TagTaken,
)
from veche.contacts.fields import CLEANERS, LABELS
from veche.contacts.mentions import in_words, mentioned
from veche.contacts.models import (
    FieldChange,
    Gender,
    Kind,
    MergedContact,
    Note,
    Origin,
    OwnField,
    PointKind,
    RoleKind,
    Status,
    Tag,
)
from veche.contacts.models.reach import Purpose, Validity
from veche.contacts.models.standing import Named
from veche.contacts.own_values import show_own
from veche.contacts.queries.card import PHONES, point_text
from veche.contacts.queries.choices import tags_seen_by
from veche.contacts.queries.household_telling import describe_ties
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.timeline import Line
from veche.contacts.registry import Told
from veche.core.actor import SYSTEM, Actor
from veche.core.ledger import Entry
from veche.ui import formats

NAMED = {"status": Status, "territory": Territory}  # fields that hold the id of a row with a name


@dataclass(frozen=True)
class Sentence:
    """One line of the history, ready to be shown. `revert_id` is the change that a press puts back."""

    line: Line
    title: str
    body: list[str]
    who: str
    icon: str = "pencil"
    tone: str = ""
    url: str = ""
    revert_id: int | None = None

    @property
    def note(self) -> Note | None:
        return self.line.note


class Narrator:
    """Tells a page of lines for one viewer: looks up all names at once, then finds the words."""

    def __init__(self, actor: Actor, lines: list[Line]) -> None:
        self.actor = actor
        self.lines = lines
        self.masks = not sees_phones(actor)
        changes = [change for line in lines for change in line.changes]
        self.own = self._own_fields(changes)
        roles = {value["role"] for change in changes for value in _dicts(change) if "role" in value}
        wanted = {field: model.objects.filter(pk__in=_ids(changes, field)) for field, model in NAMED.items()}
        wanted["role"] = RoleKind.objects.filter(pk__in={key for key in roles if isinstance(key, int)})
        self.names = _names(wanted)
        self.roles = self.names.pop("role")
        people = {line.actor_id for line in lines} | _ids(changes, "responsible")
        people |= {key for change in changes for key in self._own_people(change)}
        people |= {key for text in _noted(lines) for key in mentioned(text)}
        self.people = names_of(people)
        self.told = self._describe([line.entry for line in lines if line.entry])

    def tell(self, line: Line) -> Sentence:
        """The words for one line."""
        who = self._who(line)
        if line.note:
            return Sentence(line, "", [self._noted(line.note.text)], who, icon="note")
        if line.entry:
            told = self.told[line.entry.id]
            return Sentence(
                line, told.title, [told.body] if told.body else [], who, told.icon, told.tone, told.url
            )
        return self._tell_changes(line, who)

    def value(self, code: str, value: Any) -> str:
        """A value as `FieldChange` keeps it, in words."""
        return self._value(code, value)

    def _who(self, line: Line) -> str:
        if line.changes and line.changes[0].is_undo:
            who = self.people.get(line.actor_id, _("Veche itself"))
            if not line.batch:
                return _("undo of a change of many people, %(who)s") % {"who": who}
            return _("undo of import No. %(number)s, %(who)s") % {"number": line.batch, "who": who}
        if line.batch:
            return _("import No. %(number)s") % {"number": line.batch}
        if line.actor_id:
            return self.people.get(line.actor_id, _("a colleague who is gone"))
        return _("Veche itself") if not line.entry or line.entry.via == SYSTEM else ""

    def _tell_changes(self, line: Line, who: str) -> Sentence:
        if len(line.changes) == 1:
            change = line.changes[0]
            icon = {"address": "map-pin", "role": "id-badge", "note": "note-off"}.get(change.field, "pencil")
            revert = change.pk if self._may_revert(change) or _is_snapshot(change) else None
            return Sentence(line, self._title(change), [self._values(change)], who, icon, revert_id=revert)
        fields = ", ".join(self._label(change.field) for change in line.changes)
        body = [
            _("%(field)s: %(values)s") % {"field": self._label(change.field), "values": self._values(change)}
            for change in line.changes
        ]
        revert = line.changes[0].pk if all(self._may_revert(change) for change in line.changes) else None
        title = _("Undone: %(fields)s") if line.changes[0].is_undo else _("Changed: %(fields)s")
        return Sentence(line, title % {"fields": fields}, body, who, revert_id=revert)

    def _may_revert(self, change: FieldChange) -> bool:
        return change.batch is None and (change.field in CLEANERS or change.field.startswith("own."))

    def _title(self, change: FieldChange) -> str:
        words = {"field": self._label(change.field)}
        if _empty(change.before):
            return _("Added: %(field)s") % words
        if _empty(change.after):
            return _("Removed: %(field)s") % words
        return _("Changed: %(field)s") % words

    def _label(self, code: str) -> str:
        if code.startswith("own."):
            field = self.own.get(code.removeprefix("own."))
            return field.label if field else code
        label = str(LABELS.get(code, code))
        return label if code in ("telegram", "max", "whatsapp") else label[:1].lower() + label[1:]

    def _values(self, change: FieldChange) -> str:
        if _empty(change.before):
            return self._value(change.field, change.after)
        if _empty(change.after):
            return self._value(change.field, change.before)
        before, after = self._value(change.field, change.before), self._value(change.field, change.after)
        if before == after and isinstance(change.after, dict):
            return _("%(value)s: order or remarks") % {"value": after}
        return f"{before} → {after}"

    def _value(self, code: str, value: Any) -> str:
        """A stored value in words."""
        if _empty(value):
            return formats.NONE
        if code.startswith("own."):
            field = self.own.get(code.removeprefix("own."))
            return show_own(field, value, self.people) if field else str(value)
        if isinstance(value, list):
            return ", ".join(self._value(code, each) for each in value)
        if isinstance(value, dict):
            return self._snapshot(code, value)
        if code in PHONES:
            return point_text(code, str(value), masked=self.masks)
        if code in ("kind", "gender"):
            return str((Kind if code == "kind" else Gender)(value).label)
        if code in self.names:
            return self.names[code].get(value, f"№ {value}")
        if code == "responsible":
            return self.people.get(value, f"№ {value}")
        if code == "caution_until":
            return formats.exact_day(dt.date.fromisoformat(value))
        return str(value)

    def _snapshot(self, code: str, row: dict[str, Any]) -> str:
        if code == "role":
            words = [self.roles.get(row["role"], "?"), row.get("note")]
            for name, sentence in (("since", _("since %(day)s")), ("until", _("until %(day)s"))):
                if row.get(name):
                    words.append(sentence % {"day": formats.exact_day(dt.date.fromisoformat(row[name]))})
            return ", ".join(filter(None, words))
        if code == "note":
            return self._noted(row.get("text", ""))
        if code in PointKind.values:
            text = point_text(code, row.get("value", ""), row.get("extension", ""), masked=self.masks)
        else:
            text = row.get("text", "")
        words = [
            str(Purpose(row["purpose"]).label) if row.get("purpose") else "",
            str(Validity(row["validity"]).label) if row.get("validity") not in (None, "unchecked") else "",
            row.get("note", ""),
        ]
        remarks = ", ".join(word[:1].lower() + word[1:] for word in words if word)
        return f"{text} ({remarks})" if remarks else text

    def _noted(self, text: str) -> str:
        return in_words(text, self.people, _("a colleague who is gone"))

    def _describe(self, found: list[Entry]) -> dict[int, Told]:
        told: dict[int, Told] = {}
        for room, describe in registry.describers.items():
            mine = [entry for entry in found if entry.kind.startswith(f"{room}.")]
            if mine:
                told |= describe(self.actor, mine)
        for entry in found:
            default = told.get(entry.id) or Told(str(entry.event.label if entry.event else entry.kind))
            icon = default.icon or (entry.event.icon if entry.event else "point")
            told[entry.id] = Told(default.title, default.body, default.url, icon, default.tone)
        return told

    def _own_fields(self, changes: list[FieldChange]) -> dict[str, OwnField]:
        keys = {change.field.removeprefix("own.") for change in changes if change.field.startswith("own.")}
        return {field.key: field for field in OwnField.objects.filter(key__in=keys)} if keys else {}

    def _own_people(self, change: FieldChange) -> set[int]:
        field = self.own.get(change.field.removeprefix("own."))
        values = {change.before, change.after} if field and field.type == OwnField.Type.USER else set()
        return {value for value in values if isinstance(value, int)}


def describe_own_entries(actor: Actor, found: list[Entry]) -> dict[int, Told]:
    """This room's describer: tags and campaigns by name, where a contact came from."""
    tags_put = {entry.object_id for entry in found if entry.kind in (TagPut.kind, TagTaken.kind)}
    joined = {entry.object_id for entry in found if entry.kind in (CampaignJoined.kind, CampaignLeft.kind)}
    named = _names(
        {
            "tag": Tag.objects.filter(tags_seen_by(actor), pk__in=tags_put),
            "campaign": campaigns_for(actor).filter(pk__in=joined),
        }
    )
    tags, campaigns = named["tag"], named["campaign"]
    gone = _gone({e.object_id for e in found if e.kind in (ContactsMerged.kind, ContactsUnmerged.kind)})
    told = describe_ties(actor, found)
    for entry in found:
        if entry.kind == ContactAdded.kind:
            channel = entry.data.get("channel", "")
            body = Origin.Channel(channel).label if channel in Origin.Channel.values else ""
            told[entry.id] = Told(str(ContactAdded.label), str(body))
        elif entry.kind in (TagPut.kind, TagTaken.kind):
            told[entry.id] = Told(
                str(entry.event.label), tags.get(entry.object_id, _("a tag of another team"))
            )
        elif entry.kind in (ContactsMerged.kind, ContactsUnmerged.kind):
            told[entry.id] = _told_merge(actor, entry, gone.get(entry.object_id, []))
        elif entry.kind in (CampaignJoined.kind, CampaignLeft.kind):
            name = campaigns.get(entry.object_id, _("a campaign of another team"))
            told[entry.id] = Told(str(entry.event.label), name)
    return told


def _gone(merge_ids: set[int | None]) -> dict[int, list[str]]:
    """Who went in each of these merges, by name and number."""
    gone: dict[int, list[str]] = {}
    rows = MergedContact.objects.filter(merge_id__in=merge_ids - {None}) if merge_ids else ()
    for row in rows:
        words = _("%(name)s (№ %(number)s)") if row.name else _("№ %(number)s")
        named = words % {"name": row.name, "number": formats.count(row.former_id)}
        gone.setdefault(row.merge_id, []).append(named)
    return gone


def _told_merge(actor: Actor, entry: Entry, gone: list[str]) -> Told:
    """With whom the card was merged, or that it was undone; the undo stands on the page that the line leads to."""
    url = reverse("contacts:merge", args=[entry.object_id]) if actor.may("contacts.merge") else ""
    return Told(str(entry.event.label), ", ".join(gone), url, entry.event.icon)


def _noted(lines: list[Line]) -> list[str]:
    """The texts of notes in the lines, removed ones too."""
    texts = [line.note.text for line in lines if line.note]
    return texts + [
        value.get("text", "")
        for line in lines
        for change in line.changes
        if change.field == "note"
        for value in _dicts(change)
    ]


def _names(wanted: dict[str, QuerySet[Any]]) -> dict[str, dict[int, str]]:
    """What rows of several kinds are called, all of them in one question."""
    parts = []
    for what, rows in wanted.items():
        code = F("code") if issubclass(rows.model, Named) else Value("")
        parts.append(rows.order_by().values_list(Value(what), "pk", code, "name"))
    found: dict[str, dict[int, str]] = {what: {} for what in wanted}
    for what, key, code, name in parts[0].union(*parts[1:], all=True):
        found[what][key] = name or str(Status(code=code))
    return found


def _ids(changes: Iterable[FieldChange], code: str) -> set[int]:
    values = [value for change in changes if change.field == code for value in (change.before, change.after)]
    return {value for value in values if isinstance(value, int)}


def _dicts(change: FieldChange) -> list[dict[str, Any]]:
    return [value for value in (change.before, change.after) if isinstance(value, dict)]


def _is_snapshot(change: FieldChange) -> bool:
    """Whether the change keeps whole rows, so that it can be put back by itself."""
    values = [value for value in (change.before, change.after) if value is not None]
    return bool(values) and all(isinstance(value, dict) and "id" in value for value in values)


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []
