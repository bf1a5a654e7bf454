"""`veche run` as people meet it: real processes on a real port, killed in every way. POSIX only, like the program."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from config.running import places, serving
from config.running.supervisor import marked_processes

pytestmark = pytest.mark.machine

START_SECONDS = 180  # a new database on a busy machine
ADDRESS = re.compile(r"Veche is running at (http://\S+)")
LINK = re.compile(r"works once\): (http://\S+)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def veche(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """One `veche` command on a data folder, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "config.command", *words],
        cwd=places.ROOT,
        env={**clean(data), **environment},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


def clean(data: Path) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "LC_ALL", "VECHE_URL")
    }
    return {**kept, "VECHE_DATA": str(data), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


class Run:
    """A `veche run` under way, and what it has said."""

    def __init__(self, data: Path, port: int, output: Path):
        self.data, self.port, self.output = data, port, output
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.command", "run"],
                cwd=places.ROOT,
                env={**clean(data), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def until(self, condition, seconds: float = START_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def wait_until_up(self) -> None:
        self.until(lambda: LINK.search(self.said()) and self.child("config.command"))

    def child(self, word: str) -> psutil.Process | None:
        """The supervised process with that word in its command line."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if word in " ".join(process.cmdline()):
                    return process
        return None

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.data / "postgres" / "postmaster.pid").read_text().split()[0]))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def running(data: Path, output: Path):
    run = Run(data, free_port(), output)
    try:
        run.wait_until_up()
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """One data folder with a database for all of them."""
    folder = tmp_path_factory.mktemp("serving")
    assert veche(folder, "migrate").returncode == 0
    return folder


def get(url: str) -> int:
    found = re.match(r"http://([^/]+)(/.*)?", url)
    connection = http.client.HTTPConnection(found[1], timeout=30)
    try:
        connection.request("GET", found[2] or "/")
        return connection.getresponse().status
    finally:
        connection.close()


def left_behind(data: Path) -> list[str]:
    servers = [p for p in psutil.process_iter() if str(data / "postgres") in " ".join(commands(p))]
    return [" ".join(commands(process)) for process in [*marked_processes(str(data)), *servers]]


def commands(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_localhost_is_said_only_where_it_leads_to_us(monkeypatch):
    """Another program may listen on the IPv6 side of the name."""
    port, known = free_port(), ["127.0.0.1", "::1"]
    monkeypatch.setattr(
        serving.socket, "getaddrinfo", lambda *_a, **_w: [(0, 0, 0, "", (a, port)) for a in known]
    )
    assert serving.spoken("127.0.0.1", port) == "localhost"
    assert serving.spoken("192.0.2.7", port) == "192.0.2.7"
    monkeypatch.setattr(serving, "_is_taken", lambda address, _port: address == "::1")
    assert serving.spoken("127.0.0.1", port) == "127.0.0.1"
    known.remove("127.0.0.1")
    monkeypatch.setattr(serving, "_is_taken", lambda address, _port: False)
    assert serving.spoken("127.0.0.1", port) == "127.0.0.1"


def test_it_serves_and_stops_and_leaves_nothing_behind(data, tmp_path):
    with running(data, tmp_path / "out") as run:
        address = ADDRESS.search(run.said())[1]
        assert address == f"http://localhost:{run.port}"
        assert get(LINK.search(run.said())[1]) == 200

        second = veche(data, "run", PORT=str(free_port()))
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == f"Veche is already running on the data folder {data}.\n"

        busy = veche(tmp_path / "elsewhere", "run", PORT=str(run.port), LANG="ru_RU.UTF-8")
        assert busy.returncode == 1
        assert busy.stderr.startswith(f"Порт {run.port} занят") and busy.stderr.count("\n") == 1

        run.until(lambda: "The worker lives" in veche(data, "doctor").stdout)  # it starts after the site
        doctor = veche(data, "doctor")
        assert "PostgreSQL" in doctor.stdout and "The worker lives" in doctor.stdout, doctor.stdout

        assert run.stop() == 0
        assert run.said().endswith("Veche has stopped.\n")
    assert left_behind(data) == []
    with pytest.raises(ConnectionRefusedError):
        get(address)


def test_a_dead_part_is_started_again(data, tmp_path):
    with running(data, tmp_path / "out") as run:
        for word in ("config.running.web", "config.command worker"):
            victim = run.child(word)
            victim.kill()
            run.until(lambda word=word, victim=victim: (new := run.child(word)) and new.pid != victim.pid)
        server = run.postmaster()
        server.kill()
        run.until(lambda: new_postmaster(run, server.pid))
        run.until(lambda: get_or_none(run) == 200)


def new_postmaster(run: Run, old: int) -> bool:
    with suppress(
        OSError, IndexError, psutil.NoSuchProcess
    ):  # between the two there is no file, or an empty one
        return run.postmaster().pid != old
    return False


def get_or_none(run: Run) -> int | None:
    with suppress(OSError, http.client.HTTPException):
        return get(f"http://127.0.0.1:{run.port}/sign-in/")
    return None


def test_a_kill_of_everything_is_survived(data, tmp_path):
    run = Run(data, free_port(), tmp_path / "out")
    run.wait_until_up()
    doomed = [psutil.Process(run.process.pid), *psutil.Process(run.process.pid).children(recursive=True)]
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    run.process.wait()
    with running(data, tmp_path / "again") as again:
        assert get(ADDRESS.search(again.said())[1] + "/sign-in/") == 200


def test_a_kill_of_the_supervisor_alone_is_survived(data, tmp_path):
    run = Run(data, free_port(), tmp_path / "out")
    run.wait_until_up()
    run.process.kill()
    run.process.wait()
    with running(data, tmp_path / "again") as again:
        assert get(ADDRESS.search(again.said())[1] + "/sign-in/") == 200
        assert again.stop() == 0
    assert left_behind(data) == []


@pytest.mark.parametrize("seconds", [0.3, 1.2, 3.0])
def test_a_kill_during_the_first_start_is_survived(tmp_path, seconds):
    run = Run(tmp_path / "data", free_port(), tmp_path / "out")
    time.sleep(seconds)
    for process in [
        psutil.Process(run.process.pid),
        *psutil.Process(run.process.pid).children(recursive=True),
    ]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    run.process.wait()
    done = veche(tmp_path / "data", "migrate")
    assert done.returncode == 0, done.stderr
    assert left_behind(tmp_path / "data") == []


def test_troubles_are_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    for words, environment, exit_code, word in [
        (["run"], {"VECHE_DATA": "/proc/veche"}, 1, "cannot be written"),
        (["run"], {"VECHE_DATA": str(tmp_path / "file")}, 1, "not a folder"),
        (["run"], {"HOST": "nowhere.invalid"}, 1, "not an address"),
        (["migrate"], {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, 1, "cannot be reached"),
        (["migrate"], {"DATABASE_URL": "mysql://127.0.0.1/none"}, 2, "postgresql://"),
        (["migrate"], {"VECHE_DEBUG": "maybe"}, 2, "VECHE_DEBUG"),
    ]:
        done = veche(tmp_path / "data", *words, **environment)
        assert (done.returncode, done.stdout) == (exit_code, ""), done
        assert word in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_a_database_of_a_newer_version_is_refused(data):
    sql = "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_from_tomorrow', now())"
    assert veche(data, "db", "shell", "--", "-c", sql).returncode == 0
    refused = veche(data, "run", PORT=str(free_port()))
    assert refused.returncode == 1
    assert "newer version of Veche (it has core.9999_from_tomorrow)" in refused.stderr
    assert "Traceback" not in refused.stderr
    veche(data, "db", "shell", "--", "-c", "DELETE FROM django_migrations WHERE name LIKE '9999%'")


def test_a_copy_comes_back(data, tmp_path):
    def count() -> str:
        return veche(data, "db", "shell", "--", "-Atc", "SELECT count(*) FROM core_cursor").stdout.strip()

    before = count()
    assert veche(data, "db", "dump", str(tmp_path / "copy")).returncode == 0
    veche(data, "db", "shell", "--", "-c", "INSERT INTO core_cursor VALUES ('x', 1, 1, 0, '', NULL, now())")
    assert count() != before
    (tmp_path / "no copy").write_text("hello")
    bad = veche(data, "db", "restore", str(tmp_path / "no copy"))
    assert bad.returncode == 1 and "is as it was" in bad.stderr
    assert count() != before
    assert veche(data, "db", "restore", str(tmp_path / "copy")).returncode == 0
    assert count() == before
