"""The worker process: takes jobs from the queue, hands new ledger entries to subscribers, watches for orphans."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from veche.core import background, delivery
from veche.core.ledger import CHANNEL

log = logging.getLogger(__name__)

ORPHANS_EVERY = 10.0  # seconds
DELIVER_EVERY = 5.0  # seconds: how late a subscriber is at most when a NOTIFY was lost
LOOK_UP_EVERY = 0.5  # seconds between two looks at whether to stop


def run_worker(*, concurrency: int = 2) -> None:
    """Work until SIGTERM or SIGINT. Jobs that a dead worker left behind are queued again first."""
    background.rescue_orphans()
    stopping = threading.Event()
    threads = [
        threading.Thread(
            target=_forever, args=(_deliver_on_notify, stopping), name="subscribers", daemon=True
        ),
        threading.Thread(target=_forever, args=(_rescue_at_times, stopping), name="orphans", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(concurrency))
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=DELIVER_EVERY)


async def _work(concurrency: int) -> None:
    """Take jobs until told to stop: `concurrency` of any kind at once, and one more if it is short, so that what takes
    a second never waits for what takes an hour."""
    worker = app.with_connector(app.connector.get_worker_connector())
    given: dict[str, Any] = {
        "fetch_job_polling_interval": 5.0,
        "shutdown_graceful_timeout": 5.0,
        "delete_jobs": "successful",
    }
    async with worker.open_async():
        short = asyncio.create_task(
            worker.run_worker_async(
                queues=[background.SHORT], name="short", install_signal_handlers=False, **given
            )
        )
        try:
            await worker.run_worker_async(concurrency=concurrency, install_signal_handlers=True, **given)
        finally:
            short.cancel()
            with suppress(asyncio.CancelledError):
                await short


def _forever(turn: Callable[[threading.Event], None], stopping: threading.Event) -> None:
    """Call `turn` until told to stop; a lost database only costs a pause."""
    while not stopping.is_set():
        try:
            turn(stopping)
        except Exception:
            log.exception("%s stumbled", threading.current_thread().name)
            stopping.wait(1.0)
        finally:
            close_old_connections()
    connection.close()


def _deliver_on_notify(stopping: threading.Event) -> None:
    with listening_connection() as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        delivered_at = float("-inf")
        while not stopping.is_set():
            if time.monotonic() - delivered_at > DELIVER_EVERY:
                delivery.deliver_all()
                delivered_at = time.monotonic()
            if any(listener.notifies(timeout=LOOK_UP_EVERY, stop_after=1)):
                delivered_at = float("-inf")


def _rescue_at_times(stopping: threading.Event) -> None:
    background.rescue_orphans()
    stopping.wait(ORPHANS_EVERY)


def listening_connection() -> psycopg.Connection:
    """A connection of its own, outside the pool and always in autocommit, to the database that Django uses."""
    return psycopg.connect(**listening_parameters(), autocommit=True)


def listening_parameters() -> dict[str, Any]:
    """How to connect to the database that Django uses, for psycopg itself."""
    params = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
    for djangos_own in ("cursor_factory", "context", "prepare_threshold", "server_side_binding"):
        params.pop(djangos_own, None)
    return params
