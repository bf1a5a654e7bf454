"""Households, and relations between contacts with their kinds. New tables, empty at first."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Greatest, Least

PK = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
CASCADE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    dependencies = [("contacts", "0027_index_those_who_lost_a_territory")]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", PK),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                (
                    "letter",
                    models.CharField(
                        choices=[
                            ("family", "One letter, to the family"),
                            ("head", "One letter, to the head"),
                            ("each", "A letter to each"),
                        ],
                        default="family",
                        max_length=6,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                ("id", PK),
                (
                    "household",
                    models.ForeignKey(on_delete=CASCADE, related_name="members", to="contacts.household"),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=CASCADE,
                        related_name="in_households",
                        to="contacts.contact",
                    ),
                ),
                ("is_head", models.BooleanField(default=False)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("together", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ["-is_head", "id"],
                "constraints": [models.UniqueConstraint(fields=["contact"], name="contacts_household_once")],
                "indexes": [
                    models.Index(
                        fields=["together"],
                        name="contacts_household_together",
                        condition=models.Q(together__isnull=False),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationKind",
            fields=[
                ("id", PK),
                ("code", models.SlugField(blank=True, default="", max_length=40)),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("position", models.PositiveSmallIntegerField(default=100)),
                ("archived_at", models.DateTimeField(null=True)),
                ("reverse_code", models.SlugField(max_length=40)),
                ("reverse_name", models.CharField(blank=True, default="", max_length=100)),
                ("one_is", models.CharField(blank=True, default="", max_length=12)),
                ("other_is", models.CharField(blank=True, default="", max_length=12)),
            ],
            options={
                "ordering": ["position", "name"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=["code"], name="contacts_relation_code"),
                    models.UniqueConstraint(fields=["reverse_code"], name="contacts_relation_reverse_code"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", PK),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="contacts.relationkind",
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="relations_as_one", to="contacts.contact"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="relations_as_other", to="contacts.contact"
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        Least("one", "other"),
                        Greatest("one", "other"),
                        name="contacts_relation_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one", models.F("other")), _negated=True),
                        name="contacts_relation_of_two",
                    ),
                ],
            },
        ),
    ]
