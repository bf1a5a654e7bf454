import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_drop_indexes_that_others_begin_with"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="fieldchange",
            name="is_undo",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="UndoKept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.BigIntegerField()),
                ("field", models.CharField(blank=True, default="", max_length=60)),
                ("event", models.CharField(blank=True, default="", max_length=80)),
                ("at", models.DateTimeField(null=True)),
                ("batch_since", models.BigIntegerField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undo_kept",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "contact", "field"), name="contacts_undo_kept_once"
                    )
                ],
            },
        ),
    ]
