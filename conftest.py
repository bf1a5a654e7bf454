"""For every test: a data folder of its own and, unless DATABASE_URL names a server, an embedded PostgreSQL in it.

The server starts when the first test wants the database. The processes of `pytest -n` share it: each counts as one
user of the cluster, and the last to go stops it.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.running.postgres import EmbeddedPostgres

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Before the settings are read; never the data of whoever runs the tests.
    os.environ["VECHE_DATA"] = tempfile.mkdtemp(prefix="veche-test-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
DATA = Path(os.environ["VECHE_DATA"])
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # Nobody collects static files for a test; the browser tests get them from their sources.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """pytest-django asks for this before it makes the test database."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with EmbeddedPostgres(DATA, durable=False).use():
        yield
