from django.db import migrations, models


class Migration(migrations.Migration):
    """A constant default: no row is written anew."""

    dependencies = [("exchange", "0012_letters")]

    operations = [
        migrations.AddField("export", "titles", models.JSONField(default=dict)),
        migrations.AddField("bridgesheet", "titles", models.JSONField(default=dict)),
    ]
