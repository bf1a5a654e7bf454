"""What a delta changes in a region, in sets and in one transaction: afterwards the region is as a whole archive of the
same release would have made it.

Nothing is compared with the past but by what a delta's own rows say: several rows of one object come in one delta, the
newest of them counts. A moved parent changes the paths of all below it, which the delta doesn't list; so all paths of
the region are reckoned anew.
"""

from __future__ import annotations

from django.db import connection

from veche.addresses.actions.building import TREE, WEIGHTS, Counts, add_rotations, counts_of, partition_of
from veche.addresses.actions.staging import begin_switch

# The row of each object that counts: its newest version. One that only closes an older version says nothing.
SAID = """
CREATE TEMP TABLE addresses_said_{name} ON COMMIT DROP AS
SELECT * FROM (SELECT DISTINCT ON (id) * FROM addresses_stage_{name} ORDER BY id, actual DESC, version DESC) AS newest
WHERE actual OR NOT active
"""
LINKS = """
CREATE TEMP TABLE addresses_new_{tree} ON COMMIT DROP AS
SELECT DISTINCT ON (id) * FROM addresses_stage_{tree} WHERE active ORDER BY id, version DESC
"""
PARAMS = """
CREATE TEMP TABLE addresses_new_{name} ON COMMIT DROP AS
SELECT id, (array_agg(value ORDER BY version DESC) FILTER (WHERE live))[1] AS value
FROM addresses_stage_{name} GROUP BY id
"""
OBJECTS = (
    """INSERT INTO {alias} (object_id, place_id, region, of_place, old, key, name)
       SELECT object.id, object.place_id, object.region, object.level NOT IN (7, 8, 15, 16), true, object.key,
              object.name
       FROM {object} AS object JOIN addresses_said_object AS said USING (id)
       WHERE object.key <> said.key AND said.active""",
    """UPDATE {object} AS object SET guid = said.guid, level = said.level, active = said.active, type = said.type,
              name = said.name, key = said.key
       FROM addresses_said_object AS said WHERE said.id = object.id""",
    """INSERT INTO {object} (id, guid, weight, region, level, active, type, name, key, path, mun_path)
       SELECT id, guid, 0, {region}, level, active, type, name, key, '{{}}', '{{}}'
       FROM addresses_said_object AS said WHERE NOT EXISTS (SELECT FROM {object} AS known WHERE known.id = said.id)""",
    """INSERT INTO {alias} (object_id, place_id, region, of_place, old, key, name)
       SELECT DISTINCT ON (object.id, was.key) object.id, object.place_id, object.region,
              object.level NOT IN (7, 8, 15, 16), true, was.key, was.name
       FROM addresses_stage_object AS was JOIN {object} AS object USING (id)
       WHERE NOT was.actual AND was.key <> object.key ORDER BY object.id, was.key, was.version DESC""",
    """DELETE FROM {alias} AS alias USING {object} AS object
       WHERE object.id = alias.object_id AND alias.old AND alias.key = object.key
         AND object.id IN (SELECT id FROM addresses_stage_object)""",
    # the same former name twice: the older row goes
    """DELETE FROM {alias} AS alias USING {alias} AS other
       WHERE alias.object_id IN (SELECT id FROM addresses_stage_object) AND alias.old AND other.old
         AND other.object_id = alias.object_id AND other.key = alias.key AND other.ctid > alias.ctid""",
    """UPDATE {object} AS object SET parent_id = link.parent_id FROM addresses_new_adm AS link
       WHERE link.id = object.id""",
    """UPDATE {object} AS object SET mun_parent_id = link.parent_id, mun_oktmo = link.oktmo
       FROM addresses_new_mun AS link WHERE link.id = object.id""",
    """UPDATE {object} AS object SET postcode = param.value FROM addresses_new_postcode AS param
       WHERE param.id = object.id""",
    """UPDATE {object} AS object SET oktmo = param.value FROM addresses_new_oktmo AS param
       WHERE param.id = object.id""",
)
HOUSES = (
    """DELETE FROM {house} AS house USING addresses_said_house AS said WHERE said.id = house.id AND NOT said.active""",
    """UPDATE {house} AS house SET guid = said.guid, kind = said.kind, key = said.key
       FROM addresses_said_house AS said WHERE said.id = house.id""",
    """UPDATE {house} AS house SET parent_id = coalesce(moved.adm, house.parent_id),
              mun_parent_id = nullif(coalesce(moved.mun, house.mun_parent_id, house.parent_id),
                                     coalesce(moved.adm, house.parent_id))
       FROM (SELECT id, adm.parent_id AS adm, mun.parent_id AS mun
             FROM addresses_new_adm AS adm FULL JOIN addresses_new_mun AS mun USING (id)) AS moved
       WHERE moved.id = house.id""",
    """INSERT INTO {house} (id, parent_id, mun_parent_id, guid, region, kind, key)
       SELECT said.id, coalesce(adm.parent_id, mun.parent_id),
              nullif(mun.parent_id, coalesce(adm.parent_id, mun.parent_id)), said.guid, {region}, said.kind, said.key
       FROM addresses_said_house AS said
       LEFT JOIN addresses_new_adm AS adm USING (id) LEFT JOIN addresses_new_mun AS mun USING (id)
       WHERE said.active AND coalesce(adm.parent_id, mun.parent_id) IS NOT NULL
         AND NOT EXISTS (SELECT FROM {house} AS known WHERE known.id = said.id)""",
    """UPDATE {house} AS house SET postcode = param.value FROM addresses_new_postcode AS param
       WHERE param.id = house.id""",
    """UPDATE {house} AS house SET oktmo = param.value FROM addresses_new_oktmo AS param WHERE param.id = house.id""",
)
# A house holds its flats as numbers: what each row took away from a house, and what it gave to one.
FLATS = (
    """CREATE TEMP TABLE addresses_flat_places ON COMMIT DROP AS
       SELECT DISTINCT flat.id, adm.parent_id AS house, flat.number, flat.room,
              flat.actual AND flat.active AND adm.active AS stays
       FROM addresses_stage_flat AS flat JOIN addresses_stage_adm AS adm USING (id)""",
    """UPDATE {house} AS house SET
           flats = nullif(coalesce(house.flats, '{{}}') - coalesce(gone.flats, '{{}}') + coalesce(come.flats, '{{}}'),
                          '{{}}'::int4multirange),
           rooms = (SELECT array_agg(DISTINCT room ORDER BY room)
                    FROM unnest(house.rooms || come.rooms) AS room WHERE room <> ALL (coalesce(gone.rooms, '{{}}'))
                                                                   OR room = ANY (coalesce(come.rooms, '{{}}')))
       FROM (SELECT house AS id, range_agg(int4range(number, number, '[]')) FILTER (WHERE number IS NOT NULL) AS flats,
                    array_agg(room) FILTER (WHERE room IS NOT NULL) AS rooms
             FROM addresses_flat_places WHERE NOT stays GROUP BY house) AS gone
       FULL JOIN (SELECT house AS id, range_agg(int4range(number, number, '[]')) FILTER (WHERE number IS NOT NULL)
                         AS flats, array_agg(room) FILTER (WHERE room IS NOT NULL) AS rooms
                  FROM addresses_flat_places WHERE stays GROUP BY house) AS come USING (id)
       WHERE house.id = coalesce(gone.id, come.id)""",
)
KNOWN = """
CREATE TEMP TABLE addresses_known ON COMMIT DROP AS
SELECT id, level, parent_id, mun_parent_id FROM {object}
"""
PATHS = (
    """CREATE TEMP TABLE addresses_touched ON COMMIT DROP AS
       SELECT object.id FROM {object} AS object JOIN addresses_tree AS tree USING (id)
       WHERE object.place_id IS DISTINCT FROM tree.place_id UNION SELECT id FROM addresses_said_object""",
    """UPDATE {object} AS object SET path = tree.path, place_id = tree.place_id, mun_path = tree.mun_path
       FROM addresses_tree AS tree WHERE tree.id = object.id AND
         (object.path, object.place_id, object.mun_path) IS DISTINCT FROM (tree.path, tree.place_id, tree.mun_path)""",
    """UPDATE {alias} AS alias SET place_id = tree.place_id FROM addresses_tree AS tree
       WHERE tree.id = alias.object_id AND alias.place_id IS DISTINCT FROM tree.place_id""",
    """DELETE FROM {alias} WHERE NOT old AND object_id IN (SELECT id FROM addresses_touched)""",
)
WEIGH = """
UPDATE {object} AS object SET weight = coalesce(reckoned.weight, 0)
FROM addresses_tree AS tree LEFT JOIN addresses_weight AS reckoned USING (id)
WHERE tree.id = object.id AND object.weight <> coalesce(reckoned.weight, 0)
"""


