"""Entries of the team's lists that a set of contacts needs: tags, roles, statuses, own fields and their choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import iuliia
from django.db import connection
from django.utils import translation
from django.utils.text import slugify

from veche.contacts.events import WordsAdded
from veche.contacts.models import OwnField, RoleKind, Status, Tag
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish

LISTS = {"tags": Tag, "roles": RoleKind, "statuses": Status}
COLOURS = 6
_LISTS_LOCK = 0x4C495354  # one adder at a time, so that two imports do not make the same word twice


def known_words(name: str) -> dict[str, int]:
    """Lower-case name → id of the entries in use; shipped ones are known by their names in both languages."""
    if name == "tags":
        rows = Tag.objects.filter(archived_at__isnull=True, campaign__isnull=True).values_list("name", "id")
        return {word.lower(): number for word, number in rows}
    found: dict[str, int] = {}
    for entry in LISTS[name].objects.filter(archived_at__isnull=True):
        for language in ("ru", "en"):
            with translation.override(language):
                found.setdefault(str(entry).lower(), entry.pk)
        if entry.code:
            found.setdefault(entry.code, entry.pk)
    return found


@action("contacts.shape")
def add_words(*, by: Actor, words: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """Make the entries that are missing of `words` (by list: tags, roles, statuses); returns all known ones by list."""
    _lock()
    everything, added = {}, False
    for name, wanted in words.items():
        known = known_words(name)
        missing = {word.strip()[:100].lower(): word.strip()[:100] for word in wanted if word.strip()}
        fresh = [
            LISTS[name](name=word, **({} if name == "statuses" else {"colour": 1 + (len(known) + place) % COLOURS}))
            for place, (lower, word) in enumerate(missing.items()) if lower not in known
        ]  # fmt: skip
        made = LISTS[name].objects.bulk_create(fresh)
        if made:
            publish(WordsAdded(list=name, ids=tuple(entry.pk for entry in made)[:100]), by=by)
            added = True
        everything[name] = known | {entry.name.lower(): entry.pk for entry in made}
    if not added:
        unchanged()
    return everything


@action("contacts.shape")
def add_own_fields(*, by: Actor, fields: Sequence[Mapping[str, Any]]) -> list[OwnField]:
    """Make own fields, given as {label, type}; one of the same label and type that is there already is taken."""
    _lock()
    known = {field.label.lower(): field for field in OwnField.objects.filter(archived_at__isnull=True)}
    keys = set(OwnField.objects.values_list("key", flat=True))
    found, made = [], []
    for given in fields:
        label = " ".join(given["label"].split())[:90]
        there = known.get(label.lower())
        place = 2
        while there is not None and there.type != given["type"]:
            there = known.get(f"{label} ({place})".lower())
            place += 1
        if there is None:
            free = label if label.lower() not in known else f"{label} ({place - 1})"
            there = OwnField.objects.create(
                key=_free_key(free, keys), label=free, type=given["type"], position=len(known) + 1
            )
            known[free.lower()] = there
            made.append(there.pk)
        found.append(there)
    if made:
        publish(WordsAdded(list="fields", ids=tuple(made)[:100]), by=by)
    else:
        unchanged()
    return found


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


def _free_key(label: str, keys: set[str]) -> str:
    stem = slugify(iuliia.WIKIPEDIA.translate(label)).replace("-", "_")[:34] or "field"
    key, place = stem, 2
    while key in keys:
        key, place = f"{stem}_{place}", place + 1
    keys.add(key)
    return key
