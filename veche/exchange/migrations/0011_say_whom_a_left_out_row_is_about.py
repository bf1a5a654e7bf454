from django.db import migrations, models


class Migration(migrations.Migration):
    """Corrections are some thousands at most: the constraints are made at once."""

    dependencies = [("exchange", "0010_log_what_left_on_paper")]

    operations = [
        migrations.RemoveConstraint(model_name="correction", name="exchange_correction_once"),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=["batch", "column", "row", "value"],
                condition=~models.Q(kind__in=["word", "person"]),
                name="exchange_correction_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                fields=["batch", "row", "value"],
                condition=models.Q(kind="person"),
                name="exchange_person_once",
                nulls_distinct=False,
            ),
        ),
    ]
