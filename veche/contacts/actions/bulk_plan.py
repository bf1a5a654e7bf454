"""What a set of drafts would change, laid out in temporary tables of the running transaction: nothing is written yet.

`bulk_row` has the drafts in typed columns, `bulk_person` one line per person they speak of, `bulk_change` fields of
known people with before and after, and the other tables what would be added. `bulk` writes from them; a check of an
import only counts them, so that both always say the same.

A draft is JSON as `exchange.mapping.RowDraft` gives it, with `name_key`. The policies: `new`, `fill_empty`, `update`,
and `join`, which only adds campaigns and tags.

What somebody has already is asked by a subquery per row, not NOT EXISTS: that one the planner may turn into a join that
reads the whole table, for every chunk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

# What the statements join by; figures of the wide columns would cost more than they bring.
_ANALYZED = {"bulk_row": "number, target, contact_id, policy", "bulk_person": "target, contact_id, is_new"}
TABLES = (
    "bulk_row", "bulk_person", "bulk_change", "bulk_point", "bulk_address", "bulk_tag", "bulk_member", "bulk_role",
    "bulk_note", "bulk_external", "bulk_touched",
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """What all drafts of a set have in common.

    `words` gives the ids of names by kind (`tags`, `roles`, `statuses`, `campaigns`, `users`), the names in lower
    case; an unknown word is passed over. `tag_ids` and `campaign_id` are for everybody, `responsible_id` for those
    whose draft names nobody, `owner_id` only for new ones whom nobody else answers for.
    """

    id: int
    name: str
    campaign_id: int | None = None
    tag_ids: Sequence[int] = ()
    responsible_id: int | None = None
    owner_id: int | None = None
    external_system: str = ""
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def params(self) -> dict[str, Any]:
        """The named parameters of the statements here and in `bulk`."""
        kinds = ("tags", "roles", "statuses", "campaigns", "users")
        words = {kind: json.dumps(self.words.get(kind, {})) for kind in kinds}
        return words | {
            "batch": self.id,
            "batch_name": self.name[:300],
            "campaign": self.campaign_id,
            "tag_ids": list(self.tag_ids),
            "responsible": self.responsible_id,
            "owner": self.owner_id,
            "system": self.external_system,
            "organisation_note": _("Organisation: %s"),
        }


_ROW = """
CREATE TEMP TABLE bulk_row ON COMMIT DROP AS
SELECT s.number, s.target, s.contact_id, s.policy, COALESCE(d.kind, 'person') AS kind, d.birth_year, d.birth_month,
       d.birth_day, {texts}, {lists}, COALESCE(d.own, '{}') AS own
FROM ({source}) AS s(number, target, contact_id, policy, draft),
     jsonb_to_record(s.draft) AS d(kind text, birth_year smallint, birth_month smallint, birth_day smallint, own jsonb,
        {text_types}, {list_types})
"""
_TEXTS = (
    "surname", "given_name", "patronymic", "name", "name_as_given", "name_key", "gender", "status", "responsible",
    "organisation", "external_id", "origin_words", "origin_collector", "origin_date",
)  # fmt: skip
_LISTS = ("points", "addresses", "roles", "tags", "campaigns", "notes")
for _slot, _columns in {
    "{texts}": ", ".join(f"COALESCE(d.{name}, '') AS {name}" for name in _TEXTS),
    "{lists}": ", ".join(f"COALESCE(d.{name}, '[]') AS {name}" for name in _LISTS),
    "{text_types}": ", ".join(f"{name} text" for name in _TEXTS),
    "{list_types}": ", ".join(f"{name} jsonb" for name in _LISTS),
}.items():
    _ROW = _ROW.replace(_slot, _columns)

# The fullest name and birthday are taken whole, from one row; of the rest the first that says anything.
_PERSON = """
CREATE TEMP TABLE bulk_person ON COMMIT DROP AS
WITH named AS (
    SELECT DISTINCT ON (target) target, kind, surname, given_name, patronymic, name, name_as_given, name_key
    FROM bulk_row ORDER BY target, length(concat(surname, given_name, patronymic, name)) DESC, number
), born AS (
    SELECT DISTINCT ON (target) target, birth_year, birth_month, birth_day
    FROM bulk_row ORDER BY target, num_nonnulls(birth_year, birth_month, birth_day) DESC, number
), owned AS (
    SELECT target, jsonb_object_agg(each.key, each.value ORDER BY number DESC) AS own
    FROM bulk_row, jsonb_each(bulk_row.own) AS each GROUP BY target
), said AS (
    SELECT target, min(number) AS number, min(contact_id) AS contact_id,
           (array_agg(policy ORDER BY number))[1] AS policy,
           (array_agg(gender ORDER BY number) FILTER (WHERE gender <> ''))[1] AS gender,
           (array_agg(status ORDER BY number) FILTER (WHERE status <> ''))[1] AS status,
           (array_agg(responsible ORDER BY number) FILTER (WHERE responsible <> ''))[1] AS responsible,
           (array_agg(origin_words ORDER BY number) FILTER (WHERE origin_words <> ''))[1] AS origin_words,
           (array_agg(origin_collector ORDER BY number) FILTER (WHERE origin_collector <> ''))[1] AS origin_collector,
           (array_agg(origin_date ORDER BY number) FILTER (WHERE origin_date <> ''))[1] AS origin_date
    FROM bulk_row GROUP BY target
)
SELECT target, said.number, said.contact_id IS NULL AS is_new,
       COALESCE(said.contact_id, CASE WHEN %(write)s THEN nextval('contacts_contact_id_seq') END) AS contact_id,
       said.policy, named.kind, named.surname, named.given_name, named.patronymic, named.name, named.name_as_given,
       named.name_key, COALESCE(said.gender, '') AS gender, born.birth_year, born.birth_month, born.birth_day,
       (%(statuses)s::jsonb ->> lower(said.status))::bigint AS status_id,
       COALESCE((%(users)s::jsonb ->> lower(said.responsible))::bigint, %(responsible)s::bigint) AS responsible_id,
       COALESCE(said.origin_words, '') AS origin_words, COALESCE(said.origin_collector, '') AS origin_collector,
       NULLIF(said.origin_date, '')::date AS origin_date, COALESCE(owned.own, '{}'::jsonb) AS own
