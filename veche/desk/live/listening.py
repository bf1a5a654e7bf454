"""The one connection to PostgreSQL on which all whispers come, made again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging

import psycopg

from veche.core.live import CHANNEL
from veche.core.worker import listening_parameters
from veche.desk.live.hub import Hub

log = logging.getLogger(__name__)

NAME = "veche live"  # by which PostgreSQL's own views tell this connection from others
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds between two tries to reach PostgreSQL
SILENCE = 30.0  # seconds without a whisper after which we ask whether the other side is still there


async def listen(hub: Hub) -> None:
    """Hear whispers for ever. After a loss everything counts as changed, for nobody knows what was said meanwhile."""
    pause = FIRST_PAUSE
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                **listening_parameters(), autocommit=True, application_name=NAME
            ) as listener:
                await listener.execute(f"LISTEN {CHANNEL}")
                hub.hears_again()
                pause = FIRST_PAUSE
                while True:
                    async for notify in listener.notifies(timeout=SILENCE):
                        hub.hear(notify.payload)
                    await listener.execute("SELECT 1")
        except (psycopg.Error, OSError) as error:
            hub.deaf()
            log.warning("PostgreSQL is not heard (%s); trying again in %g s", str(error).strip(), pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
