"""The live channel over real sockets: its own processes, real NOTIFYs, and what happens when either side is killed."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection

from config.running import places
from config.running.live import health
from veche.accounts.actions import deactivate_user
from veche.accounts.testing import actor_of, member, signed_in_client
from veche.contacts.actions.contacts import change_fields
from veche.contacts.events import ContactChanged
from veche.contacts.testing import make_person
from veche.core.background import job_kind, start_job
from veche.core.ledger import publish_set
from veche.core.live import tell_of_notices
from veche.core.testing import run_async

pytestmark = [pytest.mark.machine, pytest.mark.django_db(transaction=True)]
ANNA, BORIS, REY = "administrator", "coordinator", "volunteer"
SOON, NEVER, START = 20.0, 1.5, 180.0  # seconds, on a busy machine


class Site:
    """The web server and the live process on the database of the tests."""

    def __init__(self, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data = folder
        database = connection.settings_dict
        place = f"host={database['HOST']}&user={database['USER']}&port={database['PORT'] or 5432}"
        kept = {key: value for key, value in os.environ.items() if key != "VECHE_URL"}
        self.environment = {
            **kept,
            "DATABASE_URL": f"postgresql:///{database['NAME']}?{place}&password={database['PASSWORD']}",
            "VECHE_DATA": str(folder),
            "VECHE_SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(self.port),
        }
        self.socket = places.live_socket(folder)
        self.processes: dict[str, subprocess.Popen] = {}
        self.browsers: list[Listening] = []

    def begin(self) -> None:
        """Collect the static files, start both and wait until they answer."""
        self.collect()
        self.start("web", "127.0.0.1", str(self.port))
        self.start("live")
        until(lambda: self.status("/sign-in/") == 200, START)
        until(self.listens, START)

    def collect(self) -> None:
        collect = "from config.running import preparation as p; p.set_up_django(); p.collect_static()"
        subprocess.run([sys.executable, "-c", collect], cwd=places.ROOT, env=self.environment, check=True)

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", f"config.running.{name}", *words]
        self.processes[name] = subprocess.Popen(
            command, cwd=places.ROOT, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def listens(self) -> bool:
        return (health(self.socket) or {}).get("listening", False)

    def status(self, path: str, **headers: str) -> int:
        with suppress(OSError, http.client.HTTPException), self.line(30) as line:
            line.request("GET", path, headers=headers)
            with line.getresponse() as answer:
                return answer.status
        return 0

    def line(self, seconds: float) -> closing[http.client.HTTPConnection]:
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds))


def until(true, seconds=SOON):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


class Listening:
    """A browser that has the stream open, and what it has heard: pairs of event and data."""

    def __init__(self, site: Site, who: str, since: int | None = None):
        self.site, self.cookie = site, f"sessionid={signed_in_client(who).cookies['sessionid'].value}"
        self.heard: list[tuple[str, dict]] = []
        self.mark, self.ended = since or time.time_ns() // 1000, False
        self.line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.line.request("GET", f"/live/events/?since={self.mark}", headers={"Cookie": self.cookie})
        self.socket = self.line.sock
        self.answer = self.line.getresponse()
        assert self.answer.status == 200
        site.browsers.append(self)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.token = self.wait_for("hello")["token"]

    def _read(self) -> None:
        event = ""
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            for raw in self.answer:
                name, _, value = raw.decode().strip().partition(": ")
                if name == "id":
                    self.mark = max(self.mark, int(value))
                elif name == "event":
                    event = value
                elif name == "data":
                    self.heard.append((event, json.loads(value)))
        self.ended = True

    def all_of(self, event: str) -> list[dict]:
        return [data for name, data in self.heard if name == event]

    def wait_for(self, event: str, seconds: float = SOON) -> dict:
        until(lambda: self.all_of(event), seconds)
        return self.all_of(event)[-1]

    def watch(self, *people, state="looking", lists=False, since: int | None = None) -> int:
        mark = since or time.time_ns() // 1000
        contacts = {str(person.pk): [state, mark] for person in people}
        said = json.dumps({"token": self.token, "contacts": contacts, "list": mark if lists else None})
        with self.site.line(30) as line:
            line.request("POST", "/live/watch/", said, {"Cookie": self.cookie})
            with line.getresponse() as answer:
                return answer.status

    def close(self) -> None:
        """As a browser that is shut: without a word."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.reader.join()
        self.answer.close()
        self.line.close()


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        site = Site(tmp_path_factory.mktemp("live"))
    try:
        site.begin()
        yield site
    finally:
        for name in list(site.processes):
            site.kill(name)


