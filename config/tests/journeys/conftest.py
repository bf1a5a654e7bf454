"""What a journey needs: the whole live site with a worker beside it, pages of the cast, pictures for the documents.

The root `conftest.py` brings the browser (`chromium`: a machine without one fails with one sentence) and
`signed_in_page(role, width=, height=, language=)`: a page of one of the cast, where a script error is a failure.
Here `journey_page` is the same with a theme, as touch below 500 pixels, and with the live site's worker at work.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "pictures"
PAUSE = 0.1  # seconds between two looks at the queue


@pytest.fixture
def worker(live_server) -> Iterator[None]:
    """Does the jobs of this test's site and hands the ledger to its subscribers, as `veche worker` does."""
    from django.db import connection

    from veche.core.background import run_job
    from veche.core.delivery import deliver_all
    from veche.core.models import Job

    stopping, stumbled = threading.Event(), []

    def work() -> None:
        try:
            while not stopping.wait(PAUSE):
                for job_id in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
                    run_job(job_id=job_id)
                deliver_all()
        except Exception as error:
            stumbled.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work, name="worker of a journey", daemon=True)
    thread.start()
    yield
    stopping.set()
    thread.join(timeout=30)
    assert not stumbled and not thread.is_alive(), stumbled


@pytest.fixture
def journey_page(worker, signed_in_page, live_server) -> Callable:
    """`journey_page("coordinator", width=390, height=844, language="ru", theme="dark")`."""

    def open_page(role: str = "coordinator", *, width: int = 1440, theme: str = "light", **options):
        touch = {"is_mobile": True, "has_touch": True} if width < 500 else {}
        page = signed_in_page(role, width=width, **touch, **options)
        page.context.add_cookies([{"name": "veche_theme", "value": theme, "url": live_server.url}])
        return page

    return open_page


@pytest.fixture
def picture() -> Callable:
    """`picture(page, "people.ru")` saves docs/pictures/people.ru.png when VECHE_PICTURES is set."""

    def save(page, name: str, folder: Path = PICTURES) -> None:
        if os.environ.get("VECHE_PICTURES"):
            folder.mkdir(parents=True, exist_ok=True)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return save
