"""A spreadsheet comes in: it is stored, and looked through at once or by a job."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

from veche.core.action import action
from veche.core.actor import Actor
from veche.core.ledger import publish
from veche.exchange.actions.looking import look_through, settle_look, start_look
from veche.exchange.events import FileUploaded
from veche.exchange.models import MATCH_KEYS, Import
from veche.exchange.queries import file_path
from veche.exchange.reading import insist_readable
from veche.exchange.reading.refusing import refusal_for

MOST_BYTES = 200 * 2**20


@action("exchange.import")
def receive_file(*, by: Actor, file: BinaryIO, name: str, sheet: str | None = None) -> Import:
    """Take a spreadsheet in and answer at once: a job looks through it (`start_look`), on `sheet` if that is given.

    `Refusal` for what its first bytes show to be no table; nothing of it is kept then.
    """
    imported = _stored(by, file, name)
    try:
        insist_readable(file_path(imported))
        return start_look(by=by, imported=imported, how={} if sheet is None else {"sheet": sheet})
    except BaseException:
        default_storage.delete(imported.file)
        raise


@action("exchange.import")
def upload_file(*, by: Actor, file: BinaryIO, name: str, sheet: str | None = None) -> Import:
    """The same, looked through before it returns: for jobs and for whoever has no page to wait on.

    `Refusal` when it is no table that can be taken; nothing of it is kept then.
    """
    imported = _stored(by, file, name)
    try:
        look_through(imported, {} if sheet is None else {"sheet": sheet}, by=by)
        return settle_look(by=by, imported=imported)
    except BaseException:
        default_storage.delete(imported.file)
        raise


def printable(name: str) -> str:
    """A file name as it may stand in a page and in a header: what a disk allows besides is told by a sign."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _stored(by: Actor, file: BinaryIO, name: str) -> Import:
    name = printable(Path(name).name[:300])
    size = _size_of(file)
    if not size:
        raise refusal_for("import.empty", {})
    if size > MOST_BYTES:
        raise refusal_for("import.too_big", {"most": MOST_BYTES // 2**20})
    stored = default_storage.save(
        f"imports/{secrets.token_hex(8)}{Path(name).suffix.lower()[:10]}", File(file)
    )
    try:
        imported = Import.objects.create(
            name=name, file=stored, size=size, sha256=_sha256(default_storage.path(stored)), made_by_id=by.user_id,
            match_by=list(MATCH_KEYS),
        )  # fmt: skip
        publish(FileUploaded(object_id=imported.pk, size=size), by=by)
    except BaseException:
        default_storage.delete(stored)
        raise
    return imported


def _size_of(file: BinaryIO) -> int:
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    return size


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
