"""A region's tables out of what was staged: built beside the old ones, then put in their place, in one transaction.

Until its commit everybody reads the old ones; a kill leaves nothing of the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext as _

from veche.addresses.actions.staging import begin_switch
from veche.addresses.models.register import WITHIN_PLACES
from veche.addresses.register.archive import BadArchive
from veche.addresses.register.keys import rotations

TABLES = ("object", "house", "alias")
INDEXES = {
    "object": (
        "CREATE UNIQUE INDEX ON {table} (id)",
        "CREATE INDEX ON {table} (place_id, key text_pattern_ops)",
        "CREATE INDEX ON {table} (key text_pattern_ops, level)",
        "CREATE INDEX ON {table} USING gin (key gin_trgm_ops) WHERE level NOT IN (7, 8, 15, 16)",
        "CREATE INDEX ON {table} (key text_pattern_ops) WHERE level NOT IN (7, 8, 15, 16)",
    ),
    "house": ("CREATE UNIQUE INDEX ON {table} (id)", "CREATE INDEX ON {table} (parent_id, key text_pattern_ops)"),
    "alias": (
        "CREATE INDEX ON {table} (place_id, key text_pattern_ops)",
        "CREATE INDEX ON {table} (key text_pattern_ops, of_place)",
        "CREATE INDEX ON {table} (object_id)",
    ),
}  # fmt: skip

# Everything above an object, and the place it lies in; an object whose parent isn't there is a root.
TREE = f"""
CREATE TEMP TABLE addresses_tree ON COMMIT DROP AS
WITH RECURSIVE down (id, level, path, place_id) AS (
    SELECT id, level, '{{}}'::bigint[], NULL::bigint FROM addresses_known AS known
    WHERE parent_id IS NULL OR NOT EXISTS (SELECT FROM addresses_known AS above WHERE above.id = known.parent_id)
    UNION ALL
    SELECT known.id, known.level, down.path || down.id,
           CASE WHEN down.level IN {WITHIN_PLACES} THEN down.place_id ELSE down.id END
    FROM down JOIN addresses_known AS known ON known.parent_id = down.id
    WHERE cardinality(down.path) < 20 AND known.id <> ALL (down.path)
), mun (id, path) AS (
    SELECT id, '{{}}'::bigint[] FROM addresses_known AS known
    WHERE mun_parent_id IS NULL
       OR NOT EXISTS (SELECT FROM addresses_known AS above WHERE above.id = known.mun_parent_id)
    UNION ALL
    SELECT known.id, mun.path || mun.id FROM mun JOIN addresses_known AS known ON known.mun_parent_id = mun.id
    WHERE cardinality(mun.path) < 20 AND known.id <> ALL (mun.path)
)
SELECT known.id, coalesce(down.path, '{{}}') AS path, down.place_id, coalesce(mun.path, '{{}}') AS mun_path
FROM addresses_known AS known LEFT JOIN down USING (id) LEFT JOIN mun USING (id)
"""
# The newest row of each object that says what it is, with where it stands.
KNOWN = """
CREATE TEMP TABLE addresses_known ON COMMIT DROP AS
SELECT said.*, adm.parent_id, mun.parent_id AS mun_parent_id, mun.oktmo AS mun_oktmo
FROM (SELECT DISTINCT ON (id) id, guid, level, active, type, name, key FROM addresses_stage_object WHERE actual
      ORDER BY id, active DESC, version DESC) AS said
LEFT JOIN (SELECT DISTINCT ON (id) id, parent_id FROM addresses_stage_adm
           WHERE id IN (SELECT id FROM addresses_stage_object)
           ORDER BY id, active DESC, version DESC) AS adm USING (id)
LEFT JOIN (SELECT DISTINCT ON (id) id, parent_id, oktmo FROM addresses_stage_mun
           WHERE id IN (SELECT id FROM addresses_stage_object)
           ORDER BY id, active DESC, version DESC) AS mun USING (id)
"""
FLATS = """
CREATE TEMP TABLE addresses_flats ON COMMIT DROP AS
SELECT adm.parent_id AS id, range_agg(int4range(number, number, '[]')) FILTER (WHERE number IS NOT NULL) AS flats,
       array_agg(DISTINCT room ORDER BY room) FILTER (WHERE room IS NOT NULL) AS rooms
