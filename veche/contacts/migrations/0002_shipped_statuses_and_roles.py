"""The statuses and roles that every headquarters and fund starts with."""

from django.db import migrations

STATUSES = ["active", "incorrect", "moved", "refused", "died"]
ROLES = [
    "supporter", "house_elder", "donor", "beneficiary", "volunteer", "party_member",
    "owners_association", "official", "journalist", "collector", "observer",
]  # fmt: skip


def ship(apps, schema_editor):
    for model, codes in (("Status", STATUSES), ("RoleKind", ROLES)):
        rows = apps.get_model("contacts", model)
        rows.objects.bulk_create(rows(code=code, position=10 * n) for n, code in enumerate(codes, 1))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_people_and_organisations")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
