"""Entries of the team's lists that a set of contacts needs: tags, roles, statuses, own fields and their choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import iuliia
from django.db import connection
from django.db.models import Max
from django.utils import translation
from django.utils.text import slugify

from veche.contacts.events import WordsAdded
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.core.refusal import Refusal
from veche.core.uniqueness import unless_taken

LISTS = {"tags": Tag, "roles": RoleKind, "statuses": Status}
COLOURS = 6
STEP = 10  # between neighbours in an order, as the settings page has it
LOOKS = 3  # each further one means that somebody made the same field since the one before
_LISTS_LOCK = 0x4C495354  # one adder at a time, so that two imports do not make the same word twice


def known_words(name: str, *, archived: bool = False) -> dict[str, int]:
    """Lower-case name → id of the entries in use (or of those in the archive); shipped ones go by both languages."""
    entries = LISTS[name].objects.filter(archived_at__isnull=not archived)
    if name == "tags":
        return {
            word.lower(): number for word, number in entries.filter(campaign=None).values_list("name", "id")
        }
    found: dict[str, int] = {}
    for entry in entries:
        for language in ("ru", "en"):
            with translation.override(language):
                found.setdefault(str(entry).lower(), entry.pk)
        if entry.code:
            found.setdefault(entry.code, entry.pk)
    return found


@action("contacts.shape")
def add_words(*, by: Actor, words: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """Make the entries that are missing of `words` (by list: tags, roles, statuses); returns all known ones by list.

    One that lies in the archive comes out of it; one that somebody else makes in the same instant is taken.
    """
    _lock()
    everything, added = {}, False
    for name, wanted in words.items():
        known = known_words(name)
        missing: dict[str, str] = {}
        for text in (word.strip()[:100].strip() for word in wanted):
            if text and text.lower() not in known:
                missing.setdefault(text.lower(), text)
        everything[name] = known | (_add(name, missing, len(known)) if missing else {})
        fresh = sorted(everything[name][word] for word in missing)
        if fresh:
            publish(WordsAdded(list=name, ids=tuple(fresh)[:100]), by=by)
            added = True
    if not added:
        unchanged()
    return everything


def _add(name: str, missing: Mapping[str, str], first: int) -> dict[str, int]:
    """Lower-case name → id of entries brought out of the archive, or made; `first` begins the row of colours."""
    model = LISTS[name]
    archived = known_words(name, archived=True)
    back = {lower: archived[lower] for lower in missing if lower in archived}
    model.objects.filter(pk__in=back.values()).update(archived_at=None)
    last = 0 if name == "tags" else _last(model)
    fresh = [
        model(
            name=text,
            **({} if name == "statuses" else {"colour": 1 + (first + place) % COLOURS}),
            **({} if name == "tags" else {"position": last + STEP * (1 + place)}),
        )
        for place, text in enumerate(text for lower, text in missing.items() if lower not in back)
    ]
    model.objects.bulk_create(fresh, ignore_conflicts=True)  # somebody else's of this instant is as good
    return back | {lower: number for lower, number in known_words(name).items() if lower in missing}


@action("contacts.shape")
def add_own_fields(*, by: Actor, fields: Sequence[Mapping[str, Any]]) -> list[OwnField]:
    """Make own fields, given as {label, type}; one of the same label and type that is there already is taken."""
    _lock()
    found, made = [], []
    for given in fields:
        label = " ".join(given["label"].split())[:90]
        field, is_new = _own_field(label, given["type"])
        found.append(field)
        if is_new:
            made.append(field.pk)
    if made:
        publish(WordsAdded(list="fields", ids=tuple(made)[:100]), by=by)
    else:
        unchanged()
    return found


class _Taken(Refusal):
    """Somebody has made the same one since we looked; nobody is told, theirs is as good."""

    def __init__(self) -> None:
        super().__init__("contacts.taken", "Somebody has made the same one.")


def _own_field(label: str, type_: str) -> tuple[OwnField, bool]:
    """The field of this label and type, made where there is none, and whether it was made."""
    for _look in range(LOOKS):
        known = {field.label.lower(): field for field in OwnField.objects.filter(archived_at=None)}
        free, place = label, 2
        while (there := known.get(free.lower())) is not None and there.type != type_:
            free, place = f"{label} ({place})", place + 1
        if there is not None:
            return there, False
        key = _free_key(free, set(OwnField.objects.values_list("key", flat=True)))
        once = dict.fromkeys(("contacts_own_field_once", "contacts_ownfield_key_key"), _Taken)
        with suppress(_Taken), unless_taken(once):
            return OwnField.objects.create(
                key=key, label=free, type=type_, position=_last(OwnField) + STEP
            ), True
    raise _Taken


@action("contacts.shape")
def add_choices(*, by: Actor, field: OwnField, labels: Iterable[str]) -> dict[str, str]:
    """Add what is missing to the choices of an own field; returns all its choices as lower-case label → id."""
    field = OwnField.objects.select_for_update().get(pk=field.pk)
    known = {choice["label"].lower(): choice["id"] for choice in field.choices}
    missing = {label.strip().lower(): label.strip() for label in labels if label.strip()}
    fresh = [label for lower, label in missing.items() if lower not in known]
    if not fresh:
        unchanged()
        return known
    numbers = [int(choice["id"]) for choice in field.choices if str(choice["id"]).isdecimal()]
    start = max(numbers, default=0) + 1
    field.choices += [{"id": str(start + place), "label": label[:100]} for place, label in enumerate(fresh)]
    field.save(update_fields=["choices"])
    publish(WordsAdded(list="choices", object_id=field.pk), by=by)
    return {choice["label"].lower(): choice["id"] for choice in field.choices}


def _lock() -> None:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [_LISTS_LOCK])


def _last(model: type[Status | RoleKind | OwnField]) -> int:
    return model.objects.aggregate(last=Max("position"))["last"] or 0


def _free_key(label: str, keys: set[str]) -> str:
    stem = slugify(iuliia.WIKIPEDIA.translate(label)).replace("-", "_")[:34] or "field"
    key, place = stem, 2
    while key in keys:
        key, place = f"{stem}_{place}", place + 1
    return key
