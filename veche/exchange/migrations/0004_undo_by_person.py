from django.db import migrations, models

from veche.core.migrating import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the indexes are made and dropped beside the work

    dependencies = [("exchange", "0003_take_a_view_home_and_bring_it_back")]

    operations = [
        AddIndexConcurrently(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("contact_id__isnull", False)),
                fields=["contact_id"],
                name="exchange_row_contact",
            ),
        ),
        RemoveIndexConcurrently(model_name="importrow", name="exchange_row_created"),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "File received"),
                    ("described", "Table found"),
                    ("mapped", "Columns assigned"),
                    ("checking", "Being checked"),
                    ("checked", "Checked"),
                    ("loading", "Being loaded"),
                    ("loaded", "Loaded"),
                    ("failed", "Failed"),
                    ("cancelled", "Stopped"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("redoing", "Being loaded again"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("", "Not loaded"),
                    ("created", "Created"),
                    ("updated", "Updated"),
                    ("unchanged", "Unchanged"),
                    ("repeated", "Joined to a row above"),
                    ("rejected", "Rejected"),
                    ("undone", "Taken back"),
                ],
                default="",
                max_length=10,
            ),
        ),
    ]
