"""What merges did, row by row, and what the merged were known by besides. New tables, empty at first."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Concat, Replace

PK = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
USER = {"null": True, "on_delete": django.db.models.deletion.SET_NULL, "related_name": "+", "db_index": False}
CASCADE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0025_streets_by_the_beginnings_of_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", PK),
                (
                    "contact",
                    models.ForeignKey(on_delete=CASCADE, related_name="merges", to="contacts.contact"),
                ),
                ("by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **USER)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("ceilings", models.JSONField(default=dict)),
                ("together", models.UUIDField(default=uuid.uuid4)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **USER)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["together"], name="contacts_merge_together")],
            },
        ),
        migrations.CreateModel(
            name="MergedContact",
            fields=[
                ("id", PK),
                ("merge", models.ForeignKey(on_delete=CASCADE, related_name="gone", to="contacts.merge")),
                ("former_id", models.BigIntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=600)),
                ("row", models.JSONField(null=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["former_id"],
                        name="contacts_merged_once",
                        condition=models.Q(row__isnull=False),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergedRow",
            fields=[
                ("id", PK),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="rows", to="contacts.merge", db_index=False
                    ),
                ),
                ("table", models.CharField(max_length=63)),
                ("key", models.BigIntegerField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["merge", "table", "key"], name="contacts_merged_row_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherValue",
            fields=[
                ("id", PK),
                (
                    "contact",
                    models.ForeignKey(on_delete=CASCADE, related_name="other_values", to="contacts.contact"),
                ),
                ("field", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("key", models.CharField(blank=True, db_collation="C", default="", max_length=600)),
                ("former_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            Concat(models.Value("|"), Replace("key", models.Value(" "), models.Value("|"))),
                            name="gin_trgm_ops",
                        ),
                        name="contacts_other_name_words",
                        condition=~models.Q(key=""),
                    )
                ],
            },
        ),
    ]
