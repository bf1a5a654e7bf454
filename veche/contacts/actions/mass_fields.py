"""Fields in a change of many people, and its undo: a three-way patch in sets. Called by `mass_changes` only.

`mass_field` holds what a portion comes to, a row for each person and field: what is there `now`, what it becomes
(`value`), and a verdict. What has the verdict 'go' is written, with its history and new revisions.
"""

from __future__ import annotations

import json
from typing import Any

from veche.contacts.actions.bulk import name_anew
from veche.contacts.events import ContactChanged
from veche.contacts.models import MassChange, MassOutcome
from veche.core.actor import Actor
from veche.core.ledger import publish_set

Kind, What = MassChange.Kind, MassOutcome.What

TEXTS = ("surname", "given_name", "patronymic", "name", "gender", "caution")
NUMBERS = {
    "birth_year": ("birth_year", "smallint"),
    "birth_month": ("birth_month", "smallint"),
    "birth_day": ("birth_day", "smallint"),
    "status": ("status_id", "bigint"),
    "responsible": ("responsible_id", "bigint"),
    "territory": ("territory_id", "bigint"),
}
# what a bulk change may set, beside ``own.<key>``
FIELDS = (*TEXTS, *NUMBERS)

_PAIRS = ", ".join(f"'{code}', c.{NUMBERS.get(code, (code,))[0]}" for code in FIELDS)
# What field `f.field` of contact `c` holds, as `FieldChange` keeps it.
_HELD = f"""CROSS JOIN LATERAL (
    SELECT CASE WHEN f.field LIKE 'own.%%' THEN c.own -> substr(f.field, 5)
                ELSE NULLIF(jsonb_build_object({_PAIRS}) -> f.field, 'null') END
) AS held(now)"""

