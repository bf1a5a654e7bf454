from django.db import migrations

# As before, but streets and houses are sought below one place or street after the other, each in its own region's table.
# Asked for all at once, the database took every street of that name in every region, thousands of Lenin streets, and kept
# those of the places. OFFSET 0 keeps it from making that of it again.
SEEN = """
CREATE OR REPLACE FUNCTION addresses_seen(regions smallint[], place_keys text[], place_key text, inside_key text,
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
                SELECT there.o FROM unnest(places) AS place CROSS JOIN LATERAL (
                    SELECT o FROM addresses_object AS o WHERE o.region = place.region AND o.place_id = place.id
                    AND o.key = inside_key AND o.level IN (7, 8, 15, 16) OFFSET 0) AS there
                WHERE place.key = place_key LIMIT 300) AS t;
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
                SELECT there.* FROM unnest(CASE WHEN inside_key IS NULL THEN places ELSE inside END) AS parent
                CROSS JOIN LATERAL (
                    SELECT * FROM addresses_house AS own WHERE own.region = parent.region
                    AND own.parent_id = parent.id AND own.key = ANY (house_keys) OFFSET 0) AS there
                WHERE parent.id = ANY (parents) LIMIT 100) AS h;
        END IF;
        SELECT array_agg(DISTINCT i) INTO above FROM unnest(places || inside) AS o, unnest(o.path || o.mun_path) AS i
        WHERE o.id = ANY (parents);
        SELECT json_agg(json_build_array(o.id, o.level, o.type, o.name)) INTO steps
        FROM addresses_object AS o WHERE o.region = ANY (regions) AND o.id = ANY (above || parents);
    END IF;
    RETURN json_build_array(stamp, addresses_things(places), addresses_things(inside), houses, steps);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("addresses", "0004_look_ups_by_one_statement")]

    operations = [migrations.RunSQL(SEEN, migrations.RunSQL.noop)]
