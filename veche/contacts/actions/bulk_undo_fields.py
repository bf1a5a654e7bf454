"""The fields of known people in an undo or a redo of a batch. Called by `bulk_undo` only."""

from __future__ import annotations

from typing import Any

from veche.contacts.actions.bulk import name_anew

SCALARS = (
    "surname", "given_name", "patronymic", "name", "gender", "birth_year", "birth_month", "birth_day", "status",
    "responsible",
)  # fmt: skip

# A batch may have changed a field in several steps: `before` is what the first of those held that end in its last.
_CHANGE = """
CREATE TEMP TABLE swing_change ON COMMIT DROP AS
WITH ours AS (
    SELECT contact_id, field, id, before, after,
           row_number() OVER steps = 1 OR before IS DISTINCT FROM lag(after) OVER steps AS begins
    FROM contacts_fieldchange
    WHERE batch = %(batch)s AND contact_id = ANY(%(known)s) AND is_undo = %(redo)s
      AND (field = ANY(%(scalars)s) OR field LIKE 'own.%%')
    WINDOW steps AS (PARTITION BY contact_id, field ORDER BY id)
), ends AS (
    SELECT contact_id, field, max(id) AS last_id, max(id) FILTER (WHERE begins) AS first_id FROM ours GROUP BY 1, 2
)
SELECT ends.contact_id, ends.field, first.before, held.now, later.by_id, later.at, later.batch AS batch_since,
       CASE WHEN later.batch = %(batch)s AND later.is_undo = %(undo)s THEN 'done'
            WHEN held.now IS NOT DISTINCT FROM first.before THEN 'there'
            WHEN held.now IS NOT DISTINCT FROM last.after AND (later.id IS NULL OR later.is_undo)
                 AND (ends.field <> 'status' OR first.before IS NULL
                      OR EXISTS (SELECT 1 FROM contacts_status WHERE id = (first.before #>> '{}')::bigint))
                 AND (ends.field <> 'responsible' OR first.before IS NULL
                      OR EXISTS (SELECT 1 FROM accounts_user WHERE id = (first.before #>> '{}')::bigint)) THEN 'back'
            ELSE 'kept' END AS verdict
FROM ends JOIN ours AS first ON first.id = ends.first_id JOIN ours AS last ON last.id = ends.last_id
JOIN contacts_contact AS c ON c.id = ends.contact_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN ends.field LIKE 'own.%%' THEN c.own -> substr(ends.field, 5) ELSE NULLIF(jsonb_build_object(
        'surname', c.surname, 'given_name', c.given_name, 'patronymic', c.patronymic, 'name', c.name,
        'gender', c.gender, 'birth_year', c.birth_year, 'birth_month', c.birth_month, 'birth_day', c.birth_day,
        'status', c.status_id, 'responsible', c.responsible_id) -> ends.field, 'null') END
) AS held(now)
LEFT JOIN LATERAL (
    SELECT id, by_id, at, batch, is_undo FROM contacts_fieldchange AS f
    WHERE f.contact_id = ends.contact_id AND f.id > ends.last_id
      AND (f.field = ends.field OR f.field = 'birthday' AND ends.field LIKE 'birth_%%')
    ORDER BY id DESC LIMIT 1
) AS later ON true
"""
_WRITE = """
WITH fresh AS (
    SELECT contact_id, jsonb_object_agg(field, before) FILTER (WHERE field NOT LIKE 'own.%%') AS was,
           COALESCE(jsonb_object_agg(substr(field, 5), before)
                    FILTER (WHERE field LIKE 'own.%%' AND before IS NOT NULL), '{}') AS own,
           COALESCE(array_agg(substr(field, 5)) FILTER (WHERE field LIKE 'own.%%' AND before IS NULL), '{}') AS no_own
    FROM swing_change WHERE verdict = 'back' GROUP BY contact_id
)
UPDATE contacts_contact AS c SET {texts}, {numbers}, own = (c.own || fresh.own) - fresh.no_own
FROM fresh WHERE c.id = fresh.contact_id
"""
_COLUMNS = {"status": "status_id", "responsible": "responsible_id"}
_TEXTS = ("surname", "given_name", "patronymic", "name", "gender")
_NUMBERS = (("birth_year", "smallint"), ("birth_month", "smallint"), ("birth_day", "smallint"))
_NUMBERS += (("status", "bigint"), ("responsible", "bigint"))
_WRITE = _WRITE.replace(
    "{texts}", ", ".join(f"{name} = COALESCE(was ->> '{name}', c.{name})" for name in _TEXTS)
)
_WRITE = _WRITE.replace(
    "{numbers}",
    ", ".join(
        f"{_COLUMNS.get(name, name)} = CASE WHEN was ? '{name}' THEN (was ->> '{name}')::{kind}"
        f" ELSE c.{_COLUMNS.get(name, name)} END"
        for name, kind in _NUMBERS
    ),
)
_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, batch, is_undo, request_id)
SELECT contact_id, field, now, before, %(now)s, %(author)s, %(batch)s, %(undo)s, %(own_request)s
FROM swing_change WHERE verdict = 'back' ORDER BY contact_id, field
"""


def swing(sql: Any, params: dict[str, Any]) -> None:
    """Put back each field that is as the batch (in a redo: its undo) left it; the others are marked as kept."""
    sql.execute(_CHANGE, params | {"scalars": list(SCALARS)})
    sql.execute(_HISTORY, params)
    sql.execute(_WRITE, params)
    name_anew(
        sql,
        "SELECT DISTINCT contact_id FROM swing_change"
        " WHERE verdict = 'back' AND field IN ('surname', 'given_name', 'patronymic', 'name')",
    )
