"""Another kind of bulk change. Django's own knowledge only: no table changes."""

from django.db import migrations, models

KINDS = [
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
    ("points", "Correct phones and e-mails"),
]


class Migration(migrations.Migration):
    dependencies = [("contacts", "0017_origins_without_a_constraint")]

    operations = [
        migrations.AlterField(
            model_name="masschange",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14),
        ),
    ]
