"""Who was added within these days: built beside the work that goes on."""

from django.db import migrations, models

from veche.core.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0015_saved_views")]
    operations = [
        AddIndexConcurrently(
            "contact",
            models.Index(
                fields=["made_at", "id"],
                name="contacts_contact_by_making",
                condition=models.Q(removed_at__isnull=True),
            ),
        ),
    ]