@pytest.fixture
def site(both):
    yield both
    while both.browsers:
        both.browsers.pop().close()


def change(person, by=ANNA):
    change_fields(by=actor_of(by), contact_id=person.pk, fields={"caution": f"careful {time.time()}"})


def test_a_stranger_hears_nothing(site):
    assert site.status("/live/events/") == 401
    assert site.status("/live/events/", Cookie="sessionid=made-up") == 401
    assert site.status("/live/health/") == 404  # that is for this machine only
    assert site.status("/live/watch/") == 405


def test_who_looks_at_a_card_hears_that_it_was_changed(site):
    person, other = make_person(), make_person("Другой")
    boris = Listening(site, BORIS)
    assert boris.watch(person) == 204
    change(other)
    change(person)
    assert boris.wait_for("contact") == {"id": person.pk, "by": member(ANNA).pk}
    assert [data["id"] for data in boris.all_of("contact")] == [person.pk]


def test_nobody_hears_of_people_whom_he_may_not_see(site):
    person = make_person()
    rey, boris = Listening(site, REY), Listening(site, BORIS)
    assert rey.watch(person, lists=True) == 204
    assert boris.watch(person, lists=True) == 204
    change(person)
    boris.wait_for("contact")
    boris.wait_for("people")
    time.sleep(NEVER)
    assert not rey.all_of("contact") and not rey.all_of("people") and not rey.all_of("presence")
    assert all(data["who"] == [] for data in boris.all_of("presence"))


def test_whoever_loses_sight_of_somebody_hears_no_more(site):
    person = make_person()
    change_fields(by=actor_of(ANNA), contact_id=person.pk, fields={"responsible": member(REY).pk})
    rey = Listening(site, REY)
    rey.watch(person)
    change(person)
    rey.wait_for("contact")
    type(person).objects.filter(pk=person.pk).update(responsible=None)
    heard = len(rey.all_of("contact"))
    change(person)
    time.sleep(NEVER)
    assert len(rey.all_of("contact")) == heard


def test_a_change_in_bulk_reaches_whom_it_concerns(site):
    people, other = [make_person(f"Дроид {n}") for n in range(3)], make_person("Человек")
    boris = Listening(site, BORIS)
    boris.watch(people[0], other, lists=True)
    ids = ", ".join(str(person.pk) for person in people)
    select = f"SELECT n, n, NULL::jsonb FROM unnest(ARRAY[{ids}]::bigint[]) AS n"
    publish_set(ContactChanged(fields=("own.size",)), by=actor_of(ANNA), select=select)
    assert boris.wait_for("contact")["id"] == people[0].pk
    boris.wait_for("people")
    assert len(boris.all_of("contact")) == 1


def test_jobs_and_notices_are_told_to_their_owner_only(site):
    job_kind("core.test_live", label="x")(lambda run: None)
    anna, boris = Listening(site, ANNA), Listening(site, BORIS)
    start_job("core.test_live", by=actor_of(BORIS))
    tell_of_notices([member(BORIS).pk])
    boris.wait_for("jobs")
    boris.wait_for("notices")
    time.sleep(NEVER)
    assert not anna.all_of("jobs") and not anna.all_of("notices")


def test_who_else_is_at_a_card(site):
    person, boris, anna = make_person(), Listening(site, BORIS), Listening(site, ANNA)
    boris.watch(person)
    anna.watch(person)
    until(lambda: boris.wait_for("presence")["who"] == [[member(ANNA).pk, "looking"]])
    anna.watch(person, state="editing")
    until(lambda: boris.wait_for("presence")["who"] == [[member(ANNA).pk, "editing"]])
    assert anna.wait_for("presence")["who"] == [[member(BORIS).pk, "looking"]]
    anna.close()
    until(lambda: boris.wait_for("presence")["who"] == [])


def test_who_is_switched_off_or_signs_out_is_cut_off(site):
    rey, boris = Listening(site, REY), Listening(site, BORIS)
    deactivate_user(by=actor_of(ANNA), user=member(REY))
    rey.wait_for("bye")
    until(lambda: rey.ended)
    assert site.status("/live/events/", Cookie=rey.cookie) == 401
    assert not boris.ended


