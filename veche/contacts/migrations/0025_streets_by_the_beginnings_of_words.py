"""Streets that are suggested are found by whole beginnings of words, not by three letters. A small table."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0024_territories_follow_addresses")]

    operations = [
        migrations.RemoveIndex("knownstreet", "contacts_known_street_words"),
        migrations.AddIndex(
            "knownstreet",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.Func(
                        models.Func(models.F("words"), function="btrim"),
                        models.Value(" "),
                        function="string_to_array",
                    ),
                    function="array_to_tsvector",
                ),
                name="contacts_known_street_begin",
            ),
        ),
        migrations.AddIndex(
            "knownstreet", models.Index(fields=["-people"], name="contacts_known_street_people")
        ),
        migrations.AddIndex(
            "knownstreet", models.Index(fields=["town_key", "-people"], name="contacts_known_street_town")
        ),
    ]