def apply_delta(region: int) -> Counts:
    """Change a region by what was staged; to be called in the transaction that is the step."""
    with connection.cursor() as sql:
        names = {table: str(partition_of(sql, table, region)) for table in ("object", "house", "alias")}
        given = {**names, "region": region}
        begin_switch(sql)
        _prepare(sql)
        for statement in (*OBJECTS, *HOUSES, *FLATS, KNOWN):
            sql.execute(statement.format(**given))
        sql.execute("CREATE UNIQUE INDEX ON addresses_known (id)")
        sql.execute("ANALYZE addresses_known")
        sql.execute(TREE)
        sql.execute("ANALYZE addresses_tree")
        for statement in PATHS:
            sql.execute(statement.format(**given))
        touched = "id IN (SELECT id FROM addresses_touched)"
        add_rotations(sql, names["alias"], names["object"], region, only=touched)
        sql.execute(WEIGHTS.format(houses=names["house"]))
        sql.execute(WEIGH.format(**given))
        for name in names.values():
            sql.execute(f"ANALYZE {name}")
        return counts_of(sql, region)


def _prepare(sql) -> None:
    for name in ("object", "house"):
        sql.execute(SAID.format(name=name))
    for tree in ("adm", "mun"):
        sql.execute(LINKS.format(tree=tree))
    for name in ("postcode", "oktmo"):
        sql.execute(PARAMS.format(name=name))
    for name in ("said_object", "said_house", "new_adm", "new_mun", "new_postcode", "new_oktmo"):
        sql.execute(f"CREATE UNIQUE INDEX ON addresses_{name} (id)")
        sql.execute(f"ANALYZE addresses_{name}")


def unplaced_flats() -> int:
    """Staged changes of flats of which the delta doesn't say in what house they are."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(DISTINCT flat.id) FROM addresses_stage_flat AS flat"
            " WHERE NOT EXISTS (SELECT FROM addresses_stage_adm AS adm WHERE adm.id = flat.id)"
        )
        return sql.fetchone()[0]
