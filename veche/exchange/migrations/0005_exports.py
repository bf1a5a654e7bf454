import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_undo_by_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("making", "Being written"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Stopped"),
                            ("gone", "File deleted"),
                        ],
                        default="making",
                        max_length=10,
                    ),
                ),
                ("view", models.JSONField(default=dict)),
                ("words", models.CharField(blank=True, default="", max_length=1000)),
                ("columns", models.JSONField(default=list)),
                (
                    "form",
                    models.CharField(
                        choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV")], default="xlsx", max_length=4
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                ("language", models.CharField(default="ru", max_length=5)),
                ("people", models.PositiveIntegerField(null=True)),
                ("file", models.CharField(blank=True, default="", max_length=100)),
                ("size", models.BigIntegerField(null=True)),
                ("downloads", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField(null=True)),
                ("job_id", models.BigIntegerField(null=True)),
                ("error", models.TextField(blank=True, default="")),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["made_by", "-made_at"], name="exchange_export_owner"),
                    models.Index(fields=["-made_at"], name="exchange_export_newest"),
                ],
            },
        ),
    ]