FROM said JOIN named USING (target) JOIN born USING (target) LEFT JOIN owned USING (target)
"""

# Empty never erases; a value that differs only in case, in ё or as an initial of what we know is no change.
_CHANGE = """
CREATE TEMP TABLE bulk_change ON COMMIT DROP AS
SELECT p.target, c.id AS contact_id, f.field, f.before, f.after, f.filled
FROM bulk_person AS p JOIN contacts_contact AS c ON c.id = p.contact_id
CROSS JOIN LATERAL (
    SELECT field, to_jsonb(was) AS before, to_jsonb(given) AS after, was <> '' AS filled
    FROM (VALUES ('surname', c.surname, p.surname), ('given_name', c.given_name, p.given_name),
                 ('patronymic', c.patronymic, p.patronymic),
                 ('name', c.name, CASE WHEN concat(p.surname, p.given_name, p.patronymic) = '' THEN p.name ELSE '' END)
         ) AS texts(field, was, given)
    WHERE given <> '' AND {fold_given} <> {fold_was}
          AND NOT (length({fold_given}) = 1 AND starts_with({fold_was}, {fold_given}))
    UNION ALL
    SELECT 'gender', to_jsonb(c.gender), to_jsonb(p.gender), c.gender <> '' WHERE p.gender NOT IN ('', c.gender)
    UNION ALL
    SELECT field, to_jsonb(was), to_jsonb(given), was IS NOT NULL
    FROM (VALUES ('birth_year', c.birth_year::bigint, p.birth_year::bigint),
                 ('birth_month', c.birth_month, p.birth_month),
                 ('birth_day', c.birth_day, p.birth_day), ('status', c.status_id, p.status_id),
                 ('responsible', c.responsible_id, p.responsible_id)) AS numbers(field, was, given)
    WHERE given IS NOT NULL AND given IS DISTINCT FROM was
    UNION ALL
    SELECT 'own.' || key, c.own -> key, value, COALESCE(c.own -> key, 'null') NOT IN ('null', '""', '[]')
    FROM jsonb_each(p.own) WHERE value NOT IN ('null', '""', '[]') AND value IS DISTINCT FROM c.own -> key
) AS f
WHERE NOT p.is_new AND (p.policy = 'update' OR p.policy = 'fill_empty' AND NOT f.filled)
"""

_POINT = """
CREATE TEMP TABLE bulk_point ON COMMIT DROP AS
SELECT fresh.*, COALESCE(held.count, 0) - 1
       + row_number() OVER (PARTITION BY fresh.target, fresh.kind ORDER BY fresh.number, fresh.place) AS position
