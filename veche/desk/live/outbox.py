"""What one browser is yet to be told. Each thing stands in it once, however often it happens meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

GATHER = 0.15  # seconds that news wait for others, so that one save is one message
SECOND = 1_000_000


def moment() -> int:
    """Now, in microseconds: what `id:` of the stream counts in."""
    return time.time_ns() // 1000


@dataclass
class News:
    event: str
    data: dict[str, Any]
    at: int  # since when it has been waiting
    due: int  # not to be told before


class Outbox:
    """`put` never waits and never grows past the number of different things."""

    def __init__(self) -> None:
        self.waiting: dict[tuple, News] = {}
        self.told_at: dict[str, int] = {}
        self.bell = asyncio.Event()

    def put(
        self, event: str, data: dict[str, Any], *, about: int = 0, every: float = 0, after: float = GATHER
    ) -> None:
        """Tell `event` once about this number, `after` seconds from now and not oftener than `every` seconds."""
        now = moment()
        known = self.waiting.get((event, about))
        if known:
            known.data = data
            return
        due = max(now + int(after * SECOND), self.told_at.get(event, 0) + int(every * SECOND))
        self.waiting[(event, about)] = News(event, data, now, due)
        self.bell.set()

    async def wait(self, seconds: float) -> None:
        """Until something is due, at most so long."""
        end = moment() + int(seconds * SECOND)
        while True:
            now = moment()
            due = min((news.due for news in self.waiting.values()), default=end)
            if due <= now or now >= end:
                return
            self.bell.clear()
            try:
                await asyncio.wait_for(self.bell.wait(), (min(due, end) - now) / SECOND)
            except TimeoutError:
                continue

    def take(self, settled: int) -> tuple[list[News], int]:
        """What is due, and up to when the browser has been told everything once it has these."""
        now = moment()
        due = {key: news for key, news in self.waiting.items() if news.due <= now}
        for (event, _about), _news in due.items():
            self.told_at[event] = now
        self.waiting = {key: news for key, news in self.waiting.items() if key not in due}
        return list(due.values()), min([settled, *(news.at - 1 for news in self.waiting.values())])


def written(news: list[News], told_until: int) -> bytes:
    """Messages of an event stream; each carries the mark to come back with."""
    return b"".join(
        f"id: {told_until}\nevent: {each.event}\ndata: {json.dumps(each.data, separators=(',', ':'))}\n\n".encode()
        for each in news
    )