FROM addresses_stage_flat AS flat JOIN addresses_stage_adm AS adm ON adm.id = flat.id AND adm.active
GROUP BY adm.parent_id
"""
HOUSES = """
INSERT INTO {table} (id, parent_id, mun_parent_id, oktmo, guid, postcode, region, kind, key, flats, rooms)
SELECT house.id, coalesce(adm.parent_id, mun.parent_id),
       nullif(mun.parent_id, coalesce(adm.parent_id, mun.parent_id)), oktmo.value, house.guid,
       postcode.value::int, {region}, house.kind, house.key, flats.flats, flats.rooms
FROM {house} AS house
LEFT JOIN {adm} AS adm ON adm.id = house.id AND adm.active
LEFT JOIN {mun} AS mun ON mun.id = house.id AND mun.active
LEFT JOIN {postcode} AS postcode ON postcode.id = house.id AND postcode.value < 1000000
LEFT JOIN {oktmo} AS oktmo ON oktmo.id = house.id
LEFT JOIN addresses_flats AS flats ON flats.id = house.id
WHERE coalesce(adm.parent_id, mun.parent_id) IS NOT NULL
"""
# How many houses stand in an object and below it; counts(id, n) are those that stand in it itself.
WEIGHTS = """
CREATE TEMP TABLE addresses_weight ON COMMIT DROP AS
SELECT above.id, sum(counts.n)::int AS weight
FROM (SELECT parent_id AS id, count(*) AS n FROM {houses} GROUP BY parent_id) AS counts
JOIN addresses_tree AS tree USING (id), unnest(tree.path || tree.id) AS above(id)
GROUP BY above.id
"""
OBJECTS = """
INSERT INTO {table} (id, parent_id, mun_parent_id, place_id, oktmo, mun_oktmo, guid, postcode, weight, region, level,
                     active, type, name, key, path, mun_path)
SELECT known.id, known.parent_id, known.mun_parent_id, tree.place_id, oktmo.value, known.mun_oktmo, known.guid,
       postcode.value::int, coalesce(weight.weight, 0), {region}, known.level, known.active, known.type, known.name,
       known.key, tree.path, tree.mun_path
FROM addresses_known AS known JOIN addresses_tree AS tree USING (id)
LEFT JOIN addresses_weight AS weight USING (id)
LEFT JOIN {postcode} AS postcode ON postcode.id = known.id AND postcode.value < 1000000
LEFT JOIN {oktmo} AS oktmo ON oktmo.id = known.id
ORDER BY tree.place_id, known.key
"""
FORMER_NAMES = """
INSERT INTO {table} (object_id, place_id, region, of_place, old, key, name)
SELECT DISTINCT ON (known.id, said.key) known.id, tree.place_id, {region}, known.level NOT IN (7, 8, 15, 16), true,
       said.key, said.name
