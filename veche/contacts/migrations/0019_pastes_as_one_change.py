"""What is pasted into the list is one bulk change. Django's own knowledge only: no table changes."""

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
    ("paste", "Paste from a spreadsheet"),
]
OUTCOMES = [
    ("changed", "Changed"),
    ("same", "It was so already"),
    ("out", "Removed meanwhile, or out of your reach"),
    ("bare", "Nothing would be left by which to know them"),
    ("since", "Changed by somebody meanwhile"),
    ("refused", "What was pasted cannot stand there"),
    ("undone", "As before again"),
    ("kept", "Left as it is: somebody has changed it since"),
]


class Migration(migrations.Migration):
    dependencies = [("contacts", "0018_points_put_right_in_bulk")]

    operations = [
        migrations.AlterField(
            model_name="masschange",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14),
        ),
        migrations.AlterField(
            model_name="massoutcome",
            name="what",
            field=models.CharField(choices=OUTCOMES, max_length=8),
        ),
    ]
