"""Phones and e-mails put right in a change of many people, and its undo, in sets. Called by `mass_changes` only.

Each person has points by id with what they become: ``{"was": value, "value": …, "as_given": …, "extension": …,
"validity": …}``. A point that is no longer what it `was`, or is gone, is left alone.
"""

from __future__ import annotations

from typing import Any

from veche.contacts.events import PointChanged
from veche.contacts.models import MassChange
from veche.core.actor import Actor
from veche.core.ledger import publish_set

COLUMNS = ("value", "as_given", "extension", "validity")

_SNAPSHOT = """jsonb_build_object('id', p.id, 'value', p.value, 'as_given', p.as_given, 'extension', p.extension,
    'purpose', p.purpose, 'validity', p.validity, 'note', p.note, 'position', p.position, 'origin_id', p.origin_id,
    'kind', p.kind)"""
_PLAN = f"""
CREATE TEMP TABLE mass_point ON COMMIT DROP AS
SELECT f.contact_id, f.point_id, p.kind, {_SNAPSHOT} AS now, f.new - 'was' AS new,
       CASE WHEN p.id IS NULL OR p.value <> f.new ->> 'was' THEN 'since'
            WHEN (p.value, p.as_given, p.extension, p.validity)
                 = (f.new ->> 'value', f.new ->> 'as_given', f.new ->> 'extension', f.new ->> 'validity') THEN 'same'
            WHEN EXISTS (SELECT 1 FROM contacts_contactpoint AS other WHERE other.contact_id = p.contact_id
                         AND other.id <> p.id AND other.kind = p.kind AND other.value = f.new ->> 'value'
                         AND other.extension = f.new ->> 'extension') THEN 'since'
            ELSE 'go' END AS verdict
FROM (SELECT person.key::bigint AS contact_id, each.key::bigint AS point_id, each.value AS new
      FROM jsonb_each(%(values)s::jsonb) AS person, jsonb_each(person.value) AS each
      WHERE person.key::bigint = ANY(%(seen)s)) AS f
LEFT JOIN contacts_contactpoint AS p ON p.id = f.point_id AND p.contact_id = f.contact_id
"""
_NOTE = """
INSERT INTO contacts_massoutcome (mass_change_id, contact_id, what, before)
SELECT %(mass)s, contact_id, CASE WHEN bool_or(verdict = 'go') THEN 'changed'
                                  WHEN bool_or(verdict = 'since') THEN 'since' ELSE 'same' END,
       jsonb_object_agg(point_id, now) FILTER (WHERE verdict = 'go')
FROM mass_point GROUP BY contact_id ORDER BY contact_id RETURNING what
"""
# Ours while the point is still as this change left it.
_BACK = f"""
CREATE TEMP TABLE mass_point ON COMMIT DROP AS
SELECT o.contact_id, f.point_id, p.kind, {_SNAPSHOT} AS now, f.old AS new,
       CASE WHEN p.id IS NULL OR ours.after IS NULL
                 OR (p.value, p.as_given, p.extension, p.validity) IS DISTINCT FROM (ours.after ->> 'value',
                     ours.after ->> 'as_given', ours.after ->> 'extension', ours.after ->> 'validity') THEN 'kept'
            WHEN EXISTS (SELECT 1 FROM contacts_contactpoint AS other WHERE other.contact_id = p.contact_id
                         AND other.id <> p.id AND other.kind = p.kind AND other.value = f.old ->> 'value'
                         AND other.extension = f.old ->> 'extension') THEN 'kept'
            ELSE 'go' END AS verdict
FROM contacts_massoutcome AS o
CROSS JOIN LATERAL (SELECT key::bigint AS point_id, value AS old FROM jsonb_each(o.before)) AS f
LEFT JOIN contacts_contactpoint AS p ON p.id = f.point_id AND p.contact_id = o.contact_id
LEFT JOIN LATERAL (
    SELECT after FROM contacts_fieldchange AS mine
    WHERE mine.contact_id = o.contact_id AND mine.at >= %(since)s AND mine.request_id = %(change_request)s
      AND NOT mine.is_undo AND (mine.after ->> 'id')::bigint = f.point_id AND mine.field = p.kind
    ORDER BY id DESC LIMIT 1
) AS ours ON true
WHERE o.mass_change_id = %(mass)s AND o.contact_id = ANY(%(seen)s)
"""
_SETTLED = """
SELECT contact_id, CASE WHEN bool_or(verdict = 'kept') THEN 'kept' ELSE 'undone' END FROM mass_point GROUP BY contact_id
"""
_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, is_undo, request_id)
SELECT contact_id, kind, now, now || new, %(now)s, %(author)s, %(is_undo)s, %(request)s
FROM mass_point WHERE verdict = 'go' ORDER BY contact_id, point_id
"""
_WRITE = """
UPDATE contacts_contactpoint AS p SET value = m.new ->> 'value', as_given = m.new ->> 'as_given',
    extension = m.new ->> 'extension', validity = m.new ->> 'validity'
FROM mass_point AS m WHERE m.verdict = 'go' AND p.id = m.point_id
"""
_REVISIONS = """
UPDATE contacts_contact AS c SET revision = c.revision + 1, changed_at = %(now)s
FROM (SELECT DISTINCT contact_id FROM mass_point WHERE verdict = 'go') AS m WHERE c.id = m.contact_id
"""
_EVENTS = """
SELECT m.contact_id, m.point_id, jsonb_build_object('point', m.kind, 'change', 'changed',
    'fields', jsonb_build_array(m.kind || '.' || m.point_id), 'revision', c.revision)
FROM mass_point AS m JOIN contacts_contact AS c ON c.id = m.contact_id WHERE m.verdict = 'go' ORDER BY 1, 2
"""


def change(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> list[str]:
    """Put the points of the people `seen` right; returns what became of each person."""
    sql.execute("DROP TABLE IF EXISTS pg_temp.mass_point")
    sql.execute(_PLAN, params)
    sql.execute(_NOTE, params)
    outcomes = [row[0] for row in sql.fetchall()]
    _write(sql, by, params | {"is_undo": False})
    return outcomes


def undo(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> dict[int, str]:
    """Put back each point that is still as this change left it; returns what became of each person."""
    sql.execute("DROP TABLE IF EXISTS pg_temp.mass_point")
    sql.execute(_BACK, params)
    _write(sql, by, params | {"is_undo": True})
    sql.execute(_SETTLED)
    return dict(sql.fetchall())


def _write(sql: Any, by: Actor, params: dict[str, Any]) -> None:
    sql.execute(_HISTORY, params)
    sql.execute(_WRITE)
    sql.execute(_REVISIONS, params)
    publish_set(PointChanged(point="", change="changed"), by=by, select=_EVENTS)
