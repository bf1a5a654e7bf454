"""What a batch hung on known people, in an undo or a redo of it: points, addresses, roles, notes, external ids, tags,
campaigns, and the origin that says so. Called by `bulk_undo` only.
"""

from __future__ import annotations

from typing import Any

# field of `FieldChange`: (table, the columns of a snapshot as `reverting` knows them)
_POINT = "'value', r.value, 'as_given', r.as_given, 'extension', r.extension, 'purpose', r.purpose,"
_POINT += " 'validity', r.validity, 'note', r.note, 'position', r.position, 'origin_id', r.origin_id, 'kind', r.kind"
_ADDRESS = (
    "'text', r.text, 'purpose', r.purpose, 'validity', r.validity, 'note', r.note, 'position', r.position,"
)
_ADDRESS += " 'origin_id', r.origin_id"
_ROLE = "'role', r.role_id, 'since', r.since, 'until', r.until, 'note', r.note"
_NOTE = "'text', r.text, 'author_id', r.author_id, 'pinned', r.pinned, 'batch', r.batch, 'made_at', r.made_at"
POINTS = ("phone", "email", "telegram", "vk", "ok", "max", "whatsapp")
ROWS = (*POINTS, "address", "role", "note", "external_id")
LINKS = ("tag", "campaign")

