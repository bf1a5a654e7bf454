"""Houses with their passports: new tables, which are filled in the background from what addresses say."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0022_streets_that_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingHouse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="House",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.BigIntegerField(unique=True)),
                ("region", models.CharField(blank=True, default="", max_length=120)),
                ("postcode", models.CharField(blank=True, default="", max_length=6)),
                ("town", models.CharField(blank=True, default="", max_length=200)),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("number", models.CharField(blank=True, default="", max_length=60)),
                ("town_key", models.CharField(blank=True, default="", max_length=100)),
                ("street_key", models.CharField(blank=True, default="", max_length=100)),
                ("house_number", models.IntegerField(default=0)),
                ("people", models.PositiveIntegerField(default=0)),
                ("flats_known", models.PositiveIntegerField(default=0)),
                ("open_problems", models.PositiveIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not said"),
                            ("flats", "Block of flats"),
                            ("private", "Private house"),
                            ("other", "Another building"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("entrances", models.PositiveSmallIntegerField(null=True)),
                ("floors", models.PositiveSmallIntegerField(null=True)),
                ("first_floor", models.PositiveSmallIntegerField(default=1)),
                ("first_flat", models.PositiveSmallIntegerField(null=True)),
                ("last_flat", models.PositiveSmallIntegerField(null=True)),
                ("ranges", models.JSONField(default=list)),
                ("flats", models.PositiveIntegerField(null=True)),
                ("management", models.CharField(blank=True, default="", max_length=200)),
                ("management_phone", models.CharField(blank=True, default="", max_length=100)),
                ("note", models.TextField(blank=True, default="")),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                (
                    "place_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not known"),
                            ("hand", "Typed in"),
                            ("geocoder", "Found by the geocoder"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("looked_for_at", models.DateTimeField(null=True)),
                ("is_kept", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "share",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                flats__gt=0,
                                then=django.db.models.functions.comparison.Least(
                                    models.Value(100),
                                    models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("flats_known"), "*", models.Value(100)
                                            ),
                                            "/",
                                            models.F("flats"),
                                        ),
                                        output_field=models.IntegerField(),
                                    ),
                                ),
                            ),
                            default=None,
                        ),
                        output_field=models.IntegerField(null=True),
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["town_key", "street_key", "house_number", "id"],
                        name="contacts_house_by_place",
                    ),
                    models.Index(fields=["street_key", "house_number"], name="contacts_house_street"),
                    models.Index(fields=["people", "id"], name="contacts_house_by_people"),
                    models.Index(
                        django.db.models.functions.comparison.Coalesce("share", models.Value(101)),
                        models.F("id"),
                        name="contacts_house_by_share",
                    ),
                    models.Index(
                        condition=models.Q(("open_problems__gt", 0)),
                        fields=["open_problems", "id"],
                        name="contacts_house_troubled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseElder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="elderships",
                        to="contacts.contact",
                    ),
                ),
                (
                    "house",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="eldership",
                        to="contacts.house",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HouseEntry",
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
                            ("problem", "Problem"),
                            ("meeting", "Meeting in the yard"),
                            ("visit", "Round of the flats"),
                            ("poster", "Posters and leaflets"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                ("day", models.DateField(default=django.utils.timezone.localdate)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "house",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="contacts.house",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "indexes": [models.Index(fields=["house", "-day", "-id"], name="contacts_house_entries")],
            },
        ),
    ]
