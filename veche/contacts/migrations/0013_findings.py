"""What is wrong with what we know of people, what was said to be right, and who is still to be looked at."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PK = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0012_words_of_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingInspection",
            fields=[("contact_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", PK),
                ("key", models.CharField(max_length=24)),
                ("mark", models.BigIntegerField()),
                ("point", models.BigIntegerField(null=True)),
                ("fixable", models.BooleanField(default=False)),
                ("dismissed", models.BooleanField(default=False)),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dismissed", False)),
                        fields=["key", "contact"],
                        include=["fixable"],
                        name="contacts_finding_open",
                    ),
                    models.Index(fields=["key", "mark"], name="contacts_finding_mark"),
                    models.Index(
                        condition=models.Q(("dismissed", True)),
                        fields=["key", "id"],
                        name="contacts_finding_aside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "key", "point", "mark"),
                        name="contacts_finding_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingDismissal",
            fields=[
                ("id", PK),
                ("key", models.CharField(max_length=24)),
                ("mark", models.BigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dismissals",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "mark", "contact"),
                        name="contacts_dismissed_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
