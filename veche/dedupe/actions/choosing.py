"""Around whom a search looks that is not for the whole base: people of an import or changed ones, and everybody who has
something in common with them. They stand in a table of the job's own connection."""

from __future__ import annotations

from django.db import connection

from veche.dedupe.models import Search

CHOSEN = "dedupe_chosen"
LARGE = 10  # when more than a tenth of the base is new, all of it is looked at

_FRESH = {
    Search.Scope.IMPORT: "SELECT DISTINCT contact_id FROM contacts_origin WHERE batch = %(batch)s",
    Search.Scope.CHANGED: "SELECT id FROM contacts_contact WHERE changed_at >= %(since)s AND removed_at IS NULL",
}
_SAME_POINT = """
SELECT other.contact_id FROM contacts_contactpoint AS point
JOIN contacts_contactpoint AS other ON other.value = point.value AND other.kind = point.kind
WHERE point.contact_id = fresh.id AND point.validity <> 'invalid'
"""
_SAME_FLAT = """
SELECT other.contact_id FROM contacts_addressreading AS home
JOIN contacts_addressreading AS other ON other.house_mark = home.house_mark AND other.flat_mark = home.flat_mark
WHERE home.contact_id = fresh.id AND home.flat_mark IS NOT NULL
"""
_SAME_NAME = """
SELECT other.id FROM (VALUES (concat_ws(' ', word[1], word[2])), (concat_ws(' ', word[2], word[1]))) AS begun(text)
JOIN contacts_contact AS other ON other.name_key >= begun.text AND other.name_key < begun.text || '~'
WHERE word[2] IS NOT NULL
"""
_SAME_BIRTHDAY = """
SELECT other.id FROM contacts_contact AS other
WHERE other.birth_day = fresh.birth_day AND other.birth_month = fresh.birth_month
  AND other.birth_year = fresh.birth_year
  AND (left(other.name_key, 2) = left(fresh.name_key, 2) OR lower(other.given_name) = lower(fresh.given_name))
"""
_AROUND = f"""
INSERT INTO {CHOSEN} (id, fresh)
SELECT DISTINCT near.id, false FROM (
    SELECT contact.*, string_to_array(contact.name_key, ' ') AS word FROM {CHOSEN} AS chosen
    JOIN contacts_contact AS contact ON contact.id = chosen.id WHERE chosen.fresh) AS fresh
CROSS JOIN LATERAL ({{near}}) AS near(id)
ON CONFLICT DO NOTHING
"""


def choose(search: Search) -> bool:
    """Fill the table; False when so many are new that the whole base had better be looked at."""
    if search.scope == Search.Scope.WHOLE:
        return False
    with connection.cursor() as sql:
        sql.execute(f"DROP TABLE IF EXISTS {CHOSEN}")
        sql.execute(f"CREATE TEMP TABLE {CHOSEN} (id bigint PRIMARY KEY, fresh boolean NOT NULL)")
        sql.execute(
            f"INSERT INTO {CHOSEN} (id, fresh) SELECT each.id, true FROM ({_FRESH[search.scope]}) AS each(id)",
            {"batch": search.batch, "since": search.since},
        )
        fresh = sql.rowcount
        sql.execute("SELECT count(*) FROM contacts_contact")
        if fresh * LARGE > sql.fetchone()[0]:
            return False
        for near in (_SAME_POINT, _SAME_FLAT, _SAME_NAME, _SAME_BIRTHDAY):
            sql.execute(f"ANALYZE {CHOSEN}")
            sql.execute(_AROUND.format(near=near))
    return True


def fresh_ids() -> set[int]:
    """Those around whom it looks, without their neighbours."""
    with connection.cursor() as sql:
        sql.execute(f"SELECT id FROM {CHOSEN} WHERE fresh")
        return {row[0] for row in sql.fetchall()}


def count_chosen(whole: bool) -> int:
    """How many people are to be read."""
    people = "contacts_contact WHERE kind = 'person' AND removed_at IS NULL" if whole else CHOSEN
    with connection.cursor() as sql:
        sql.execute(f"SELECT count(*) FROM {people}")
        return sql.fetchone()[0]
