"""Files that no row names: what a server or a worker left that was killed between a file and its commit.

They hold people and nobody would ever find them again, so they go after a day; the rejected rows that the command
line left beside its import go when the import's own rows do.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage

from veche.core.action import action, unchanged
from veche.core.actor import Actor
from veche.exchange.actions.looking import forget_unknown
from veche.exchange.models import BridgeReturn, BridgeSheet, Export, Import
from veche.exchange.queries import UNDO_DAYS

DAY = 24 * 60 * 60
FOLDERS = {"imports": (Import,), "bridge": (BridgeSheet, BridgeReturn), "exports": (Export,)}
REJECTS = "-rejected.xlsx"


@action("exchange.import")
def sweep_files(*, by: Actor, now: float | None = None) -> int:
    """Delete the files of this room that nothing names any more; returns how many. A second run finds none.

    Uploads of yesterday in which no table was found are forgotten, too.
    """
    unchanged()
    now = now or time.time()
    for imported in Import.objects.filter(
        columns=[], made_at__lt=dt.datetime.fromtimestamp(now - DAY, dt.UTC)
    ):
        forget_unknown(by=by, imported=imported)
    strays = list(_strays(now))
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _strays(now: float) -> Iterator[Path]:
    """The base is asked after the folder: a file younger than its row's commit is too young to be looked at."""
    for folder, models in FOLDERS.items():
        place = Path(default_storage.path(folder))
        old = [
            path
            for path in place.rglob("*")
            if path.is_file() and now - path.stat().st_mtime > _patience(path)
        ]
        names = {
            name for model in models for name in model.objects.exclude(file="").values_list("file", flat=True)
        }
        yield from (path for path in old if f"{folder}/{path.relative_to(place).as_posix()}" not in names)


def _patience(path: Path) -> float:
    return UNDO_DAYS * DAY if path.name.endswith(REJECTS) else DAY