FROM (
    SELECT DISTINCT ON (r.target, d.kind, d.value, d.extension) r.target, p.contact_id, r.number, d.place, d.kind,
           d.value, COALESCE(d.as_given, '') AS as_given, COALESCE(d.extension, '') AS extension,
           COALESCE(d.purpose, '') AS purpose,
           COALESCE(d.validity, 'unchecked') AS validity, COALESCE(d.note, '') AS note, p.is_new
    FROM bulk_row AS r JOIN bulk_person AS p USING (target),
         ROWS FROM (jsonb_to_recordset(r.points) AS (kind text, value text, as_given text, extension text, purpose text,
                    validity text, note text)) WITH ORDINALITY AS d(kind, value, as_given, extension, purpose, validity,
                    note, place)
    WHERE p.policy <> 'join' AND d.value <> ''
    ORDER BY r.target, d.kind, d.value, d.extension, r.number, d.place
) AS fresh
LEFT JOIN LATERAL (
    SELECT count(*) FROM contacts_contactpoint AS c
    WHERE NOT fresh.is_new AND c.contact_id = fresh.contact_id AND c.kind = fresh.kind
) AS held(count) ON true
WHERE fresh.is_new OR (
    SELECT 1 FROM contacts_contactpoint AS c
    WHERE c.contact_id = fresh.contact_id AND c.kind = fresh.kind AND c.value = fresh.value
      AND (c.extension = fresh.extension OR fresh.extension = '') LIMIT 1
) IS NULL
"""

_ADDRESS = """
CREATE TEMP TABLE bulk_address ON COMMIT DROP AS
SELECT DISTINCT ON (r.target, {fold_text}) r.target, p.contact_id, d.text,
    COALESCE(d.purpose, '') AS purpose, p.is_new, d.place
FROM bulk_row AS r JOIN bulk_person AS p USING (target),
     ROWS FROM (jsonb_to_recordset(r.addresses) AS (text text, purpose text)) WITH ORDINALITY AS d(text, purpose, place)
WHERE p.policy <> 'join' AND d.text <> '' AND (p.is_new OR (
    SELECT 1 FROM contacts_postaladdress AS a WHERE a.contact_id = p.contact_id AND {fold_a} = {fold_text} LIMIT 1
) IS NULL)
ORDER BY r.target, {fold_text}, r.number, d.place
"""

_TAG = """
CREATE TEMP TABLE bulk_tag ON COMMIT DROP AS
SELECT DISTINCT p.target, p.contact_id, wanted.id AS tag_id, p.is_new
FROM bulk_person AS p JOIN (
    SELECT target, unnest(%(tag_ids)s::bigint[]) AS id FROM bulk_person
    UNION ALL
    SELECT target, (%(tags)s::jsonb ->> lower(word))::bigint FROM bulk_row, jsonb_array_elements_text(tags) AS word
) AS wanted USING (target)
WHERE wanted.id IS NOT NULL AND (p.is_new OR (
    SELECT 1 FROM contacts_tagassignment AS t WHERE t.contact_id = p.contact_id AND t.tag_id = wanted.id
) IS NULL)
"""

_MEMBER = """
CREATE TEMP TABLE bulk_member ON COMMIT DROP AS
SELECT DISTINCT p.target, p.contact_id, wanted.id AS campaign_id, p.is_new
FROM bulk_person AS p JOIN (
    SELECT target, %(campaign)s::bigint AS id FROM bulk_person
    UNION ALL
    SELECT target, (%(campaigns)s::jsonb ->> lower(word))::bigint
    FROM bulk_row, jsonb_array_elements_text(campaigns) AS word
) AS wanted USING (target)
WHERE wanted.id IS NOT NULL AND (p.is_new OR (
    SELECT 1 FROM contacts_membership AS m WHERE m.contact_id = p.contact_id AND m.campaign_id = wanted.id
) IS NULL)
"""

_ROLE = """
CREATE TEMP TABLE bulk_role ON COMMIT DROP AS
SELECT DISTINCT p.target, p.contact_id, (%(roles)s::jsonb ->> lower(word))::bigint AS role_id, p.is_new
FROM bulk_row AS r JOIN bulk_person AS p USING (target), jsonb_array_elements_text(r.roles) AS word
WHERE p.policy <> 'join' AND %(roles)s::jsonb ? lower(word) AND (p.is_new OR (
    SELECT 1 FROM contacts_contactrole AS h
    WHERE h.contact_id = p.contact_id AND h.role_id = (%(roles)s::jsonb ->> lower(word))::bigint
        AND h.until IS NULL LIMIT 1
) IS NULL)
"""

_NOTE = """
CREATE TEMP TABLE bulk_note ON COMMIT DROP AS
SELECT DISTINCT p.target, p.contact_id, said.text, p.is_new
FROM bulk_person AS p JOIN (
    SELECT target, text FROM bulk_row, jsonb_array_elements_text(notes) AS text
    UNION ALL
    SELECT target, format(%(organisation_note)s, organisation) FROM bulk_row WHERE organisation <> ''
) AS said USING (target)
WHERE p.policy <> 'join' AND said.text <> '' AND (p.is_new OR (
    SELECT 1 FROM contacts_note AS n WHERE n.contact_id = p.contact_id AND n.text = said.text LIMIT 1
) IS NULL)
"""

# A number that somebody else has already stays with them.
_EXTERNAL = """
CREATE TEMP TABLE bulk_external ON COMMIT DROP AS
SELECT DISTINCT ON (r.external_id) p.target, p.contact_id, r.external_id AS value, p.is_new
FROM bulk_row AS r JOIN bulk_person AS p USING (target)
WHERE p.policy <> 'join' AND r.external_id <> '' AND (
    SELECT 1 FROM contacts_externalid AS e WHERE e.value = r.external_id AND e.system = %(system)s
) IS NULL
ORDER BY r.external_id, r.number
"""

_TOUCHED = """
CREATE TEMP TABLE bulk_touched ON COMMIT DROP AS
SELECT target, contact_id, array_agg(DISTINCT field ORDER BY field) AS fields,
       array_agg(DISTINCT field ORDER BY field) FILTER (WHERE overwritten) AS overwritten
