"""The kinds of relations that everybody starts with."""

from django.db import migrations

KINDS = [  # code, reverse code, what the one is, what the other is
    ("spouse", "spouse", "person", "person"),
    ("parent", "child", "person", "person"),
    ("sibling", "sibling", "person", "person"),
    ("grandparent", "grandchild", "person", "person"),
    ("relative", "relative", "person", "person"),
    ("neighbour", "neighbour", "person", "person"),
    ("friend", "friend", "person", "person"),
    ("colleague", "colleague", "person", "person"),
    ("employer", "employee", "", "person"),
    ("organisation", "representative", "organisation", "person"),
    ("association", "member", "organisation", "person"),
    ("head_office", "branch", "organisation", "organisation"),
    ("partner", "partner", "organisation", "organisation"),
    ("bringer", "brought", "", "person"),
]


def ship(apps, schema_editor):
    kinds = apps.get_model("contacts", "RelationKind")
    kinds.objects.bulk_create(
        kinds(code=code, reverse_code=reverse, one_is=one, other_is=other, position=10 * n)
        for n, (code, reverse, one, other) in enumerate(KINDS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0028_households_and_relations")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
