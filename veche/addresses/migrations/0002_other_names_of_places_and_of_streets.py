from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody has loaded a register before this: the table is empty."""

    dependencies = [("addresses", "0001_the_state_register")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE addresses_alias ADD COLUMN of_place boolean NOT NULL",
                    "ALTER TABLE addresses_alias DROP COLUMN of_place",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "alias", "of_place", models.BooleanField(default=False), preserve_default=False
                )
            ],
        ),
    ]
