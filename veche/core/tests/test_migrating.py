"""A migration that was killed while it built an index is finished by the next one."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from veche.core.migrating import AddIndexConcurrently


def valid() -> list[bool]:
    with connection.cursor() as sql:
        sql.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('core_job_of_test')")
        return [row[0] for row in sql.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_left_half_made_is_made_anew():
    with connection.cursor() as sql:
        sql.execute("CREATE INDEX core_job_of_test ON core_job (kind)")
        sql.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'core_job_of_test'::regclass")
    assert valid() == [False], "as a kill in the middle of CREATE INDEX CONCURRENTLY leaves it"
    try:
        before = ProjectState.from_apps(apps)
        making = AddIndexConcurrently("job", models.Index(fields=["kind"], name="core_job_of_test"))
        after = before.clone()
        making.state_forwards("core", after)
        with connection.schema_editor(atomic=False) as editor:
            making.database_forwards("core", editor, before, after)
        assert valid() == [True]
    finally:
        with connection.cursor() as sql:
            sql.execute("DROP INDEX IF EXISTS core_job_of_test")
