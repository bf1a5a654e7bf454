"""Changes of many people at once: what was asked, whom of, and what was there before."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0010_index_changes_of_an_import"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MassChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tag_put", "Put on a tag"),
                            ("tag_take", "Take off a tag"),
                            ("campaign_put", "Put into a campaign"),
                            ("campaign_take", "Take out of a campaign"),
                            ("status", "Set the status"),
                            ("responsible", "Set who is responsible"),
                            ("territory", "Set the territory"),
                            ("own", "Set an own field"),
                            ("remove", "Remove from the base"),
                            ("values", "Correct each in their own way"),
                        ],
                        max_length=14,
                    ),
                ),
                ("what", models.CharField(blank=True, default="", max_length=60)),
                ("value", models.JSONField(null=True)),
                ("asked", models.TextField(blank=True, default="")),
                ("words", models.TextField(blank=True, default="")),
                ("people", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("skipped", models.JSONField(default=dict)),
                ("undone", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "In work"),
                            ("done", "Done"),
                            ("cancelled", "Stopped"),
                            ("failed", "Failed"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True, default="")),
                ("job_id", models.BigIntegerField(null=True)),
                ("request_id", models.UUIDField(default=uuid.uuid4)),
                ("undo_request_id", models.UUIDField(default=uuid.uuid4)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mass_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="MassChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("values", models.JSONField(null=True)),
                (
                    "mass_change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="contacts.masschange",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["mass_change", "number"], name="contacts_mass_chunk")
                ],
            },
        ),
        migrations.CreateModel(
            name="MassOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("changed", "Changed"),
                            ("same", "It was so already"),
                            ("out", "Removed meanwhile, or out of your reach"),
                            ("bare", "Nothing would be left by which to know them"),
                            ("since", "Changed by somebody meanwhile"),
                            ("undone", "As before again"),
                            ("kept", "Left as it is: somebody has changed it since"),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.JSONField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mass_outcomes",
                        to="contacts.contact",
                    ),
                ),
                (
                    "mass_change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="contacts.masschange",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("what__in", ["changed", "undone"]), _negated=True),
                        fields=["mass_change", "what", "contact"],
                        name="contacts_mass_aside",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["mass_change", "contact"], name="contacts_mass_outcome")
                ],
            },
        ),
    ]
