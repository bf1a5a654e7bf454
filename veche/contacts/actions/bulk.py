"""Writing many contacts at once: sets, never rows. The caller gives drafts as SQL; see `bulk_plan` for their shape.

Everything happens in the caller's transaction, so that a chunk and the cursor of its job commit together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from veche.contacts.actions.bulk_plan import Batch, Plan, lay_out
from veche.contacts.events import (
    CampaignJoined,
    ContactAdded,
    ContactChanged,
    NoteAdded,
    TagPut,
)
from veche.contacts.naming import compose_name, key_of
from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.core.ledger import publish_set

# Who writes many contacts, portion by portion, holds it while a portion is written; merges share it.
LOADS_LOCK = 0x4C4F4144

_CONTACTS = """
INSERT INTO contacts_contact (id, kind, surname, given_name, patronymic, name, name_as_given, name_key, gender,
    birth_year, birth_month, birth_day, status_id, responsible_id, caution, own, made_at, changed_at, revision)
SELECT contact_id, kind, surname, given_name, patronymic, name, name_as_given, name_key, gender,
    birth_year, birth_month, birth_day, status_id, COALESCE(responsible_id, %(owner)s), '', own, %(now)s, %(now)s, 1
FROM bulk_person WHERE is_new ORDER BY contact_id
"""
_ORIGINS = """
INSERT INTO contacts_origin (contact_id, channel, words, campaign_id, collector, happened_on,
    batch, batch_name, batch_row, made_at)
SELECT p.contact_id, 'import', p.origin_words, %(campaign)s, p.origin_collector, p.origin_date,
    %(batch)s, %(batch_name)s, p.number, %(now)s
FROM bulk_person AS p
WHERE p.is_new OR EXISTS (SELECT 1 FROM bulk_touched AS t WHERE t.target = p.target) AND NOT EXISTS (
    SELECT 1 FROM contacts_origin AS o WHERE o.batch = %(batch)s AND o.contact_id = p.contact_id
)
ORDER BY p.contact_id
"""
_POINTS = """
INSERT INTO contacts_contactpoint (contact_id, kind, value, as_given, extension, purpose, validity, note,
    position, origin_id, made_at)
SELECT p.contact_id, p.kind, p.value, p.as_given, p.extension, p.purpose, p.validity, p.note,
    p.position, o.id, %(now)s
FROM bulk_point AS p LEFT JOIN contacts_origin AS o ON o.batch = %(batch)s AND o.contact_id = p.contact_id
ORDER BY p.contact_id, p.kind, p.position
ON CONFLICT DO NOTHING
"""
_ADDRESSES = """
INSERT INTO contacts_postaladdress (contact_id, text, purpose, validity, note, position, origin_id, made_at)
SELECT a.contact_id, a.text, a.purpose, 'unchecked', '',
    (SELECT count(*) FROM contacts_postaladdress AS held WHERE held.contact_id = a.contact_id) - 1
    + row_number() OVER (PARTITION BY a.contact_id ORDER BY a.place), o.id, %(now)s