_ONE_VALUE = f"""
CREATE TEMP TABLE mass_field ON COMMIT DROP AS
SELECT c.id AS contact_id, f.field, f.value, held.now,
       CASE WHEN held.now IS NOT DISTINCT FROM f.value THEN 'same' ELSE 'go' END AS verdict
FROM contacts_contact AS c
CROSS JOIN (SELECT %(field)s::text AS field, NULLIF(%(value)s::jsonb, 'null') AS value) AS f
{_HELD} WHERE c.id = ANY(%(seen)s)
"""
# What somebody has changed since the values were found is left alone: the values were found for what stood there then.
_OWN_VALUES = f"""
CREATE TEMP TABLE mass_field ON COMMIT DROP AS
SELECT c.id AS contact_id, f.field, f.value, held.now,
       CASE WHEN held.now IS NOT DISTINCT FROM f.value THEN 'same'
            WHEN c.changed_at > %(since)s AND EXISTS (
                SELECT 1 FROM contacts_fieldchange AS late
                WHERE late.contact_id = c.id AND late.at > %(since)s
                  AND (late.field = f.field OR late.field = 'birthday' AND f.field LIKE 'birth_%%')) THEN 'since'
            ELSE 'go' END AS verdict
FROM contacts_contact AS c
JOIN (SELECT person.key::bigint AS contact_id, each.key AS field, NULLIF(each.value, 'null') AS value
      FROM jsonb_each(%(values)s::jsonb) AS person, jsonb_each(person.value) AS each) AS f ON f.contact_id = c.id
{_HELD} WHERE c.id = ANY(%(seen)s)
"""
# Someone of whom not even a name would be left, and who has neither a phone nor an address, keeps what is there.
_BARE = """
UPDATE mass_field AS m SET verdict = 'bare' FROM (
    SELECT c.id FROM contacts_contact AS c
    JOIN (SELECT contact_id, jsonb_object_agg(field, value) AS now FROM mass_field
          WHERE verdict = 'go' AND field IN ('surname', 'given_name', 'patronymic', 'name') GROUP BY 1) AS f
      ON f.contact_id = c.id
    WHERE CASE WHEN c.kind = 'person' THEN concat(
              COALESCE(now ->> 'surname', c.surname), COALESCE(now ->> 'given_name', c.given_name),
              COALESCE(now ->> 'patronymic', c.patronymic)) ELSE COALESCE(now ->> 'name', c.name) END = ''
      AND NOT EXISTS (SELECT 1 FROM contacts_contactpoint AS p WHERE p.contact_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM contacts_postaladdress AS a WHERE a.contact_id = c.id)
) AS bare WHERE m.contact_id = bare.id AND m.verdict = 'go'
"""
# A name that had no parts is composed anew of those that come: an undo needs the one before.
_WHOLE_NAMES = """
INSERT INTO mass_field (contact_id, field, value, now, verdict)
SELECT c.id, 'name', to_jsonb(left(concat_ws(' ', max(m.value #>> '{}') FILTER (WHERE m.field = 'surname'),
    max(m.value #>> '{}') FILTER (WHERE m.field = 'given_name'),
    max(m.value #>> '{}') FILTER (WHERE m.field = 'patronymic')), 600)), to_jsonb(c.name), 'go'
FROM mass_field AS m JOIN contacts_contact AS c ON c.id = m.contact_id
WHERE m.verdict = 'go' AND m.field IN ('surname', 'given_name', 'patronymic')
  AND concat(c.surname, c.given_name, c.patronymic) = ''
GROUP BY c.id
"""
_NOTE = """
INSERT INTO contacts_massoutcome (mass_change_id, contact_id, what, before)
SELECT %(mass)s, contact_id,
       CASE WHEN bool_or(verdict = 'go') THEN 'changed' WHEN bool_or(verdict = 'bare') THEN 'bare'
            WHEN bool_or(verdict = 'since') THEN 'since' ELSE 'same' END,
       jsonb_object_agg(field, now) FILTER (WHERE verdict = 'go')
FROM mass_field GROUP BY contact_id ORDER BY contact_id
RETURNING what
"""
_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, is_undo, request_id)
SELECT contact_id, field, now, value, %(now)s, %(author)s, %(is_undo)s, %(request)s
FROM mass_field WHERE verdict = 'go' ORDER BY contact_id, field
"""
_WRITE = """
WITH fresh AS (
    SELECT contact_id, COALESCE(jsonb_object_agg(field, value) FILTER (WHERE field NOT LIKE 'own.%%'), '{}') AS new,
           COALESCE(jsonb_object_agg(substr(field, 5), value)
                    FILTER (WHERE field LIKE 'own.%%' AND value IS NOT NULL), '{}') AS own,
           COALESCE(array_agg(substr(field, 5)) FILTER (WHERE field LIKE 'own.%%' AND value IS NULL), '{}') AS no_own
    FROM mass_field WHERE verdict = 'go' GROUP BY contact_id
)
UPDATE contacts_contact AS c SET {columns}, own = (c.own || fresh.own) - fresh.no_own,
    revision = c.revision + 1, changed_at = %(now)s
FROM fresh WHERE c.id = fresh.contact_id
"""
_WRITE = _WRITE.replace(
    "{columns}",
    ", ".join(
        [f"{name} = COALESCE(new ->> '{name}', c.{name})" for name in TEXTS]
        + [
            f"{column} = CASE WHEN new ? '{code}' THEN (new ->> '{code}')::{type} ELSE c.{column} END"
            for code, (column, type) in NUMBERS.items()
        ]
    ),
)
_RENAMED = (
    "SELECT DISTINCT contact_id FROM mass_field"
    " WHERE verdict = 'go' AND field IN ('surname', 'given_name', 'patronymic', 'name')"
)
_EVENTS = """
SELECT c.id, c.id, jsonb_build_object('fields', f.fields, 'revision', c.revision)
FROM (SELECT contact_id, array_agg(field ORDER BY field) AS fields FROM mass_field
      WHERE verdict = 'go' GROUP BY 1) AS f
