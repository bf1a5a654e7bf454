"""What postal addresses say, beside them: a new table, which a job fills while people work."""

import django.db.models.deletion
from django.db import migrations, models

# The server deletes a reading with its address, whoever deletes that and by whatever statement.
GOES_ALONG = """
ALTER TABLE contacts_addressreading ADD CONSTRAINT contacts_reading_of_address
    FOREIGN KEY (address_id) REFERENCES contacts_postaladdress (id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0019_pastes_as_one_change")]

    operations = [
        migrations.CreateModel(
            name="AddressReading",
            fields=[
                (
                    "address",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="reading",
                        serialize=False,
                        to="contacts.postaladdress",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("text_mark", models.BigIntegerField()),
                (
                    "understood",
                    models.CharField(
                        choices=[
                            ("whole", "Understood"),
                            ("partly", "With doubts"),
                            ("not", "Not understood"),
                        ],
                        max_length=6,
                    ),
                ),
                ("postcode", models.CharField(blank=True, default="", max_length=6)),
                ("region", models.CharField(blank=True, default="", max_length=120)),
                ("town", models.CharField(blank=True, default="", max_length=200)),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("house", models.CharField(blank=True, default="", max_length=60)),
                ("flat", models.CharField(blank=True, default="", max_length=60)),
                ("rest", models.CharField(blank=True, default="", max_length=200)),
                ("town_key", models.CharField(blank=True, default="", max_length=100)),
                ("street_key", models.CharField(blank=True, default="", max_length=100)),
                ("house_number", models.IntegerField(null=True)),
                ("house_mark", models.BigIntegerField(null=True)),
                ("flat_mark", models.BigIntegerField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="address_readings",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("town_key", ""), _negated=True),
                        fields=["town_key", "street_key", "house_number"],
                        name="contacts_read_place",
                    ),
                    models.Index(
                        condition=models.Q(("street_key", ""), _negated=True),
                        fields=["street_key", "house_number"],
                        name="contacts_read_street",
                    ),
                    models.Index(
                        condition=models.Q(("region", ""), _negated=True),
                        fields=["region"],
                        name="contacts_read_region",
                    ),
                    models.Index(
                        condition=models.Q(("house_mark__isnull", False)),
                        fields=["house_mark"],
                        name="contacts_read_house",
                    ),
                    models.Index(
                        condition=models.Q(("understood", "whole"), _negated=True),
                        fields=["understood", "contact"],
                        name="contacts_read_doubt",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            GOES_ALONG, "ALTER TABLE contacts_addressreading DROP CONSTRAINT contacts_reading_of_address"
        ),
    ]
