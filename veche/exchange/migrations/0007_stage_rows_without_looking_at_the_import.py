from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_watch_a_folder")]

    operations = [
        migrations.AlterField(
            "importrow",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="rows",
                to="exchange.import",
            ),
        ),
        migrations.AlterField(
            "issue",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="issues",
                to="exchange.import",
            ),
        ),
    ]
