"""Strangers who send without end, or promise and never send, hold neither memory nor threads."""

import asyncio
from types import SimpleNamespace

from config.running import bodies, front
from config.running.front import BLOCK, LONGEST_BODY, Front
from config.running.site import Site
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

    def response_bytes(self, _status, _headers, _body):
        """An answer; `status` stays None, for nothing was refused."""


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


def sent(chunks=(), **scope_more) -> tuple[int | None, list[bytes], Proto]:
    """(status of a refusal, what the application read, the client) of one request to the site."""
    read: list[bytes] = []

    def application(environ, start_response):
        read.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    proto = chunks if isinstance(chunks, Proto) else Proto(chunks)
    headers = SimpleNamespace(keys=dict, get_all=lambda name: scope_more.get(name.replace("-", "_"), []))
    scope = SimpleNamespace(
        proto="http", method="POST", path="/", query_string="", headers=headers, server="x:1", client="x:2",
        http_version="1.1", scheme="http",
    )  # fmt: skip
    place = Site(application, threads=1)
    run_async(place(scope, proto))
    assert place.intake.held == 0
    return proto.status, read, proto


def test_the_site_reads_what_was_sent_once_it_is_there(monkeypatch):
    monkeypatch.setattr(bodies, "IN_MEMORY", 2)
    assert sent([b"ab", b"c"])[:2] == (None, [b"abc"])


class Dripping(Proto):
    """Sends a byte now and then, for as long as it is let."""

    async def __anext__(self):
        await asyncio.sleep(0.01)
        self.given += 1
        return b"x"


def test_neither_silence_nor_a_drip_ever_takes_a_thread(monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE", 0.05)
    assert sent(Proto(stalls=True))[:2] == (408, [])
    monkeypatch.setattr(bodies, "SILENCE", 30.0)
    monkeypatch.setattr(bodies, "GRACE", 0.1)
    status, read, dripping = sent(Dripping())
    assert (status, read) == (408, []) and 1 < dripping.given < 100


def test_more_than_there_is_room_for_is_not_taken_in(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 5)
    assert sent([b"ab", b"cd"])[:2] == (None, [b"abcd"])
    status, read, endless = sent(b"ab" for _n in range(10_000))
    assert (status, read) == (413, []) and endless.given <= 6
    status, read, promising = sent([b"ab"], content_length=["6"])
    assert (status, read, promising.given) == (413, [], 0), "what is promised is refused before it is sent"
    monkeypatch.setattr(bodies, "IN_MEMORY", 2)
    monkeypatch.setattr(bodies.room, "is_short", lambda: True)
    assert sent([b"ab", b"cd"])[:2] == (507, [])
    files = sent([b"ab", b"cd"], content_type=["multipart/form-data; boundary=x"])
    assert files[:2] == (None, [b"ab"]), "the site says so in a sentence and looks at nothing"
    monkeypatch.setattr(bodies, "ROOM", 3)
    assert sent([b"ab", b"cd"])[:2] == (503, [])
