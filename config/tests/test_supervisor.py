"""The supervisor with children that do nothing but live and die."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.running.supervisor import Child, Supervisor, marked_processes

pytestmark = pytest.mark.machine

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
SUPERVISE = """
import sys
from pathlib import Path
from config.running.supervisor import Child, Supervisor
Supervisor([Child("sleeper", sys.argv[2:])], data_dir=Path(sys.argv[1]), tell=print).run()
"""


@pytest.fixture
def told():
    return []


@pytest.fixture
def supervise(tmp_path, told):
    made = []

    def make(*commands: list[str]) -> Supervisor:
        children = [Child(f"child {number}", command) for number, command in enumerate(commands)]
        made.append(Supervisor(children, data_dir=tmp_path, tell=told.append))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


def soon(condition, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_dead_child_is_started_again_and_told_of(supervise, told):
    supervisor = supervise(SLEEP)
    [child] = supervisor.children
    supervisor.run(until=child.is_alive)
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    supervisor.run(until=lambda: child.is_alive() and child.process.pid != first)
    assert len(told) == 1 and "-9" in told[0] and "0.5 s" in told[0]


def test_pauses_double_and_a_healthy_time_forgives(supervise, told, monkeypatch):
    monkeypatch.setattr("config.running.supervisor.FIRST_PAUSE", 0.01)
    supervisor = supervise([sys.executable, "-c", "raise SystemExit(3)"])
    [child] = supervisor.children
    supervisor.run(until=lambda: child.deaths == 3)
    assert [sentence.split()[-2] for sentence in told] == ["0.01", "0.02", "0.04"]
    monkeypatch.setattr("config.running.supervisor.HEALTHY_AFTER", 0.0)
    supervisor.run(until=lambda: len(told) == 4)
    assert child.deaths == 1


def test_stop_ends_all_even_the_stubborn(supervise, monkeypatch):
    monkeypatch.setattr("config.running.supervisor.PATIENCE", 0.3)
    supervisor = supervise(SLEEP, STUBBORN)
    supervisor.run(until=lambda: all(child.is_alive() for child in supervisor.children))
    processes = [psutil.Process(child.process.pid) for child in supervisor.children]
    supervisor.stop()
    assert not any(process.is_running() for process in processes)


def test_a_child_waits_for_its_release(supervise, tmp_path):
    mark = tmp_path / "released"
    wait = f"import sys, pathlib; sys.stdin.read(); pathlib.Path({str(mark)!r}).touch()"
    supervisor = supervise([sys.executable, "-c", wait])
    [child] = supervisor.children
    supervisor.start(child)
    time.sleep(0.3)
    assert child.is_alive() and not mark.exists()
    supervisor.release(child)
    assert soon(mark.exists)


@pytest.mark.parametrize("command", [SLEEP, STUBBORN], ids=["by the kernel", "by the next one"])
def test_the_children_of_a_killed_supervisor_are_ended(tmp_path, command, monkeypatch):
    monkeypatch.setattr("config.running.supervisor.PATIENCE", 0.5)
    here = Path(__file__).parents[2]
    killed = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(tmp_path), *command], cwd=here)
    assert soon(lambda: list(marked_processes(str(tmp_path))))
    orphans = list(marked_processes(str(tmp_path)))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    Supervisor([], data_dir=tmp_path, tell=print).end_orphans()
    assert soon(lambda: not list(marked_processes(str(tmp_path))))
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in orphans)


def test_a_mark_is_for_one_data_folder(tmp_path):
    environment = {**os.environ, "VECHE_SUPERVISED": str(tmp_path / "one")}
    with subprocess.Popen(SLEEP, env=environment) as process:
        assert soon(lambda: [each.pid for each in marked_processes(str(tmp_path / "one"))] == [process.pid])
        assert list(marked_processes(str(tmp_path / "other"))) == []
        process.kill()
