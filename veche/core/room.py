"""Room on the disk. When it ends, work waits and forms are refused; nothing that was saved is lost.

We stop somewhat before the end: a PostgreSQL that cannot write its own log stops altogether.
"""

from __future__ import annotations

import errno
import shutil

from django.conf import settings
from django.utils.translation import gettext as _
from psycopg.errors import DiskFull

from veche.core.refusal import Refusal

LEAST_FREE_BYTES = 96 * 2**20  # below this nothing big is begun or gone on with
FULL = {errno.ENOSPC, errno.EDQUOT}


class OutOfRoom(Exception):
    """There is no room to go on with a job: it waits."""


def is_short() -> bool:
    """True when the data folder's disk has too little room left to work in."""
    return shutil.disk_usage(settings.DATA).free < LEAST_FREE_BYTES


def is_full(error: BaseException | None) -> bool:
    """True when a full disk is behind `error`: ours, or the one of the database's server."""
    while error is not None:
        if isinstance(error, OutOfRoom | DiskFull) or (isinstance(error, OSError) and error.errno in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def refusal() -> Refusal:
    """What is said to who wanted to save something."""
    return Refusal(
        "no_room",
        _("The server's disk is full. Nothing of what was saved is lost. Make room on it and try again."),
        status=507,
    )
