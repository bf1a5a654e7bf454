"""Keeps the web server and the worker alive, and ends them together.

A child belongs to its supervisor in three ways: the kernel ends it when the supervisor is killed (Linux), it sits in
a process group of its own that can be ended whole, and it carries a mark in its environment by which the next
`veche run` on the same data folder finds it should both have failed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.running.speech import gettext as _

MARK = "VECHE_SUPERVISED"
LOOK_EVERY = 0.1  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a dead child is started again; doubles every time
HEALTHY_AFTER = 60.0  # seconds after which a child's earlier deaths are forgotten
PATIENCE = 15.0  # seconds that a child has for stopping of itself
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One long-lived process: `name` for people, `command` as words."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_at: float = field(default=0.0)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Starts children, starts them again when they die, stops them on SIGINT, SIGTERM or SIGHUP."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        data_dir: Path,
        tell: Callable[[str], None],
        keep_up: Callable[[], None] = lambda: None,
    ):
        """`keep_up` is called all the time, for what else must go on; `tell` says what people should know."""
        self.children = children
        self.keep_up = keep_up
        self.mark = str(data_dir)
        self.tell = tell

    def run(self, *, first: int | None = None, until: Callable[[], bool] = lambda: False) -> None:
        """Keep the children (or only the first so many) alive until `until()`; call `stop` after it.

        A request to stop comes as KeyboardInterrupt, when the signals are handled by `interrupt`.
        """
        while not until():
            for child in self.children[:first]:
                self._look_after(child)
            self.keep_up()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """End all children, at once rather than one by one; a second signal makes it short."""
        hurry: list[int] = []
        with handling(lambda number, _frame: hurry.append(number)):
            for child in self.children:
                if child.is_alive():
                    child.process.terminate()
            end = time.monotonic() + PATIENCE
            while any(child.is_alive() for child in self.children) and not hurry and time.monotonic() < end:
                time.sleep(0.02)
            for child in self.children:
                if child.process is not None:
                    with suppress(ProcessLookupError):
                        os.killpg(child.process.pid, signal.SIGKILL)  # and what it may have left behind
                    child.process.stdin.close()
                    child.process.wait()
                    child.process = None

    def end_orphans(self) -> int:
        """End the children of a supervisor that was killed; returns how many there were."""
        orphans = list(marked_processes(self.mark))
        for process in orphans:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        _gone, alive = psutil.wait_procs(orphans, timeout=PATIENCE)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, timeout=PATIENCE)
        return len(orphans)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.is_alive():
            return
        if child.process is not None:
            died_after = now - child.started_at
            child.deaths = 1 if died_after > HEALTHY_AFTER else child.deaths + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.deaths - 1))
            child.start_at = now + pause
            self.tell(
                _("{name} has ended (status {status}); starting it again in {seconds:g} s.").format(
                    name=child.name, status=child.process.returncode, seconds=pause
                )
            )
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process = None
        if now >= child.start_at:
            self.start(child)
            self.release(child)

    def start(self, child: Child) -> None:
        """Start a child; it gets the end of its standard input, for which it may wait, from `release`."""
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            env={**os.environ, MARK: self.mark},
            stdin=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent(os.getpid()),
        )

    def release(self, child: Child) -> None:
        """Let a child go on that waits for the end of its standard input."""
        if child.process is not None:
            child.process.stdin.close()


def die_with_parent(parent: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends SIGTERM to this process when its parent is gone, however it went."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was quicker
            os._exit(1)

    return ask


def marked_processes(mark: str) -> Iterator[psutil.Process]:
    """All live processes that a supervisor of this data folder has started, with their own children."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                yield process


@contextmanager
def handling(handler: Callable) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP go to one handler during the block."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def interrupt(number: int, _frame: object) -> None:
    """A signal handler: every polite request to stop ends like Ctrl-C."""
    raise KeyboardInterrupt(number)
