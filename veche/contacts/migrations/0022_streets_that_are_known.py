"""The base's own streets, kept ready to be suggested; many misspelt streets put right by one press. New and small."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

PK = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0021_streets_that_are_misspelt")]

    operations = [
        migrations.CreateModel(
            name="KnownStreet",
            fields=[
                ("id", PK),
                ("region", models.CharField(blank=True, default="", max_length=120)),
                ("town", models.CharField(max_length=200)),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("town_key", models.CharField(max_length=100)),
                ("street_key", models.CharField(blank=True, default="", max_length=100)),
                ("words", models.TextField()),
                ("people", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["town", "street", "region"], name="contacts_known_street_once"
                    )
                ],
                "indexes": [
                    GinIndex(OpClass("words", name="gin_trgm_ops"), name="contacts_known_street_words")
                ],
            },
        ),
        migrations.AddField("learnedstreet", "people", models.PositiveIntegerField(default=0)),
        migrations.AddField("learnedstreet", "together", models.BigIntegerField(null=True)),
    ]
