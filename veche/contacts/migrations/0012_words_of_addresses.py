"""Words of addresses: who lives at «ленина 5»."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from veche.contacts.models.reach import AddressWords
from veche.core.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0011_mass_changes")]
    operations = [
        AddIndexConcurrently("postaladdress", GinIndex(AddressWords("text"), name="contacts_address_words")),
    ]
