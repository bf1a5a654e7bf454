"""An import asks who was born on a day and is called so. Built beside the running system."""

from django.db import migrations, models

from veche.core.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0006_one_index_for_words_of_names")]
    operations = [
        AddIndexConcurrently(
            "contact",
            models.Index(
                condition=models.Q(("birth_day__isnull", False)),
                fields=["birth_day", "birth_month", "birth_year", "name_key"],
                name="contacts_contact_by_birthday",
            ),
        ),
    ]
