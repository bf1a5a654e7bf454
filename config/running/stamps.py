"""What was made from what: a stamp beside the made thing, so that a second start makes nothing again.

Standard library only: the set-up uses it before there is a virtual environment.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_contents(paths: Iterable[Path], *also: str) -> str:
    """A fingerprint of files' contents and of some words."""
    digest = hashlib.sha256("\0".join(also).encode())
    for path in paths:
        digest.update(path.read_bytes() if path.exists() else b"")
        digest.update(str(path).encode() + b"\0")
    return digest.hexdigest()


def of_times(folders: Iterable[Path], *also: str) -> str:
    """A fingerprint of the names, sizes and times of all files below some folders; quick for thousands of files."""
    digest = hashlib.sha256("\0".join(also).encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            facts = path.stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_current(stamp: Path, fingerprint: str) -> bool:
    """True when the stamp was written with this fingerprint."""
    return stamp.exists() and stamp.read_text() == fingerprint


def write(stamp: Path, fingerprint: str) -> None:
    """To be written last, when the thing is whole."""
    unfinished = stamp.with_name(stamp.name + ".new")
    unfinished.write_text(fingerprint)
    unfinished.replace(stamp)
