"""Whom a change of many people means, and what it sets: checked and frozen at its start. Called by `mass_changes`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.campaigns.queries import campaigns_for, running_for
from veche.contacts.actions.mass_fields import FIELDS
from veche.contacts.fields import clean_value
from veche.contacts.models import MassChange, Tag
from veche.contacts.own_values import clean_own
from veche.contacts.queries.choices import tags_for, tags_seen_by
from veche.contacts.queries.own import own_field, own_fields
from veche.contacts.queries.people_found import found
from veche.contacts.queries.scope import visible_sql
from veche.core.actor import Actor
from veche.core.refusal import NotFound, Refusal

Kind = MassChange.Kind

_FREEZE = """
INSERT INTO contacts_masschunk (mass_change_id, number, ids, values)
SELECT %s, n / %s, array_agg(id ORDER BY id), jsonb_object_agg(id, own) FILTER (WHERE own IS NOT NULL)
FROM (SELECT id, own, row_number() OVER (ORDER BY id) - 1 AS n FROM ({source}) AS meant(id, own)) AS numbered
GROUP BY 2 RETURNING cardinality(ids)
"""
_PICKED = """
SELECT contact.id, given.own FROM contacts_contact AS contact
JOIN (SELECT * FROM unnest(%s::bigint[], %s::jsonb[])) AS given(id, own) ON given.id = contact.id WHERE {visible}
"""


def checked_value(by: Actor, kind: str, what: str, value: Any) -> Any:
    """What is stored for `value`; `Refusal` or `NotFound` when `by` may not give it."""
    match kind:
        case Kind.TAG_PUT:
            return _known(tags_for(by), value)
        case Kind.TAG_TAKE:
            return _known(Tag.objects.filter(tags_seen_by(by)), value)
        case Kind.CAMPAIGN_PUT:
            return _known(running_for(by), value)
        case Kind.CAMPAIGN_TAKE:
            return _known(campaigns_for(by), value)
        case Kind.STATUS | Kind.RESPONSIBLE | Kind.TERRITORY:
            return clean_value(kind, value)[f"{kind}_id"]
        case Kind.OWN:
            return clean_own(own_field(what), value)
    return None


def checked_values(values: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Each person's own values, cleaned, as `FieldChange` keeps them; those without any are left out."""
    codes = {code for each in values.values() for code in each}
    keys = [code.removeprefix("own.") for code in codes if code.startswith("own.")]
    own = {f"own.{field.key}": field for field in own_fields(keys=keys)} if keys else {}
    if unknown := codes - {*FIELDS, *own}:
        raise ValueError(f"A bulk change sets no {', '.join(sorted(unknown))}.")
    return {
        int(key): {code: _cleaned(own, code, value) for code, value in each.items()}
        for key, each in values.items()
        if each
    }


def freeze(
    by: Actor, mass: MassChange, *, size: int, ids: Collection[int] | None, asked: str | None,
    values: Mapping[int, Mapping[str, Any]] | None,
) -> None:  # fmt: skip
    """Keep the ids of all who are meant and whom `by` may see, in portions of `size`; `Refusal` when nobody is."""
    if ids is not None:
        picked = list(dict.fromkeys(ids))
        own = [json.dumps(values[key]) if values else None for key in picked]
        visible, given = visible_sql(by)
        source, params = _PICKED.format(visible=visible), [picked, own, *given]
        meant = len(picked)
    else:
        people = found(by, asked or "").usable()
        mass.words = mass.words or people.words
        source, params, meant = (
            f"SELECT id, NULL::jsonb FROM ({people.ids.text}) AS found",
            people.ids.params,
            0,
        )
    with connection.cursor() as sql:
        sql.execute(_FREEZE.format(source=source), [mass.pk, size, *params])
        frozen = sum(row[0] for row in sql.fetchall())
    if not frozen:
        raise Refusal("people.nobody", _("Nobody is chosen, or those who were are there no more."))
    mass.people = max(meant, frozen)
    if meant > frozen:
        mass.skipped = {"out": meant - frozen}
    mass.save(update_fields=["words", "people", "skipped"])


def _known(rows: Any, key: Any) -> int:
    if not str(key).isdecimal() or len(str(key)) > 18 or not rows.filter(pk=int(key)).exists():
        raise NotFound
    return int(key)


def _cleaned(own: Mapping[str, Any], code: str, value: Any) -> Any:
    if code in own:
        return clean_own(own[code], value)
    columns = clean_value(code, value)
    return next(iter(columns.values()))
