import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from veche.addresses.models.register import MultiRange

BIG = models.BigIntegerField
# By region: a partition is built beside the old one, with its indexes, and put in its place by one switch. Rows are
# laid out from wide to narrow, which saves the padding.
TABLES = """
CREATE TABLE addresses_object (
    id bigint NOT NULL, parent_id bigint, mun_parent_id bigint, place_id bigint, oktmo bigint, mun_oktmo bigint,
    guid uuid NOT NULL, postcode integer, weight integer NOT NULL, region smallint NOT NULL, level smallint NOT NULL,
    active boolean NOT NULL, type text NOT NULL, name text NOT NULL, key text NOT NULL,
    path bigint[] NOT NULL, mun_path bigint[] NOT NULL
) PARTITION BY LIST (region);
CREATE TABLE addresses_house (
    id bigint NOT NULL, parent_id bigint NOT NULL, mun_parent_id bigint, oktmo bigint, guid uuid NOT NULL,
    postcode integer, region smallint NOT NULL, kind smallint NOT NULL, key text NOT NULL,
    flats int4multirange, rooms text[]
) PARTITION BY LIST (region);
CREATE TABLE addresses_alias (
    object_id bigint NOT NULL, place_id bigint, region smallint NOT NULL, old boolean NOT NULL,
    key text NOT NULL, name text NOT NULL
) PARTITION BY LIST (region);
"""
NO_TABLES = "DROP TABLE addresses_object; DROP TABLE addresses_house; DROP TABLE addresses_alias;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("version", models.DateField()),
                ("is_delta", models.BooleanField(default=False)),
                ("follows", models.DateField(null=True)),
                ("with_flats", models.BooleanField(default=True)),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), size=None
                    ),
                ),
                (
                    "done",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("totals", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True, default="")),
                ("job_id", models.BigIntegerField(null=True)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "vocabulary",
                    models.CharField(
                        choices=[
                            ("object", "Types of address objects"),
                            ("house", "Types of houses"),
                            ("added", "Types of additional numbers"),
                            ("flat", "Types of premises"),
                            ("param", "Kinds of parameters"),
                            ("level", "Levels"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.IntegerField()),
                ("level", models.SmallIntegerField(null=True)),
                ("short", models.CharField(blank=True, default="", max_length=50)),
                ("name", models.CharField(max_length=250)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("vocabulary", "code"), name="addresses_word_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("code", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("object_id", BIG(null=True)),
                ("name", models.CharField(blank=True, default="", max_length=250)),
                ("type", models.CharField(blank=True, default="", max_length=50)),
                ("version", models.DateField()),
                ("loaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("with_flats", models.BooleanField(default=True)),
                ("objects_count", models.IntegerField(default=0)),
                ("houses_count", models.IntegerField(default=0)),
                ("flats_count", models.IntegerField(default=0)),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="addresses.load"
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLES, NO_TABLES)],
            state_operations=[
                migrations.CreateModel(
                    name="AddressObject",
                    fields=[
                        ("id", BIG(primary_key=True, serialize=False)),
                        ("parent_id", BIG(null=True)),
                        ("mun_parent_id", BIG(null=True)),
                        ("place_id", BIG(null=True)),
                        ("oktmo", BIG(null=True)),
                        ("mun_oktmo", BIG(null=True)),
                        ("guid", models.UUIDField()),
                        ("postcode", models.IntegerField(null=True)),
                        ("weight", models.IntegerField(default=0)),
                        ("region", models.SmallIntegerField()),
                        ("level", models.SmallIntegerField()),
                        ("active", models.BooleanField(default=True)),
                        ("type", models.TextField()),
                        ("name", models.TextField()),
                        ("key", models.TextField()),
                        ("path", django.contrib.postgres.fields.ArrayField(base_field=BIG(), size=None)),
                        ("mun_path", django.contrib.postgres.fields.ArrayField(base_field=BIG(), size=None)),
                    ],
                    options={"db_table": "addresses_object"},
                ),
                migrations.CreateModel(
                    name="House",
                    fields=[
                        ("id", BIG(primary_key=True, serialize=False)),
                        ("parent_id", BIG()),
                        ("mun_parent_id", BIG(null=True)),
                        ("oktmo", BIG(null=True)),
                        ("guid", models.UUIDField()),
                        ("postcode", models.IntegerField(null=True)),
                        ("region", models.SmallIntegerField()),
                        ("kind", models.SmallIntegerField()),
                        ("key", models.TextField()),
                        ("flats", MultiRange(null=True)),
                        (
                            "rooms",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), null=True, size=None
                            ),
                        ),
                    ],
                    options={"db_table": "addresses_house"},
                ),
                migrations.CreateModel(
                    name="Alias",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "region",
                                "object_id",
                                "key",
                                "old",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("object_id", BIG()),
                        ("place_id", BIG(null=True)),
                        ("region", models.SmallIntegerField()),
                        ("old", models.BooleanField()),
                        ("key", models.TextField()),
                        ("name", models.TextField(blank=True, default="")),
                    ],
                    options={"db_table": "addresses_alias"},
                ),
            ],
        ),
    ]
