from django.db import migrations, models

from veche.core.migrating import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # the indexes are made and dropped beside the work

    dependencies = [("contacts", "0009_undo_of_imports")]

    operations = [
        AddIndexConcurrently(
            model_name="fieldchange",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch", "contact"],
                name="contacts_change_of_batch",
            ),
        ),
        RemoveIndexConcurrently(model_name="fieldchange", name="contacts_change_batch"),
    ]
