from django.db import migrations, models


class Migration(migrations.Migration):
    """Words of the code only: no row is touched."""

    dependencies = [("exchange", "0009_look_through_files_in_the_background")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="state",
            field=models.CharField(
                choices=[
                    ("making", "Being written"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                    ("cancelled", "Stopped"),
                    ("gone", "File deleted"),
                    ("printed", "Printed"),
                ],
                default="making",
                max_length=10,
            ),
        ),
    ]
