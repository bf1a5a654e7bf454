"""Words of names by their beginning in one look; the order by change without looking at removed contacts."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Replace

from veche.core.migrating import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0005_indexes_of_list_and_search")]
    operations = [
        RemoveIndexConcurrently("contact", "contacts_contact_by_change"),
        AddIndexConcurrently(
            "contact",
            models.Index(
                condition=models.Q(("removed_at__isnull", True)),
                fields=["changed_at", "id"],
                name="contacts_contact_by_change",
            ),
        ),
        RemoveIndexConcurrently("contact", "contacts_contact_name_trgm"),
        AddIndexConcurrently(
            "contact",
            GinIndex(
                OpClass(Concat(Value("|"), Replace("name_key", Value(" "), Value("|"))), name="gin_trgm_ops"),
                name="contacts_contact_words",
            ),
        ),
    ]
