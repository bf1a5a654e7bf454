"""The data folder: made, writable, with room on its disk, and not of a newer Veche."""

import errno
import json
import os
import shutil
import tomllib
from pathlib import Path

from config.running import places
from config.running.speech import Trouble
from config.running.speech import gettext as _

LAYOUT = 1  # raised when files in the data folder move or change their meaning
LEAST_FREE_BYTES = 64 * 2**20
FULL = {errno.ENOSPC, errno.EDQUOT}


def prepare(data: Path) -> None:
    """Make the data folder ready, or raise Trouble with the sentence that says why it cannot be."""
    ours = version()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_newer(data, ours)
        if is_full(data):
            raise full_disk(data)
        _stamp(data, ours)
    except (FileExistsError, NotADirectoryError) as error:
        raise Trouble(_("{folder} is not a folder: set VECHE_DATA to one.").format(folder=data)) from error
    except OSError as error:
        if error.errno in FULL:
            raise full_disk(data) from error
        raise Trouble(
            _(
                "The data folder {folder} cannot be written ({reason}): set VECHE_DATA to one that can."
            ).format(folder=data, reason=error.strerror)
        ) from error


def is_full(folder: Path) -> bool:
    """True when there is no room left to work in."""
    return shutil.disk_usage(folder).free < LEAST_FREE_BYTES


def full_disk(folder: Path) -> Trouble:
    return Trouble(_("The disk of {folder} is full: make room and start again.").format(folder=folder))


def version() -> str:
    """This Veche's own version, as pyproject.toml says it."""
    return tomllib.loads((places.ROOT / "pyproject.toml").read_text())["project"]["version"]


def _refuse_newer(data: Path, ours: str) -> None:
    try:
        written = json.loads((data / "VERSION").read_text())
        layout, theirs = int(written["layout"]), str(written["veche"])
    except FileNotFoundError:
        return
    except (ValueError, TypeError, KeyError) as error:
        raise Trouble(
            _("{file} was not written by Veche: is VECHE_DATA right?").format(file=data / "VERSION")
        ) from error
    if layout > LAYOUT:
        raise Trouble(
            _(
                "The data folder {folder} is of a newer version (Veche {theirs}, here {ours}): update Veche."
            ).format(folder=data, theirs=theirs, ours=ours)
        )


def _stamp(data: Path, ours: str) -> None:
    """Write the version, which also shows that the folder can be written."""
    unfinished = data / f"VERSION.{os.getpid()}"
    unfinished.write_text(json.dumps({"layout": LAYOUT, "veche": ours}) + "\n")
    unfinished.rename(data / "VERSION")