FROM addresses_stage_object AS said JOIN addresses_known AS known USING (id) JOIN addresses_tree AS tree USING (id)
WHERE said.key <> known.key ORDER BY known.id, said.key, said.version DESC
"""


@dataclass(frozen=True)
class Counts:
    objects: int
    houses: int
    flats: int


def build_region(region: int, load_id: int) -> Counts:
    """Replace a region by what was staged of it; to be called in the transaction that is the switch."""
    names = {table: f"addresses_{table}_{region:02}_{load_id}" for table in TABLES}
    with connection.cursor() as sql:
        begin_switch(sql)
        sql.execute(KNOWN)
        _insist_whole(sql, region)
        for table, name in names.items():
            sql.execute(
                f"CREATE TABLE {name} (LIKE addresses_{table} INCLUDING DEFAULTS, CHECK (region = {region:d}))"
            )
        sql.execute("CREATE UNIQUE INDEX ON addresses_known (id)")
        sql.execute("ANALYZE addresses_known")
        sql.execute(TREE)
        sql.execute(FLATS)
        sql.execute("ANALYZE addresses_flats")
        _fill_once(sql, HOUSES, names["house"], region)
        sql.execute(WEIGHTS.format(houses=names["house"]))
        sql.execute(
            OBJECTS.format(
                table=names["object"], region=region, **_sources(careful=True, of="addresses_known")
            )
        )
        for index in INDEXES["object"]:
            sql.execute(index.format(table=names["object"]))
        sql.execute(FORMER_NAMES.format(table=names["alias"], region=region))
        add_rotations(sql, names["alias"], names["object"], region)
        for index in INDEXES["alias"]:
            sql.execute(index.format(table=names["alias"]))
        for name in names.values():
            sql.execute(f"ANALYZE {name}")
        _switch(sql, region, names)
        return counts_of(sql, region)


def _insist_whole(sql, region: int) -> None:
    sql.execute("SELECT EXISTS (SELECT FROM addresses_known WHERE level = 1 AND active)")
    if not sql.fetchone()[0]:
        raise BadArchive(
            _(
                "The archive's folder %(region)s does not hold the region itself, so it is no whole region."
                " If this is a delta, add --delta."
            )
            % {"region": f"{region:02}"}
        )


def _fill_once(sql, statement: str, table: str, region: int) -> None:
    """Fill and index; when an object came twice, once more and with care, which costs a sort of everything."""
    try:
        with transaction.atomic():
            sql.execute(statement.format(table=table, region=region, **_sources(careful=False)))
            for index in INDEXES["house"]:
                sql.execute(index.format(table=table))
    except IntegrityError:
        sql.execute(statement.format(table=table, region=region, **_sources(careful=True)))
        for index in INDEXES["house"]:
            sql.execute(index.format(table=table))


def _sources(*, careful: bool, of: str = "addresses_stage_house") -> dict[str, str]:
    """The staging tables by name; with care, each with the newest row of the objects of a table only."""
    names = ("house", "adm", "mun", "postcode", "oktmo")
    if not careful:
        return {name: f"addresses_stage_{name}" for name in names}
    return {
        name: f"(SELECT DISTINCT ON (id) * FROM addresses_stage_{name} WHERE id IN (SELECT id FROM {of})"
        f" {'AND active' if name in ('adm', 'mun') else ''} ORDER BY id, version DESC)"
        for name in names
    }


def add_rotations(sql, aliases: str, objects: str, region: int, *, only: str = "true") -> None:
    """For names of several words, and former names: the same begun with each other word."""
    of_place = f"level NOT IN {WITHIN_PLACES}"
    sql.execute(
        f"SELECT id, place_id, {of_place}, key FROM {objects} WHERE position(' ' IN key) > 0 AND {only}"
        f" UNION ALL SELECT object_id, place_id, of_place, key FROM {aliases}"
        f" WHERE old AND position(' ' IN key) > 0 AND object_id IN (SELECT id FROM {objects} WHERE {only})"
    )
    found = {(id_, turned): rest for id_, *rest, key in sql.fetchall() for turned in rotations(key)}
    columns = "object_id, place_id, of_place, region, old, key, name"
    with sql.copy(f"COPY {aliases} ({columns}) FROM STDIN") as copy:
        for (id_, key), rest in found.items():
            copy.write_row((id_, *rest, region, False, key, ""))


def _switch(sql, region: int, names: dict[str, str]) -> None:
    for table, name in names.items():
        if old := partition_of(sql, table, region):
            sql.execute(f"DROP TABLE {old}")
        sql.execute(f"ALTER TABLE addresses_{table} ATTACH PARTITION {name} FOR VALUES IN ({region:d})")


def partition_of(sql, table: str, region: int) -> str | None:
    """The name of the partition that holds a region."""
    sql.execute(
        "SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
        " WHERE inhparent = %s::regclass AND pg_get_expr(child.relpartbound, child.oid) = %s",
        [f"addresses_{table}", f"FOR VALUES IN ('{region}')"],
    )
    found = sql.fetchone()
    return found[0] if found else None


def counts_of(sql, region: int) -> Counts:
    sql.execute("SELECT count(*) FROM addresses_object WHERE region = %s AND active", [region])
    objects = sql.fetchone()[0]
    sql.execute(
        "SELECT count(*), coalesce(sum(cardinality(rooms)), 0) FROM addresses_house WHERE region = %s",
        [region],
    )
    houses, rooms = sql.fetchone()
    sql.execute(
        "SELECT coalesce(sum(upper(span) - lower(span)), 0) FROM addresses_house, unnest(flats) AS span"
        " WHERE region = %s AND flats IS NOT NULL",
        [region],
    )
    return Counts(objects, houses, rooms + sql.fetchone()[0])
