from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_stage_rows_without_looking_at_the_import")]

    operations = [
        migrations.AlterField(
            "correction",
            "kind",
            models.CharField(
                choices=[
                    ("replace", "Corrected"),
                    ("empty", "Left empty"),
                    ("reject", "Rows left out"),
                    ("accept", "Taken as it is"),
                    ("word", "Stands for"),
                    ("person", "Said who it is"),
                ],
                max_length=8,
            ),
        ),
    ]
