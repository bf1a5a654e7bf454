"""What names in a file stand for: tags, roles, statuses, campaigns, colleagues, own fields and their choices.

A check only looks (what is missing gets a number of its own, below zero, so that it counts as new); a load makes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from veche.accounts.queries import colleagues_for
from veche.campaigns.queries import running_for
from veche.contacts.actions.bulk_words import add_choices, add_own_fields, add_words, known_words
from veche.contacts.models import OwnField
from veche.core.actor import Actor
from veche.exchange.mapping import NEW_FIELD
from veche.exchange.mapping.targets import FIELD_PREFIX
from veche.exchange.models import Import

_MADE = {
    "tags": "tags",
    "role": "roles",
    "status": "statuses",
}  # target → list whose missing entries are made
_FOUND = {
    "campaign": "campaigns",
    "responsible": "users",
}  # target → list where an unknown name stays unknown
_IN_DRAFT = {
    "tags": "tags",
    "roles": "roles",
    "statuses": "status",
    "campaigns": "campaigns",
    "users": "responsible",
}
CHOICES = (OwnField.Type.CHOICE, OwnField.Type.MANY_CHOICES)


@dataclass
class Words:
    """`ids` by list and lower-case name; `own` by the draft's key: {"key", "choices"}; the other two by list."""

    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    tag_ids: list[int] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)


def look_up(imported: Import, *, by: Actor, same: bool = False) -> Words:
    """All words of a staged file, without making anything. `same`: the rows hold no others than at the last check."""
    words, found = _known(imported, by, same=same)
    for name in _MADE.values():
        lacking = _lacking(found.get(name, ()), words.ids[name])
        if lacking:
            words.missing[name] = lacking
            words.ids[name] |= {word.lower(): -1 - place for place, word in enumerate(lacking)}
    words.tag_ids = [words.ids["tags"][tag.lower()] for tag in imported.tags]
    for key, plan in _own_plans(imported):
        there = OwnField.objects.filter(key=key).first()
        choices = {choice["label"].lower(): choice["id"] for choice in there.choices} if there else {}
        labels = _labels(imported, key) if plan["field_type"] in CHOICES else None
        words.own[key] = {
            "key": key,
            "choices": None
            if labels is None
            else {each.lower(): choices.get(each.lower(), f"?{each}") for each in labels},
        }
    return words


def make_missing(imported: Import, *, by: Actor) -> Words:
    """All words of a staged file, those made that are missing. Running it again finds everything there."""
    words, found = _known(imported, by)
    wanted = {name: list(found.get(name, ())) for name in _MADE.values()}
    if any(wanted.values()):
        words.ids |= add_words(by=by, words=wanted)
    words.tag_ids = [words.ids["tags"][tag.lower()] for tag in imported.tags]
    plans = _own_plans(imported)
    fresh = [(key, plan) for key, plan in plans if key.startswith("new:")]
    given = [{"label": plan["label"], "type": plan["field_type"]} for _key, plan in fresh]
    made = add_own_fields(by=by, fields=given) if given else []
    fields = {key: own for (key, _plan), own in zip(fresh, made, strict=True)}
    for key, _plan in plans:
        own = fields.get(key) or OwnField.objects.filter(key=key, archived_at__isnull=True).first()
        if own is None:
            continue  # archived meanwhile: its values stay in the rows of the import
        choices = (
            add_choices(by=by, field=own, labels=_labels(imported, key)) if own.type in CHOICES else None
        )
        words.own[key] = {"key": own.key, "choices": choices}
    return words


def _known(imported: Import, by: Actor, *, same: bool = False) -> tuple[Words, dict[str, list[str]]]:
    targets = {plan["target"] for plan in imported.mapping}
    wanted = {**_MADE, **_FOUND}
    if same:  # only those that a list lacks matter
        found = dict(imported.totals["check"]["new_words"]) | dict(imported.totals["check"]["unknown_words"])
    else:
        found = {
            name: _in_drafts(imported, _IN_DRAFT[name])
            for target, name in wanted.items()
            if target in targets
        }
    found["tags"] = [*found.get("tags", ()), *imported.tags]
    words = Words({name: known_words(name) for name in _MADE.values()})
    words.ids["campaigns"] = {name.lower(): pk for pk, name in running_for(by).values_list("id", "name")}
    words.ids["users"] = {
        text.lower(): pk
        for pk, *texts in colleagues_for(by).values_list("id", "name", "email")
        for text in texts
        if text
    }
    for name in _FOUND.values():
        if lacking := _lacking(found.get(name, ()), words.ids[name]):
            words.unknown[name] = lacking[:100]
    return words, found


def _lacking(wanted: Iterable[str], known: dict[str, int]) -> list[str]:
    return list({word.lower(): word for word in wanted if word.lower() not in known}.values())


def _in_drafts(imported: Import, name: str) -> list[str]:
    is_list = name in ("tags", "roles", "campaigns")
    each = "jsonb_array_elements_text(draft -> %s)" if is_list else "LATERAL (SELECT draft ->> %s)"
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT DISTINCT word FROM exchange_importrow, {each} AS words(word)"
            " WHERE batch_id = %s AND verdict <> 'reject' AND word <> '' ORDER BY word",
            [name, imported.pk],
        )
        return [row[0] for row in sql.fetchall()]


def _own_plans(imported: Import) -> list[tuple[str, dict[str, Any]]]:
    """(the draft's key, column) of the columns that become own fields."""
    return [
        (
            f"new:{plan['index']}"
            if plan["target"] == NEW_FIELD
            else plan["target"].removeprefix(FIELD_PREFIX),
            plan,
        )
        for plan in imported.mapping
        if plan["target"].startswith(FIELD_PREFIX)
    ]


def _labels(imported: Import, key: str) -> list[str]:
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT DISTINCT label FROM (SELECT draft -> 'own' -> %s AS value FROM exchange_importrow
                WHERE batch_id = %s AND verdict <> 'reject' AND draft -> 'own' ? %s) AS held,
            LATERAL (
                SELECT value #>> '{}' WHERE jsonb_typeof(value) = 'string'
                UNION ALL
                SELECT jsonb_array_elements_text(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END)
            ) AS labels(label) ORDER BY label
            """,
            [key, imported.pk, key],
        )
        return [row[0] for row in sql.fetchall()]
