from django.db import migrations, models


def origin_of(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        "contacts.Origin",
        null=True,
        on_delete=models.DO_NOTHING,
        related_name=related_name,
        db_index=False,
        db_constraint=False,
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0016_index_when_people_were_added")]
    operations = [
        migrations.AlterField("contactpoint", "origin", origin_of("points")),
        migrations.AlterField("postaladdress", "origin", origin_of("addresses")),
    ]
