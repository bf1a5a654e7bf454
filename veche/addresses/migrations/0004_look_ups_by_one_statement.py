from django.db import migrations

# What a look-up nearly always needs, in one round trip and by plans that each session keeps: places by their keys,
# what is inside them, the houses there, and the names of all that lies above. Lists come as lines of one text.
# `stamp` changes with every load, so that what is kept of the regions is known to be true.
SEEN = """
CREATE FUNCTION addresses_seen(regions smallint[], place_keys text[], place_key text, inside_key text,
                               house_keys text[], flat integer, room text, most integer)
RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    places addresses_object[]; inside addresses_object[]; parents bigint[]; above bigint[];
    houses json; steps json; stamp text;
BEGIN
    SELECT concat_ws(' ', count(*), sum(code), max(loaded_at)) INTO stamp FROM addresses_region;
    IF cardinality(place_keys) > 0 THEN
        SELECT array_agg(t.o) INTO places FROM (
            SELECT o FROM addresses_object AS o WHERE o.region = ANY (regions) AND o.key = ANY (place_keys)
            AND o.level NOT IN (7, 8, 15, 16) LIMIT 300) AS t;
        SELECT array_agg(o.id) INTO parents FROM unnest(places) AS o WHERE o.key = place_key;
    END IF;
    IF inside_key IS NOT NULL THEN
        IF place_key IS NOT NULL THEN
            SELECT array_agg(t.o) INTO inside FROM (
                SELECT o FROM addresses_object AS o WHERE o.region = ANY (regions) AND o.place_id = ANY (parents)
                AND o.key = inside_key AND o.level IN (7, 8, 15, 16) LIMIT 300) AS t;
        ELSE
            SELECT array_agg(t.o) INTO inside FROM (
                SELECT o FROM addresses_object AS o WHERE o.region = ANY (regions)
                AND o.key = inside_key AND o.level IN (7, 8, 15, 16) LIMIT 300) AS t;
        END IF;
        SELECT array_agg(o.id) INTO parents FROM unnest(inside) AS o;
    END IF;
    IF cardinality(parents) <= most THEN
        IF cardinality(house_keys) > 0 THEN
            SELECT json_agg(json_build_array(h.id, h.guid, h.region, h.parent_id, h.mun_parent_id, h.key, h.kind,
                       h.postcode, h.oktmo,
                       CASE WHEN h.flats IS NULL AND h.rooms IS NULL THEN NULL
                       ELSE coalesce(h.flats @> flat, false) OR coalesce((SELECT bool_or(split_part(r, ':', 2) = room)
                            FROM unnest(h.rooms) AS r), false) END))
            INTO houses FROM (
                SELECT * FROM addresses_house WHERE region = ANY (regions) AND parent_id = ANY (parents)
                AND key = ANY (house_keys) LIMIT 100) AS h;
        END IF;
        SELECT array_agg(DISTINCT i) INTO above FROM unnest(places || inside) AS o, unnest(o.path || o.mun_path) AS i
        WHERE o.id = ANY (parents);
        SELECT json_agg(json_build_array(o.id, o.level, o.type, o.name)) INTO steps
        FROM addresses_object AS o WHERE o.region = ANY (regions) AND o.id = ANY (above || parents);
    END IF;
    RETURN json_build_array(stamp, addresses_things(places), addresses_things(inside), houses, steps);
END $$
"""
THINGS = """
CREATE FUNCTION addresses_things(found addresses_object[]) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT json_agg(json_build_array(o.id, o.guid, o.region, o.level, o.type, o.name, o.key, o.place_id, o.path,
                                 o.mun_path, o.postcode, o.oktmo, o.mun_oktmo, o.active, o.weight))
FROM unnest(found) AS o
$$
"""
NOT_SEEN = """
DROP FUNCTION addresses_seen(smallint[], text[], text, text, text[], integer, text, integer);
DROP FUNCTION addresses_things(addresses_object[]);
"""


class Migration(migrations.Migration):
    dependencies = [("addresses", "0003_territories_as_sets_of_houses")]

    operations = [
        migrations.RunSQL(THINGS, migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, NOT_SEEN),
    ]