def test_a_watch_needs_ones_own_stream(site):
    person, boris, anna = make_person(), Listening(site, BORIS), Listening(site, ANNA)
    anna.token = boris.token
    assert anna.watch(person) == 410
    boris.token = "made-up"
    assert boris.watch(person) == 410


def test_what_was_missed_is_told_on_return(site):
    person, boris = make_person(), Listening(site, BORIS)
    boris.watch(person)
    boris.close()
    change(person)
    time.sleep(0.5)
    back = Listening(site, BORIS, since=boris.mark)
    back.watch(person, since=boris.mark)
    assert back.wait_for("contact")["id"] == person.pk
    fresh = Listening(site, BORIS)
    fresh.watch(person)
    time.sleep(NEVER)
    assert not fresh.all_of("contact")


def test_a_lost_connection_to_postgresql_counts_as_a_change_of_everything(site):
    person, boris = make_person(), Listening(site, BORIS)
    boris.watch(person, lists=True)
    with connection.cursor() as sql:
        listening = "application_name = 'veche live' AND datname = current_database()"
        sql.execute(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {listening}")
        assert sql.fetchone()[0] == 1  # one for all browsers
    for event in ("contact", "people", "jobs", "notices"):
        boris.wait_for(event)
    change(person)
    until(lambda: {"id": person.pk, "by": member(ANNA).pk} in boris.all_of("contact"))


def test_while_the_live_process_is_down_pages_are_served_and_it_comes_back(site):
    person, boris = make_person(), Listening(site, BORIS)
    boris.watch(person)
    site.kill("live")
    until(lambda: boris.ended)
    assert site.status("/live/events/", Cookie=boris.cookie) == 503
    assert site.status("/", Cookie=boris.cookie) == 200
    change(person)
    site.start("live")
    until(site.listens, START)
    back = Listening(site, BORIS, since=boris.mark)
    back.watch(person, since=boris.mark)
    assert back.wait_for("contact")["id"] == person.pk


def test_a_killed_web_process_is_replaced_and_browsers_come_back(site):
    boris = Listening(site, BORIS)
    for process in psutil.Process(site.processes["web"].pid).children(recursive=True):
        process.kill()
    until(lambda: boris.ended)
    until(lambda: site.status("/live/events/") == 401, 60)
    Listening(site, BORIS, since=boris.mark)


def test_five_hundred_browsers(site, record_property):
    """All of them hear of one change; nobody else waits for it. Seconds and megabytes are told, not judged tightly."""
    count = 500
    cookie = f"sessionid={signed_in_client(BORIS).cookies['sessionid'].value}"
    live = psutil.Process(site.processes["live"].pid)

    def megabytes() -> float:
        return sum(each.memory_info().rss for each in [live, *live.children(recursive=True)]) / 2**20

    before = megabytes()
    boris = member(BORIS).pk
    seconds = run_async(_five_hundred(site, cookie, count, boris))
    told = {"opened": seconds[0], "all_heard": seconds[1], "megabytes": megabytes() - before}
    print(f"500 browsers: {told}")
    record_property("live", told)
    assert seconds[1] < 30
    assert site.status("/health/") == 200


async def _five_hundred(site: Site, cookie: str, count: int, user_id: int) -> tuple[float, float]:
    async def open_one() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        asked = f"GET /live/events/?since={time.time_ns() // 1000} HTTP/1.1"
        writer.write(f"{asked}\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        await asyncio.wait_for(reader.readuntil(b"event: hello"), START)
        return reader, writer

    began = time.monotonic()
    lines = []
    for start in range(0, count, 50):
        lines += await asyncio.gather(*(open_one() for _ in range(start, min(start + 50, count))))
    opened = time.monotonic() - began
    began = time.monotonic()
    await asyncio.to_thread(_tell, user_id)
    await asyncio.gather(
        *(asyncio.wait_for(reader.readuntil(b"event: notices"), 60) for reader, _writer in lines)
    )
    heard = time.monotonic() - began
    for _reader, writer in lines:
        writer.close()
        await writer.wait_closed()
    return round(opened, 2), round(heard, 2)


def _tell(user_id: int) -> None:
    """In a thread, whose own connection to the database ends with it."""
    tell_of_notices([user_id])
    connection.close()
