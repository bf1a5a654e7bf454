"""Teams and territories are unique without regard to case, and a territory without a parent is unique too.

Before this, two at once could get the same name; the later one keeps its own with its number behind it.
"""

import django.db.models.functions.text
from django.db import migrations, models

NUMBER_TWINS = """
UPDATE {table} AS kept SET name = left(kept.name, 180) || ' (' || kept.id || ')'
FROM (SELECT id, row_number() OVER (PARTITION BY {same} ORDER BY id) AS n FROM {table}) AS numbered
WHERE numbered.id = kept.id AND numbered.n > 1
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_session_stamps_and_sign_in_backoff"),
    ]

    operations = [
        migrations.RunSQL(
            [
                NUMBER_TWINS.format(table="accounts_team", same="lower(name)"),
                NUMBER_TWINS.format(table="accounts_territory", same="parent_id, lower(name)"),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name="territory", name="accounts_territory_once"),
        migrations.AlterField(
            model_name="team",
            name="name",
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="accounts_team_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                models.F("parent"),
                name="accounts_territory_once",
                nulls_distinct=False,
            ),
        ),
    ]
