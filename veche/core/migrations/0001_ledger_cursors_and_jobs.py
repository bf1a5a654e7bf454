"""The ledger, partitioned by month from the first day, the subscribers' cursors and the jobs."""

import django.utils.timezone
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

LEDGER = """
CREATE SEQUENCE core_ledger_id_seq AS bigint;
CREATE TABLE core_ledger (
    id bigint NOT NULL DEFAULT nextval('core_ledger_id_seq'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL,
    actor_id bigint,
    via text NOT NULL,
    request_id uuid NOT NULL,
    contact_id bigint,
    object_kind text NOT NULL DEFAULT '',
    object_id bigint,
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
ALTER SEQUENCE core_ledger_id_seq OWNED BY core_ledger.id;
CREATE INDEX core_ledger_contact ON core_ledger (contact_id, at DESC, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX core_ledger_order ON core_ledger (xid, id);
CREATE INDEX core_ledger_kind ON core_ledger (kind, at DESC);
CREATE TABLE core_ledger_rest PARTITION OF core_ledger DEFAULT;
"""

# Months are cut in UTC, so that a partition's bounds do not depend on the session's time zone.
MONTHS = """
CREATE FUNCTION core_ensure_ledger_months(first_month date, months integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    month date;
    made integer := 0;
BEGIN
    FOR month IN SELECT (first_month + make_interval(months => n))::date FROM generate_series(0, months - 1) AS n
    LOOP
        IF to_regclass('core_ledger_' || to_char(month, 'YYYYMM')) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE core_ledger_%s PARTITION OF core_ledger FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYYMM'),
                to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
                to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
            );
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
SELECT core_ensure_ledger_months((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date, 5);
"""

# Django's database cache: the throttles of all processes count in it.
CACHE = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        migrations.RunSQL(LEDGER, "DROP TABLE core_ledger"),
        migrations.RunSQL(MONTHS, "DROP FUNCTION core_ensure_ledger_months"),
        migrations.RunSQL(CACHE, "DROP TABLE core_cache"),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField(default=0)),
                ("entry", models.BigIntegerField(default=0)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
                ("retry_at", models.DateTimeField(null=True)),
                ("moved_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=100)),
                ("subject", models.CharField(blank=True, default="", max_length=300)),
                ("actor", models.BigIntegerField(null=True)),
                ("request_id", models.UUIDField(null=True)),
                ("object_id", models.BigIntegerField(null=True)),
                ("arguments", models.JSONField(default=dict)),
                ("cursor", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("stage", models.CharField(blank=True, default="", max_length=100)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
                ("result_url", models.CharField(blank=True, default="", max_length=300)),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("cancel_asked_at", models.DateTimeField(null=True)),
                ("dismissed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["actor", "-queued_at"], name="core_job_actor"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["queued_at"],
                        name="core_job_open",
                    ),
                ]
            },
        ),
    ]
