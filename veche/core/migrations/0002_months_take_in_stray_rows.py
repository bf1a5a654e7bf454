"""A month that is made late takes in the rows which the rest partition got meanwhile, instead of failing on them.

Such rows come to be where the installation stood still for months, or its clock was wrong.
"""

from django.db import migrations

MONTHS = """
CREATE OR REPLACE FUNCTION core_ensure_ledger_months(first_month date, months integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    month date;
    name text;
    starts timestamptz;
    ends timestamptz;
    made integer := 0;
BEGIN
    FOR month IN SELECT (first_month + make_interval(months => n))::date FROM generate_series(0, months - 1) AS n
    LOOP
        name := 'core_ledger_' || to_char(month, 'YYYYMM');
        IF to_regclass(name) IS NULL THEN
            starts := month::timestamp AT TIME ZONE 'UTC';
            ends := (month + interval '1 month') AT TIME ZONE 'UTC';
            LOCK TABLE core_ledger_rest IN ACCESS EXCLUSIVE MODE;
            EXECUTE format('CREATE TABLE %I (LIKE core_ledger INCLUDING DEFAULTS)', name);
            EXECUTE format(
                'WITH stray AS (DELETE FROM core_ledger_rest WHERE at >= %L AND at < %L RETURNING *)'
                ' INSERT INTO %I SELECT * FROM stray', starts, ends, name);
            EXECUTE format(
                'ALTER TABLE core_ledger ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, starts, ends);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_ledger_cursors_and_jobs")]
    operations = [migrations.RunSQL(MONTHS, migrations.RunSQL.noop)]
