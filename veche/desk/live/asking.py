"""The questions to the database, each in one of two threads: the streams go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections

from veche.core.actor import Actor
from veche.desk.queries import watching
from veche.desk.queries.watching import Onlooker

Answer = TypeVar("Answer")
THREADS = 2


class Asking:
    """Raises django.db.Error when the database is away."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")

    async def admitted(self, session_keys: Collection[str]) -> dict[str, Onlooker]:
        return await self._ask(watching.admitted, session_keys)

    async def visible_among(self, actor: Actor, contact_ids: Collection[int]) -> set[int]:
        return await self._ask(watching.visible_among, actor, contact_ids)

    async def changed_among(self, request_id: str, contact_ids: Collection[int]) -> set[int]:
        return await self._ask(watching.changed_among, request_id, contact_ids)

    async def _ask(self, question: Callable[..., Answer], *about: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _asked, question, *about)


def _asked(question: Callable[..., Answer], *about: object) -> Answer:
    try:
        return question(*about)
    finally:
        close_old_connections()
