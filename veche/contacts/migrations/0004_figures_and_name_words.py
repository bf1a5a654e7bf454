"""Figures kept ready, the words of names, and names compared letter by letter, as their index needs it."""

import django.contrib.postgres.indexes
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_contacts_can_be_removed")]
    operations = [
        migrations.CreateModel(
            "Figure",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("value", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stale_since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "NameWord",
            fields=[
                (
                    "word",
                    models.CharField(db_collation="C", max_length=100, primary_key=True, serialize=False),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"),
                        name="contacts_name_word_trgm",
                    )
                ],
            },
        ),
        migrations.AlterField(
            "contact", "name_key", models.CharField(blank=True, db_collation="C", default="", max_length=600)
        ),
    ]
