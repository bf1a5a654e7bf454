import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Nobody is told of what happened before there were notices: their readers of the ledger begin here.
FROM_NOW_ON = """
INSERT INTO core_cursor (name, xid, entry, failures, error, moved_at)
SELECT 'desk.notice:' || kind, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0, 0, '', now()
FROM unnest(ARRAY['contacts.given', 'contacts.mentioned', 'core.job_ended', 'accounts.new_device']) AS kind
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0004_seal_second_factors"),
        ("contacts", "0001_people_and_organisations"),
        ("core", "0001_ledger_cursors_and_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeWishes",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_wishes",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_to", models.TimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="desk_quiet_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("group", models.CharField(max_length=80)),
                ("entry", models.BigIntegerField()),
                ("count", models.PositiveIntegerField(default=1)),
                ("object_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-at", "-id"], name="desk_notice_newest"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["user"],
                        name="desk_notice_unread",
                    ),
                    models.Index(fields=["at"], name="desk_notice_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "group"), name="desk_notice_once")
                ],
            },
        ),
        migrations.RunSQL(FROM_NOW_ON, migrations.RunSQL.noop),
    ]
