"""When a territory is removed, those who followed it are found without a look at everybody. Built while others work."""

from django.db import migrations, models
from django.db.models import Q

from veche.core.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0026_merges_that_can_be_undone")]
    operations = [
        AddIndexConcurrently(
            "contact",
            models.Index(
                fields=["territory_by_address"],
                name="contacts_contact_lost_terr",
                condition=Q(territory__isnull=True, territory_by_address__isnull=False),
            ),
        ),
    ]
