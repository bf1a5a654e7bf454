from django.db import migrations, models


class Migration(migrations.Migration):
    """A column without a default: a million rows are not touched."""

    dependencies = [("contacts", "0023_houses"), ("addresses", "0003_territories_as_sets_of_houses")]

    operations = [migrations.AddField("contact", "territory_by_address", models.BigIntegerField(null=True))]
