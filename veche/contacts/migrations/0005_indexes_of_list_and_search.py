"""The list sorted by change, and parts of phones and e-mails. Built while others work."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from veche.core.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0004_figures_and_name_words")]
    operations = [
        AddIndexConcurrently(
            "contact", models.Index(fields=["changed_at", "id"], name="contacts_contact_by_change")
        ),
        AddIndexConcurrently(
            "contactpoint", GinIndex(OpClass("value", name="gin_trgm_ops"), name="contacts_point_trgm")
        ),
    ]
