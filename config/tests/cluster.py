"""The server of one process of tests: an embedded PostgreSQL in its own data folder.

A hundred migrations take ten seconds of a core. So of several processes of `pytest -n` the first makes them, and the
others begin with a copy of its cluster.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from config.running import locks
from config.running.postgres import EmbeddedPostgres


class Cluster:
    """`start`; make the test database, which is there already where another process was faster; `made`; `stop`."""

    def __init__(self, data: Path, shared: Path | None) -> None:
        """`shared`: the folder of all processes of this run, None where there is one only."""
        self.server = EmbeddedPostgres(data, durable=False)
        self.pattern = shared and shared / "migrated"
        self.gate = shared and locks.take(shared / "migrated.gate")

    def start(self) -> None:
        if self.pattern and self.pattern.exists():
            self._open()
            copy(self.pattern, self.server.cluster_dir)
        self.server.start()

    def made(self) -> None:
        """The test database is there: whoever waits may have it. Nobody may be connected."""
        if self.gate is None:
            return
        self.server.stop()
        unfinished = self.pattern.with_suffix(".new")
        copy(self.server.cluster_dir, unfinished)
        unfinished.rename(self.pattern)
        self.server.start()
        self._open()

    def stop(self) -> None:
        self._open()
        self.server.stop()

    def _open(self) -> None:
        if self.gate is not None:
            self.gate.close()
            self.gate = None


def copy(cluster: Path, place: Path) -> None:
    """With its owner: run by root, a server may be another account's."""
    subprocess.run(["cp", "-a", cluster, place], check=True)
