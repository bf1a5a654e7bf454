"""What must be true before the first request: schema, static files, somebody who may sign in. Needs Django."""

import os
import time
from pathlib import Path

from config.running import places, stamps
from config.running.speech import Trouble
from config.running.speech import gettext as _

MIGRATION_LOCK = 0x5645434845  # "VECHE": two servers on one database migrate one after the other


def set_up_django() -> None:
    """Settings, apps and the terminal's language."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.utils import translation

    from config.running.speech import language

    django.setup()
    translation.activate(language())


def pending_migrations() -> list[str]:
    """Names of migrations that the database still lacks; Trouble when it has some that this version does not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations) | set(executor.loader.replacements)
    labels = {label for label, _name in known}
    unknown = [key for key in executor.loader.applied_migrations if key[0] in labels and key not in known]
    if unknown:
        raise Trouble(
            _("The database is of a newer version of Veche (it has {migration}): update Veche.").format(
                migration=".".join(unknown[0])
            )
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate(*, verbosity: int = 0) -> list[str]:
    """Bring the schema up to date; returns the names of what was applied. At once when nothing is pending."""
    from django.core.management import call_command
    from django.db import connection

    from veche.core import presenting

    if not pending_migrations():
        return []
    # Asked for again and again: to wait in one statement would hold a snapshot, and the other's CREATE INDEX
    # CONCURRENTLY waits for everybody's snapshots: a deadlock.
    while not _locks():
        time.sleep(0.2)
    try:
        pending = pending_migrations()  # another server may have been quicker
        if pending:
            presenting.drop()  # views, which would hold the tables as they are
            call_command("migrate", verbosity=verbosity, interactive=False)
        return pending
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _locks() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK])
        return cursor.fetchone()[0]


def collect_static() -> bool:
    """Static files with hashed names, compressed, in STATIC_ROOT; False when they were there already."""
    from django.conf import settings
    from django.core.management import call_command

    from veche.ui import vendor

    root = Path(settings.STATIC_ROOT)
    sources = sorted((places.ROOT / "veche").glob("*/static"))
    fingerprint = stamps.of_contents(
        [places.ROOT / "package-lock.json"], stamps.of_times(sources), *vendor.NOT_SERVED
    )
    stamp = root.with_name(f"{root.name}.collected")
    if stamps.is_current(stamp, fingerprint) and root.is_dir():
        return False
    stamp.unlink(missing_ok=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    call_command(
        "collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=vendor.NOT_SERVED
    )
    stamps.write(stamp, fingerprint)
    return True


def close_connections() -> None:
    """Let go of the database, with the pool's own threads."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        connection.close_pool()


def sign_in_link() -> str:
    """A link that signs the administrator in once; makes the first administrator where there is none."""
    from veche.accounts import actions, queries
    from veche.accounts.commands import link_address, shell

    actions.ensure_first_administrator(by=shell())
    return link_address(actions.issue_sign_in_link(by=shell(), user=queries.first_administrator()))