# `min_id`: a change below it says nothing of this row. `edited`: seen from the row itself.
_ROWS = f"""
CREATE TEMP TABLE swing_row ON COMMIT DROP AS
SELECT own.contact_id, own.field, own.row_id, own.snapshot, COALESCE(later.by_id, own.by_id) AS by_id,
       COALESCE(later.at, own.at) AS at, later.batch AS batch_since,
       CASE WHEN later.id IS NOT NULL OR own.edited THEN 'kept' ELSE 'back' END AS verdict
FROM (
    SELECT r.contact_id, r.kind AS field, r.id AS row_id, 0 AS min_id, false AS edited, NULL::timestamptz AS at,
           NULL::bigint AS by_id, jsonb_build_object('id', r.id, {_POINT}) AS snapshot
    FROM contacts_origin AS o JOIN contacts_contactpoint AS r ON r.contact_id = o.contact_id AND r.origin_id = o.id
    WHERE o.batch = %(batch)s AND o.contact_id = ANY(%(known)s)
    UNION ALL
    SELECT r.contact_id, 'address', r.id, 0, false, NULL, NULL, jsonb_build_object('id', r.id, {_ADDRESS})
    FROM contacts_origin AS o JOIN contacts_postaladdress AS r ON r.contact_id = o.contact_id AND r.origin_id = o.id
    WHERE o.batch = %(batch)s AND o.contact_id = ANY(%(known)s)
    UNION ALL
    SELECT r.contact_id, 'note', r.id, 0, r.edited_at IS NOT NULL OR r.pinned, r.edited_at, r.author_id,
           jsonb_build_object('id', r.id, {_NOTE})
    FROM contacts_note AS r WHERE r.batch = %(batch)s AND r.contact_id = ANY(%(known)s)
    UNION ALL
    SELECT r.contact_id, 'role', r.id, given.min_id, false, NULL, NULL, jsonb_build_object('id', r.id, {_ROLE})
    FROM (
        SELECT contact_id, COALESCE(after ->> 'role', after #>> '{{}}')::bigint AS role_id, max(id) AS min_id
        FROM contacts_fieldchange
        WHERE batch = %(batch)s AND NOT is_undo AND field = 'role' AND contact_id = ANY(%(known)s) GROUP BY 1, 2
    ) AS given JOIN contacts_contactrole AS r USING (contact_id, role_id)
    WHERE (r.since IS NULL AND r.until IS NULL AND r.note = '') OR EXISTS (
        SELECT 1 FROM contacts_fieldchange AS f
        WHERE f.contact_id = r.contact_id AND f.field = 'role' AND f.id > given.min_id
          AND f.after ->> 'id' = r.id::text)
    UNION ALL
    SELECT r.contact_id, 'external_id', r.id, 0, false, NULL, NULL,
           jsonb_build_object('id', r.id, 'system', r.system, 'value', r.value)
    FROM (
        SELECT DISTINCT contact_id, COALESCE(after ->> 'value', after #>> '{{}}') AS value FROM contacts_fieldchange
        WHERE batch = %(batch)s AND NOT is_undo AND field = 'external_id' AND contact_id = ANY(%(known)s)
    ) AS given JOIN contacts_externalid AS r USING (contact_id, value) WHERE r.system = %(system)s
) AS own
LEFT JOIN LATERAL (
    SELECT id, by_id, at, batch FROM contacts_fieldchange AS f
    WHERE f.contact_id = own.contact_id AND f.field = own.field AND f.id > own.min_id
      AND f.batch IS DISTINCT FROM %(batch)s
      AND (f.before ->> 'id' = own.row_id::text OR f.after ->> 'id' = own.row_id::text)
    ORDER BY id DESC LIMIT 1
) AS later ON true
"""
_TABLES = {
    "contacts_contactpoint": POINTS, "contacts_postaladdress": ("address",), "contacts_contactrole": ("role",),
    "contacts_note": ("note",), "contacts_externalid": ("external_id",),
}  # fmt: skip
# The last word that the ledger has on each tag and campaign the batch put on.
_LINKS = """
CREATE TEMP TABLE swing_link ON COMMIT DROP AS
SELECT contact_id, field, object_id, CASE WHEN ours THEN 'back' ELSE 'kept' END AS verdict,
       CASE WHEN NOT ours THEN actor_id END AS by_id, CASE WHEN NOT ours THEN at END AS at,
       NULL::bigint AS batch_since
FROM (
    SELECT DISTINCT ON (contact_id, field, object_id) contact_id, field, object_id, actor_id, at, puts,
           puts AND request_id = %(request)s AS ours,
           bool_or(puts AND request_id = %(request)s) OVER (PARTITION BY contact_id, field, object_id) AS given, l.id
    FROM core_ledger AS l, LATERAL (
        SELECT CASE WHEN l.kind IN ('contacts.tag_put', 'contacts.tag_taken') THEN 'tag' ELSE 'campaign' END,
               l.kind IN ('contacts.tag_put', 'contacts.campaign_joined')) AS said(field, puts)
    WHERE contact_id = ANY(%(known)s) AND at >= %(since)s AND kind IN (
        'contacts.tag_put', 'contacts.tag_taken', 'contacts.campaign_joined', 'contacts.campaign_left')
    ORDER BY contact_id, field, object_id, l.id DESC
) AS word
WHERE given AND puts AND CASE field
    WHEN 'tag' THEN EXISTS (SELECT 1 FROM contacts_tagassignment AS t
                            WHERE t.contact_id = word.contact_id AND t.tag_id = word.object_id)
    ELSE EXISTS (SELECT 1 FROM contacts_membership AS m
                 WHERE m.contact_id = word.contact_id AND m.campaign_id = word.object_id) END
"""
_UNLINK = (
    "DELETE FROM contacts_tagassignment AS t USING swing_link AS s WHERE s.field = 'tag' AND s.verdict = 'back'"
    " AND t.contact_id = s.contact_id AND t.tag_id = s.object_id",
    "DELETE FROM contacts_membership AS m USING swing_link AS s WHERE s.field = 'campaign' AND s.verdict = 'back'"
    " AND m.contact_id = s.contact_id AND m.campaign_id = s.object_id",
)
_WRITE_DOWN = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, batch, is_undo, request_id)
SELECT contact_id, field, {columns}, %(now)s, %(author)s, %(batch)s, %(undo)s, %(own_request)s FROM (
    SELECT contact_id, field, snapshot FROM swing_row WHERE verdict = 'back'
    UNION ALL SELECT contact_id, field, to_jsonb(object_id) FROM swing_link WHERE verdict = 'back'
) AS each
"""
# The origin goes with the last thing it brought; where something was kept it says where that is from.
_ORIGINS = """
WITH gone AS (
    DELETE FROM contacts_origin AS o
    WHERE o.batch = %(batch)s AND o.contact_id = ANY(%(known)s)
      AND NOT EXISTS (SELECT 1 FROM contacts_undokept AS k WHERE k.batch = o.batch AND k.contact_id = o.contact_id)
      AND NOT EXISTS (SELECT 1 FROM contacts_contactpoint AS p WHERE p.contact_id = o.contact_id AND p.origin_id = o.id)
      AND NOT EXISTS (
          SELECT 1 FROM contacts_postaladdress AS a WHERE a.contact_id = o.contact_id AND a.origin_id = o.id)
    RETURNING o.*
)
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, batch, is_undo, request_id)
SELECT contact_id, 'origin', to_jsonb(gone) - 'contact_id', NULL, %(now)s, %(author)s, %(batch)s, true, %(own_request)s
FROM gone
"""

# What the undo took, by its newest word on each row, unless somebody has spoken of that row since.
_TAKEN = """
CREATE TEMP TABLE swing_taken ON COMMIT DROP AS
SELECT taken.* FROM (
    SELECT DISTINCT ON (f.contact_id, f.field, key.id)
           f.contact_id, f.field, f.before AS snapshot, key.id AS key, f.id, f.request_id, f.is_undo
    FROM contacts_fieldchange AS f, LATERAL (
        SELECT COALESCE(f.before ->> 'id', f.after ->> 'id', f.before #>> '{}', f.after #>> '{}')) AS key(id)
    WHERE f.batch = %(batch)s AND f.contact_id = ANY(%(known)s) AND f.field = ANY(%(fields)s)
      AND f.is_undo AND f.after IS NULL
    ORDER BY f.contact_id, f.field, key.id, f.id DESC
) AS taken
WHERE NOT EXISTS (
    SELECT 1 FROM contacts_fieldchange AS g
    WHERE g.contact_id = taken.contact_id AND g.field = taken.field AND g.id > taken.id
      AND (g.before ->> 'id' = taken.key OR g.after ->> 'id' = taken.key OR g.after #>> '{}' = taken.key)
)
"""
_AGAIN = {
    "origin": """
        INSERT INTO contacts_origin
        SELECT (jsonb_populate_record(NULL::contacts_origin, snapshot
            || jsonb_build_object('contact_id', contact_id, 'campaign_id',
               (SELECT id FROM campaigns_campaign WHERE id = (snapshot ->> 'campaign_id')::bigint)))).*
        FROM swing_taken WHERE field = 'origin' ON CONFLICT DO NOTHING
    """,
    "point": """
        INSERT INTO contacts_contactpoint (id, contact_id, kind, value, as_given, extension, purpose, validity, note,
            position, origin_id, made_at)
        SELECT d.id, t.contact_id, d.kind, d.value, d.as_given, d.extension, d.purpose, d.validity, d.note,
            d.position, (SELECT id FROM contacts_origin WHERE id = d.origin_id), %(now)s
        FROM swing_taken AS t, jsonb_to_record(t.snapshot) AS d(id bigint, kind text, value text, as_given text,
            extension text, purpose text, validity text, note text, position int, origin_id bigint)
        WHERE t.field = ANY(%(points)s) ON CONFLICT DO NOTHING RETURNING contact_id, kind, id
    """,
    "address": """
        INSERT INTO contacts_postaladdress (id, contact_id, text, purpose, validity, note, position, origin_id, made_at)
        SELECT d.id, t.contact_id, d.text, d.purpose, d.validity, d.note, d.position,
            (SELECT id FROM contacts_origin WHERE id = d.origin_id), %(now)s
        FROM swing_taken AS t, jsonb_to_record(t.snapshot) AS d(id bigint, text text, purpose text, validity text,
            note text, position int, origin_id bigint)
        WHERE t.field = 'address' AND NOT EXISTS (
            SELECT 1 FROM contacts_postaladdress AS a WHERE a.contact_id = t.contact_id AND a.text = d.text)
        ON CONFLICT DO NOTHING RETURNING contact_id, 'address', id
    """,
    "role": """
        INSERT INTO contacts_contactrole (id, contact_id, role_id, since, until, note)
        SELECT d.id, t.contact_id, k.id, d.since, d.until, d.note
        FROM swing_taken AS t, jsonb_to_record(t.snapshot) AS d(id bigint, role bigint, since date, until date,
            note text) JOIN contacts_rolekind AS k ON k.id = d.role
        WHERE t.field = 'role' AND NOT EXISTS (SELECT 1 FROM contacts_contactrole AS h
            WHERE h.contact_id = t.contact_id AND h.role_id = d.role AND h.until IS NULL)
        ON CONFLICT DO NOTHING RETURNING contact_id, 'role', id
    """,
    "note": """
        INSERT INTO contacts_note (id, contact_id, text, author_id, batch, pinned, made_at)
        SELECT d.id, t.contact_id, d.text, (SELECT id FROM accounts_user WHERE id = d.author_id), d.batch, d.pinned,
            d.made_at
        FROM swing_taken AS t, jsonb_to_record(t.snapshot) AS d(id bigint, text text, author_id bigint, batch bigint,
            pinned bool, made_at timestamptz)
        WHERE t.field = 'note' ON CONFLICT DO NOTHING RETURNING contact_id, 'note', id
    """,
    "external_id": """
        INSERT INTO contacts_externalid (id, contact_id, system, value)
        SELECT d.id, t.contact_id, d.system, d.value
        FROM swing_taken AS t, jsonb_to_record(t.snapshot) AS d(id bigint, system text, value text)
        WHERE t.field = 'external_id' ON CONFLICT DO NOTHING RETURNING contact_id, 'external_id', id
    """,
}
_LINKS_AGAIN = """
CREATE TEMP TABLE swing_link ON COMMIT DROP AS
SELECT t.contact_id, t.field, t.key::bigint AS object_id, 'back' AS verdict, NULL::bigint AS by_id,
       NULL::timestamptz AS at, NULL::bigint AS batch_since
FROM swing_taken AS t CROSS JOIN LATERAL (
    SELECT kind, request_id FROM core_ledger AS l
    WHERE l.contact_id = t.contact_id AND l.object_id = t.key::bigint AND l.at >= %(since)s AND l.kind = ANY(
        CASE t.field WHEN 'tag' THEN '{contacts.tag_put,contacts.tag_taken}'::text[]
                     ELSE '{contacts.campaign_joined,contacts.campaign_left}' END)
    ORDER BY l.id DESC LIMIT 1
) AS word
WHERE t.field IN ('tag', 'campaign') AND word.request_id = t.request_id
  AND word.kind IN ('contacts.tag_taken', 'contacts.campaign_left')
  AND CASE t.field WHEN 'tag' THEN EXISTS (SELECT 1 FROM contacts_tag WHERE id = t.key::bigint)
                   ELSE EXISTS (SELECT 1 FROM campaigns_campaign WHERE id = t.key::bigint) END
"""
_LINK = (
    "INSERT INTO contacts_tagassignment (tag_id, contact_id, made_at)"
    " SELECT object_id, contact_id, %(now)s FROM swing_link WHERE field = 'tag' ON CONFLICT DO NOTHING",
    "INSERT INTO contacts_membership (campaign_id, contact_id, since)"
    " SELECT object_id, contact_id, %(now)s FROM swing_link WHERE field = 'campaign' ON CONFLICT DO NOTHING",
)


def take_away(sql: Any, params: dict[str, Any]) -> None:
    """Delete what the batch hung on these people and nobody has worked on since, keeping how it was."""
    sql.execute(_ROWS, params)
    sql.execute(_LINKS, params)
    for table, fields in _TABLES.items():
        sql.execute(
            f"DELETE FROM {table} AS r USING swing_row AS s"
            " WHERE s.verdict = 'back' AND s.field = ANY(%s) AND r.id = s.row_id",
            [list(fields)],
        )
    for statement in _UNLINK:
        sql.execute(statement)
    sql.execute(_WRITE_DOWN.replace("{columns}", "snapshot, NULL"), params)


def take_origins(sql: Any, params: dict[str, Any]) -> None:
    """The batch no longer counts as where these people are from, unless something of it was kept."""
    sql.execute(_ORIGINS, params)


def bring_again(sql: Any, params: dict[str, Any]) -> None:
    """Hang on these people again what the undo took, unless somebody has spoken of it since."""
    sql.execute("DROP TABLE IF EXISTS swing_taken")
    sql.execute(_TAKEN, params | {"fields": [*ROWS, *LINKS, "origin"]})
    sql.execute(
        "CREATE TEMP TABLE swing_row (contact_id bigint, field text, row_id bigint, snapshot jsonb, by_id bigint,"
        " at timestamptz, batch_since bigint, verdict text) ON COMMIT DROP"
    )
    sql.execute(_AGAIN["origin"], params)
    for name, statement in _AGAIN.items():
        if name != "origin":
            sql.execute(
                f"WITH made(contact_id, field, row_id) AS ({statement})"
                " INSERT INTO swing_row SELECT m.contact_id, m.field, m.row_id, t.snapshot, NULL, NULL, NULL, 'back'"
                " FROM made AS m JOIN swing_taken AS t"
                " ON t.contact_id = m.contact_id AND t.field = m.field AND t.key = m.row_id::text",
                params | {"points": list(POINTS)},
            )
    sql.execute(_LINKS_AGAIN, params)
    for statement in _LINK:
        sql.execute(statement, params)
    sql.execute(_WRITE_DOWN.replace("{columns}", "NULL, snapshot"), params)