JOIN contacts_contact AS c ON c.id = f.contact_id ORDER BY 1
"""
# Ours while nobody has spoken of it after us; what was itself undone since is as if it had not been said.
_BACK = f"""
CREATE TEMP TABLE mass_field ON COMMIT DROP AS
SELECT c.id AS contact_id, f.field, f.value, held.now,
       CASE WHEN held.now IS NOT DISTINCT FROM f.value THEN 'there'
            WHEN ours.id IS NULL OR held.now IS DISTINCT FROM ours.after OR EXISTS (
                SELECT 1 FROM contacts_fieldchange AS late
                WHERE late.contact_id = c.id AND late.id > ours.id AND NOT late.is_undo
                  AND (late.field = f.field OR late.field = 'birthday' AND f.field LIKE 'birth_%%')
                  AND NOT COALESCE(late.request_id = ANY(%(undone)s::uuid[]), false)
                  AND NOT (late.batch IS NOT NULL AND EXISTS (
                      SELECT 1 FROM contacts_fieldchange AS undo
                      WHERE undo.contact_id = c.id AND undo.batch = late.batch AND undo.field = late.field
                        AND undo.is_undo AND undo.id > late.id))) THEN 'kept'
            WHEN f.field = 'status' AND f.value IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM contacts_status WHERE id = (f.value #>> '{{}}')::bigint) THEN 'kept'
            WHEN f.field = 'responsible' AND f.value IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = (f.value #>> '{{}}')::bigint) THEN 'kept'
            WHEN f.field = 'territory' AND f.value IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM accounts_territory WHERE id = (f.value #>> '{{}}')::bigint) THEN 'kept'
            ELSE 'go' END AS verdict
FROM contacts_massoutcome AS o JOIN contacts_contact AS c ON c.id = o.contact_id
CROSS JOIN LATERAL (
    SELECT key AS field, NULLIF(value, 'null') AS value FROM jsonb_each(o.before) WHERE left(key, 1) <> '+') AS f
{_HELD}
LEFT JOIN LATERAL (
    SELECT id, after FROM contacts_fieldchange AS mine
    WHERE mine.contact_id = c.id AND mine.at >= %(since)s AND mine.field = f.field
      AND mine.request_id = %(change_request)s AND NOT mine.is_undo
    ORDER BY id DESC LIMIT 1
) AS ours ON true
WHERE o.mass_change_id = %(mass)s AND o.contact_id = ANY(%(seen)s)
"""
_SETTLED = """
SELECT contact_id, CASE WHEN bool_or(verdict = 'kept') THEN 'kept' ELSE 'undone' END FROM mass_field GROUP BY contact_id
"""


def change(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> list[str]:
    """Set the field, or each person's own values, at the people `seen`; returns what became of each."""
    sql.execute("DROP TABLE IF EXISTS pg_temp.mass_field")
    if mass.kind in (Kind.VALUES, Kind.PASTE):
        sql.execute(_OWN_VALUES, params)
        sql.execute(_BARE)
        sql.execute(_WHOLE_NAMES)
    else:
        field = f"own.{mass.what}" if mass.kind == Kind.OWN else str(mass.kind)
        sql.execute(_ONE_VALUE, params | {"field": field, "value": json.dumps(mass.value)})
    sql.execute(_NOTE, params)
    outcomes = [row[0] for row in sql.fetchall()]
    _write(sql, by, params | {"is_undo": False})
    return outcomes


def undo(sql: Any, mass: MassChange, by: Actor, params: dict[str, Any]) -> dict[int, str]:
    """Put back each field that is still as this change left it; returns what became of each person."""
    sql.execute("DROP TABLE IF EXISTS pg_temp.mass_field")
    sql.execute(_BACK, params)
    _write(sql, by, params | {"is_undo": True})
    sql.execute(_SETTLED)
    return dict(sql.fetchall())


def _write(sql: Any, by: Actor, params: dict[str, Any]) -> None:
    sql.execute("SET LOCAL gin_pending_list_limit = '32MB'")  # sorted in in one go by `settle_indexes`
    sql.execute(_HISTORY, params)
    sql.execute(_WRITE, params)
    name_anew(sql, _RENAMED)
    publish_set(ContactChanged(), by=by, select=_EVENTS)
