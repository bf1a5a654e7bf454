"""The live channel's process: granian with one worker, since all browsers share one connection to PostgreSQL.

python -m config.running.live
"""

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.running import places, preparation

STOP_SECONDS = 3
CONNECTIONS = 5000
ANSWER_SECONDS = 5


def main() -> None:
    preparation.set_up_django()
    import config.running.live_application  # noqa: F401  once, before the worker is forked

    socket = places.live_socket(places.data_dir())
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    Granian(
        "config.running.live_application:application",
        uds=socket,
        uds_permissions=0o600,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=1024,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def health(path: Path) -> dict[str, Any] | None:
    """What the process that listens at `path` says of itself: `listening`, `browsers`; None when nobody answers."""
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(ANSWER_SECONDS)
        line.connect(str(path))
        line.sendall(b"GET /live/health/ HTTP/1.0\r\nhost: live\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(4096), b""))
        return json.loads(answer.partition(b"\r\n\r\n")[2])
    return None


if __name__ == "__main__":
    main()
