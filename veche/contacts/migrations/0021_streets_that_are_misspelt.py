"""Streets that people misspell, and what the team has said of them. New tables, filled by a job and by hand."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PK = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
KEYS = [
    ("town_key", models.CharField(max_length=100)),
    ("street_key", models.CharField(max_length=100)),
    ("town", models.CharField(max_length=200)),
    ("wrong", models.CharField(max_length=200)),
]


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0020_what_addresses_say"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StreetSlip",
            fields=[
                ("id", PK),
                *KEYS,
                ("right", models.CharField(max_length=200)),
                ("people", models.PositiveIntegerField()),
                ("right_people", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["-people", "town", "wrong"],
                "constraints": [
                    models.UniqueConstraint(fields=["town_key", "street_key"], name="contacts_slip_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LearnedStreet",
            fields=[
                ("id", PK),
                *KEYS,
                ("right", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["town_key", "street_key"], name="contacts_learned_street_once"
                    )
                ],
            },
        ),
    ]
