"""The web server for benches that ask it as a browser does, on the base that is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_SECONDS = 120
ROOT = Path(__file__).resolve().parents[3]
_COLLECT = "from config.running import preparation as p; p.set_up_django(); p.collect_static()"


@contextmanager
def server() -> Iterator[str]:
    """Its address; it stops at the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    around = {"cwd": ROOT, "env": {**os.environ, "PORT": str(port)}}
    subprocess.run([sys.executable, "-c", _COLLECT], check=True, **around)
    web = [sys.executable, "-m", "config.running.web", "127.0.0.1", str(port)]
    process = subprocess.Popen(web, stdin=subprocess.DEVNULL, **around)
    try:
        _wait(f"http://127.0.0.1:{port}/health/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError("the web server has not started")