FROM bulk_address AS a LEFT JOIN contacts_origin AS o ON o.batch = %(batch)s AND o.contact_id = a.contact_id
"""
_TAGS = """
INSERT INTO contacts_tagassignment (tag_id, contact_id, made_at)
SELECT tag_id, contact_id, %(now)s FROM bulk_tag ON CONFLICT DO NOTHING
"""
_MEMBERS = """
INSERT INTO contacts_membership (campaign_id, contact_id, since)
SELECT campaign_id, contact_id, %(now)s FROM bulk_member ON CONFLICT DO NOTHING
"""
_ROLES = """
INSERT INTO contacts_contactrole (contact_id, role_id, note)
SELECT contact_id, role_id, '' FROM bulk_role ON CONFLICT DO NOTHING
"""
_NOTES = """
INSERT INTO contacts_note (contact_id, text, author_id, batch, pinned, made_at)
SELECT contact_id, text, %(author)s, %(batch)s, false, %(now)s FROM bulk_note
"""
_EXTERNAL_IDS = """
INSERT INTO contacts_externalid (contact_id, system, value)
SELECT contact_id, %(system)s, value FROM bulk_external ORDER BY value ON CONFLICT DO NOTHING
"""
_HISTORY = """
INSERT INTO contacts_fieldchange (contact_id, field, before, after, at, by_id, batch, request_id)
SELECT contact_id, field, before, after, %(now)s, %(author)s, %(batch)s, %(request)s FROM (
    SELECT contact_id, field, before, after FROM bulk_change
    UNION ALL SELECT contact_id, kind, NULL, to_jsonb(value) FROM bulk_point WHERE NOT is_new
    UNION ALL SELECT contact_id, 'address', NULL, to_jsonb(text) FROM bulk_address WHERE NOT is_new
    UNION ALL SELECT contact_id, 'external_id', NULL, to_jsonb(value) FROM bulk_external WHERE NOT is_new
    UNION ALL SELECT contact_id, 'role', NULL, to_jsonb(role_id) FROM bulk_role WHERE NOT is_new
    UNION ALL -- a name that had no parts is composed anew of those that came: an undo needs the one before
    SELECT c.id, 'name', to_jsonb(c.name), to_jsonb(left(concat_ws(' ',
        max(b.after #>> '{}') FILTER (WHERE b.field = 'surname'),
        max(b.after #>> '{}') FILTER (WHERE b.field = 'given_name'),
        max(b.after #>> '{}') FILTER (WHERE b.field = 'patronymic')), 600))
    FROM bulk_change AS b JOIN contacts_contact AS c ON c.id = b.contact_id
    WHERE b.field IN ('surname', 'given_name', 'patronymic') AND concat(c.surname, c.given_name, c.patronymic) = ''
    GROUP BY c.id
) AS each
"""
_CHANGES = """
WITH fresh AS (
    SELECT contact_id, COALESCE(jsonb_object_agg(field, after) FILTER (WHERE field NOT LIKE 'own.%%'), '{}') AS now,
           COALESCE(jsonb_object_agg(substr(field, 5), after) FILTER (WHERE field LIKE 'own.%%'), '{}') AS own
    FROM bulk_change GROUP BY contact_id
)
UPDATE contacts_contact AS c SET
    surname = COALESCE(now ->> 'surname', c.surname), given_name = COALESCE(now ->> 'given_name', c.given_name),
    patronymic = COALESCE(now ->> 'patronymic', c.patronymic), name = COALESCE(now ->> 'name', c.name),
    gender = COALESCE(now ->> 'gender', c.gender),
    birth_year = COALESCE((now ->> 'birth_year')::smallint, c.birth_year),
    birth_month = COALESCE((now ->> 'birth_month')::smallint, c.birth_month),
    birth_day = COALESCE((now ->> 'birth_day')::smallint, c.birth_day),
    status_id = COALESCE((now ->> 'status')::bigint, c.status_id),
    responsible_id = COALESCE((now ->> 'responsible')::bigint, c.responsible_id), own = c.own || fresh.own,
    revision = c.revision + 1, changed_at = %(now)s
FROM fresh WHERE c.id = fresh.contact_id
"""
_RENAMED = "SELECT contact_id FROM bulk_change WHERE field IN ('surname', 'given_name', 'patronymic', 'name')"
_REVISIONS = """
UPDATE contacts_contact AS c SET revision = c.revision + 1, changed_at = %(now)s
FROM bulk_touched AS t
WHERE c.id = t.contact_id AND NOT EXISTS (SELECT 1 FROM bulk_change AS b WHERE b.contact_id = t.contact_id)
"""
_EVENTS = (
    (
        ContactAdded(channel="import"),
        "SELECT contact_id, contact_id, NULL::jsonb FROM bulk_person WHERE is_new ORDER BY 1",
    ),
    (
        ContactChanged(),
        "SELECT t.contact_id, t.contact_id, jsonb_build_object('fields', t.fields, 'revision', c.revision)"
        " FROM bulk_touched AS t JOIN contacts_contact AS c ON c.id = t.contact_id ORDER BY 1",
    ),
    (CampaignJoined(), "SELECT contact_id, campaign_id, NULL::jsonb FROM bulk_member ORDER BY 1"),
    (TagPut(), "SELECT contact_id, tag_id, NULL::jsonb FROM bulk_tag WHERE NOT is_new ORDER BY 1"),
    (
        NoteAdded(),
        # Note by note through the index of a contact's notes: joined as sets, all notes of the base would be read.
        "SELECT b.contact_id, n.id, NULL::jsonb FROM bulk_note AS b CROSS JOIN LATERAL ("
        "SELECT id FROM contacts_note AS n WHERE n.contact_id = b.contact_id AND n.batch = %(batch)s"
        " AND n.text = b.text ORDER BY n.made_at DESC, n.id DESC LIMIT 1) AS n WHERE NOT b.is_new ORDER BY 1",
    ),
)


def plan_contacts(batch: Batch, *, source: str, params: Mapping[str, Any]) -> Plan:
    """What `write_contacts` would do with the same arguments; writes nothing but temporary tables."""
    with transaction.atomic():
        lay_out(batch, source=source, params=params, write=False)
        return Plan()


@action("contacts.add")
def write_contacts(*, by: Actor, batch: Batch, source: str, params: Mapping[str, Any]) -> Plan:
    """Write the drafts of `source` into the base; returns what each row brought.

    New people get their contact, points, addresses, roles, notes, tags, campaigns and one immutable origin. Known ones
    are locked in the order of their ids, and keep before and after of every changed field. A point is only ever added.
    """
    by.require("contacts.edit")
    known = lay_out(batch, source=source, params=params, write=True)
    known |= {"now": timezone.now(), "author": by.user_id, "request": by.request_id}
    with connection.cursor() as sql:
        sql.execute("SET LOCAL gin_pending_list_limit = '32MB'")  # sorted in in one go by `settle_indexes`
        sql.execute(
            "SELECT id FROM contacts_contact WHERE id IN (SELECT contact_id FROM bulk_touched) ORDER BY id FOR UPDATE"
        )
        for statement in (
            _CONTACTS,
            _ORIGINS,
            _POINTS,
            _ADDRESSES,
            _TAGS,
            _MEMBERS,
            _ROLES,
            _NOTES,
            _EXTERNAL_IDS,
            _HISTORY,
        ):
            sql.execute(statement, known)
        sql.execute("SELECT EXISTS (SELECT 1 FROM bulk_change)")
        if sql.fetchone()[0]:
            sql.execute(_CHANGES, known)
            name_anew(sql, _RENAMED)
        sql.execute(_REVISIONS, known)
    written = [
        publish_set(event, by=by, select=select % _literal(known), params=()) for event, select in _EVENTS
    ]
    if not any(written):
        unchanged()
    return Plan()


def settle_indexes(*, lane: int = 0, lanes: int = 1) -> None:
    """Sort into the word and value indexes what `write_contacts` left waiting there. Call it after the last set.

    Of `lanes`, this one takes every so many-th index.
    """
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT gin_clean_pending_list(indexrelid) FROM (
                SELECT i.indexrelid, row_number() OVER (ORDER BY pg_relation_size(i.indexrelid) DESC) AS place
                FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
                WHERE a.amname = 'gin' AND i.indrelid IN ('contacts_contact'::regclass,
                    'contacts_contactpoint'::regclass, 'contacts_postaladdress'::regclass)
            ) AS large_ones_first WHERE place %% %s = %s
            """,
            [lanes, lane],
        )


def _literal(known: Mapping[str, Any]) -> dict[str, int]:
    return {"batch": int(known["batch"])}


def name_anew(sql: Any, whose: str) -> None:
    """Compose anew the names and search keys of those whose name parts changed: `whose` is SQL giving their ids."""
    sql.execute(
        f"SELECT id, surname, given_name, patronymic, name FROM contacts_contact WHERE id IN ({whose}) ORDER BY id"
    )
    fresh = [(row[0], row[1:4], compose_name(*row[1:4]) or row[4]) for row in sql.fetchall()]
    sql.execute(
        """
        UPDATE contacts_contact AS c SET name = left(fresh.name, 600), name_key = fresh.name_key
        FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh(id, name, name_key) WHERE c.id = fresh.id
        """,
        [
            [key for key, _parts, _name in fresh],
            [name for _key, _parts, name in fresh],
            [key_of(*parts) if any(parts) else key_of(name) for _key, parts, name in fresh],
        ],
    )
