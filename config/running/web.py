"""The web server's process: everything is imported first and once, then its workers are forked from it.

    python -m config.running.web HOST PORT

It imports while its supervisor still prepares the database, and serves once its standard input ends.
"""

import os
import sys

from config.running import preparation

PROCESSES = 2
BACKLOG = 1024  # connections that wait to be taken
CONNECTIONS = 4096  # open at once in each process; most are browsers that listen
STOP_SECONDS = 10


def main(host: str, port: int) -> None:
    os.environ["VECHE_LIVE"] = "1"
    preparation.set_up_django()
    from django.urls import get_resolver
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _everything = get_resolver().url_patterns
    sys.stdin.read()
    import config.running.web_application  # noqa: F401  only now: it looks for the static files, just collected

    Granian(
        "config.running.web_application:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=min(PROCESSES, os.cpu_count() or 1),
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
