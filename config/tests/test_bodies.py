"""Strangers who send without end, or promise and never send, hold neither memory nor threads."""

import asyncio
import io
import threading
from types import SimpleNamespace

import pytest

from config.running import front, site
from config.running.front import BLOCK, LONGEST_BODY, Front
from veche.core.testing import run_async


class Proto:
    """What granian gives an application, as far as a body goes."""

    def __init__(self, chunks=(), *, stalls: bool = False):
        self.chunks, self.stalls = iter(chunks), stalls
        self.given, self.status = 0, None

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.stalls:
            await asyncio.Event().wait()
        for chunk in self.chunks:
            self.given += len(chunk)
            return chunk
        raise StopAsyncIteration

    def response_empty(self, status, _headers):
        self.status = status


def asked(proto: Proto, tmp_path) -> int | None:
    scope = SimpleNamespace(proto="http", method="POST", path="/live/watch/", query_string="", headers={})
    run_async(Front(None, tmp_path / "nobody-listens").__rsgi__(scope, proto))
    return proto.status


def test_a_body_without_a_length_is_read_no_further_than_allowed(tmp_path, monkeypatch):
    endless = Proto(b"x" * BLOCK for _n in range(10_000))
    assert asked(endless, tmp_path) == 413
    assert endless.given <= LONGEST_BODY + BLOCK
    monkeypatch.setattr(front, "BODY_SECONDS", 0.05)
    assert asked(Proto(stalls=True), tmp_path) == 413
    assert asked(Proto([b"{}"]), tmp_path) == 503, (
        "a short one goes on to the live process, which is down here"
    )


def test_whoever_promises_a_body_and_sends_none_lets_the_thread_go(monkeypatch):
    monkeypatch.setattr(site, "RECEIVE_SECONDS", 0.05)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        whole = io.BufferedReader(site.Body(Proto([b"ab", b"c"]), loop), 16)
        assert whole.read() == b"abc"
        with pytest.raises(OSError):  # which Django takes for a client that has gone
            io.BufferedReader(site.Body(Proto(stalls=True), loop), 16).read(1)
    finally:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result()  # what was cancelled ends
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
