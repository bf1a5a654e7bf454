"""A removed contact stays hidden for thirty days before it is erased. A column with no default: no table is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_shipped_statuses_and_roles")]
    operations = [
        migrations.AddField("contact", "removed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "contact",
            models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["removed_at"],
                name="contacts_contact_removed",
            ),
        ),
    ]