FROM (
    SELECT target, contact_id, field, filled AS overwritten FROM bulk_change
    UNION ALL SELECT target, contact_id, kind, false FROM bulk_point WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'address', false FROM bulk_address WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'tag', false FROM bulk_tag WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'campaign', false FROM bulk_member WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'role', false FROM bulk_role WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'note', false FROM bulk_note WHERE NOT is_new
    UNION ALL SELECT target, contact_id, 'external_id', false FROM bulk_external WHERE NOT is_new
) AS each GROUP BY target, contact_id
"""


def folded(column: str) -> str:
    """SQL for a text as names are compared: lower case, е for ё, a blank for a hyphen, no full stops."""
    return f"translate(lower({column}), 'ё-.', 'е ')"


_BLANKS = " \t\n\r\u00a0\u202f"


def squeezed(column: str) -> str:
    """SQL for a text as addresses are compared: lower case, е for ё, no blanks, commas and full stops. No regular
    expression: one costs three times as much, for every address that an import meets."""
    return f"translate(lower({column}), 'ё,.{_BLANKS}', 'е')"


_FOLDS = {
    "{fold_given}": folded("given"),
    "{fold_was}": folded("was"),
    "{fold_text}": squeezed("d.text"),
    "{fold_a}": squeezed("a.text"),
}


def lay_out(batch: Batch, *, source: str, params: Mapping[str, Any], write: bool) -> dict[str, Any]:
    """Make the temporary tables for the drafts of `source`, SQL giving (number, target, contact_id, policy, draft).

    `target` is the same for rows about the same person; `contact_id` is null for somebody new. Ids for new people are
    drawn only when `write`. Returns the parameters, for the statements that write.
    """
    known = {**batch.params(), **params, "write": write}
    statements = [
        _ROW.replace("{source}", source),
        _PERSON,
        _CHANGE,
        _POINT,
        _ADDRESS,
        _TAG,
        _MEMBER,
        _ROLE,
        _NOTE,
        _EXTERNAL,
    ]
    with connection.cursor() as sql:
        sql.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")
        for statement in [*statements, _TOUCHED]:
            for name, fold in _FOLDS.items():
                statement = statement.replace(name, fold)
            sql.execute(statement, known)
            table = statement.split()[3]
            if table in _ANALYZED:
                sql.execute(f"ANALYZE {table} ({_ANALYZED[table]})")
    return known


@dataclass(frozen=True)
class Plan:
    """What the laid out tables say of each row. It lasts as long as they do: until the transaction ends.

    `select` is SQL of (number, contact_id, is_new, is_first, fields, overwritten), so that a set is marked without its
    rows leaving the server. `contact_id` is null for somebody new who has not been written yet; `is_first` marks the
    row that stands for the person; `fields` are codes of what changes for somebody known, `overwritten` those of them
    that held another value.
    """

    select: str = """
SELECT r.number, p.contact_id, p.is_new, r.number = p.number, COALESCE(t.fields, '{}'), COALESCE(t.overwritten, '{}')
FROM bulk_row AS r JOIN bulk_person AS p USING (target) LEFT JOIN bulk_touched AS t USING (target)
"""

    def people(self) -> dict[int, int]:
        """Whom each row is about, by its number."""
        with connection.cursor() as sql:
            sql.execute(
                "SELECT r.number, p.contact_id FROM bulk_row AS r JOIN bulk_person AS p USING (target)"
            )
            return dict(sql.fetchall())
