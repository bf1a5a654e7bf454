"""For every test: a data folder of its own and, unless DATABASE_URL names a server, an embedded PostgreSQL in it.

The server starts when the first test wants the database. Each process of `pytest -n` has a server of its own: an open
transaction of any database holds back the delivery of the ledger in all databases of its cluster.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.tests.cluster import Cluster

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Before the settings are read; never the data of whoever runs the tests.
    os.environ["VECHE_DATA"] = tempfile.mkdtemp(prefix="veche-test-")
else:
    os.environ["VECHE_DATA"] += f"/{os.environ['PYTEST_XDIST_WORKER']}"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
DATA = Path(os.environ["VECHE_DATA"])
DATA.mkdir(mode=0o700, exist_ok=True)
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", action="store_true", help="run only tests that use the database")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # Nobody collects static files for a test; the browser tests get them from their sources.
    (DATA / "static").mkdir(
        exist_ok=True
    )  # WhiteNoise warns of a folder that isn't there, and warnings are errors
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}
    if getattr(config.option, "numprocesses", None):
        # With it a process of `pytest -n` reads the settings before its own data folder is named above.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def _cluster():
    """Our own server, running; None where DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    cluster = Cluster(DATA, DATA.parent if "PYTEST_XDIST_WORKER" in os.environ else None)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, _cluster) -> None:
    """pytest-django asks for this before it makes the test database."""
    if _cluster is None:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_keepdb(_cluster) -> bool:
    """A copied cluster has the test database already; it goes with the folder that it lies in."""
    return _cluster is not None


@pytest.fixture
def client_of(db):
    """`client_of("volunteer")`: a test client of one of the cast, for rooms below accounts."""
    from veche.accounts.testing import signed_in_client

    return signed_in_client


@pytest.fixture(scope="session")
def django_db_setup(_cluster, django_db_setup, django_db_blocker):
    """Whoever commits finds what the migrations shipped (statuses, roles) and nothing else, and leaves no more."""
    from config.running.preparation import close_connections
    from config.tests.shipped import Shipped, take_over

    with django_db_blocker.unblock():
        shipped = Shipped()
    close_connections()
    if _cluster is not None:
        _cluster.made()
    with pytest.MonkeyPatch.context() as patch:
        take_over(shipped, patch)
        yield


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = filter(_uses_database, items)


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind; each test begins with the language of the source."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def chromium():
    """The machine's Chromium, started once; a machine without one fails, it doesn't skip."""
    from playwright.sync_api import expect, sync_playwright

    from config.running import setup

    # In ms: the jobs beside a page share two cores with the other half of the tests.
    expect.set_options(timeout=15_000)
    path = setup.chromium()
    if not path:
        pytest.fail("The browser tests need Chromium: run `make test`, which installs it where it may.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright's loop lives in this thread, beside our own queries
    )
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def stranger_page(chromium, live_server):
    """`stranger_page(width=390, height=844)`: a page of somebody who hasn't signed in.

    A script error, anything the policy blocked and any other complaint of the console fail the test; answers that
    refuse (4xx) are our own manners, so their line in the console is none, and so is a request that the page itself
    has given up for a newer one (htmx tells of it twice).
    """
    complaints, contexts = [], []

    def complain(said) -> None:
        ours = ("server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")
        if said.type == "error" and not any(words in said.text for words in ours):
            complaints.append(said.text)

    def open_page(*, width: int = 1440, height: int = 900, language: str = "en", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url, locale=language, **options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def signed_in_page(stranger_page, client_of, live_server):
    """`signed_in_page("operator", width=390, height=844)`: the same of one of the cast."""

    def open_page(role: str = "coordinator", **options):
        page = stranger_page(**options)
        session = client_of(role).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_page
