"""The archive of the register as it comes: a zip of tens of gigabytes, read in place and never unpacked.

At its top lie the dictionaries and version.txt, in two-digit folders the tables of the regions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

# The date right behind the name: so AS_ADDR_OBJ_TYPES and AS_ADDR_OBJ_PARAMS are no AS_ADDR_OBJ.
MEMBER = re.compile(r"(?:.*/)?AS_([A-Z_]+?)_(\d{8})_[^/]*\.xml", re.IGNORECASE)
FOLDER = re.compile(r"(?:.*/)?(\d\d)/[^/]+")
RELEASE = re.compile(r"(\d{4})\.(\d\d)\.(\d\d)")


class BadArchive(Refusal):
    """The archive cannot be what it should be; nothing of the region at hand came into the register."""

    def __init__(self, message: str):
        super().__init__("register.bad_archive", message)


class Archive:
    """An opened archive: its release, regions and tables. A context manager."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        try:
            self.zip = zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise BadArchive(_("There is no file %(file)s.") % {"file": self.path}) from None
        except zipfile.BadZipFile:
            raise BadArchive(
                _("%(file)s is no whole zip archive: it was perhaps not fetched to its end. Fetch it again.")
                % {"file": self.path.name}
            ) from None
        except OSError as error:
            said = {"file": self.path, "reason": error.strerror or error}
            raise BadArchive(_("The file %(file)s cannot be read: %(reason)s.") % said) from error

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_error: object) -> None:
        self.zip.close()

    @cached_property
    def tables(self) -> dict[int, dict[str, list[zipfile.ZipInfo]]]:
        """region → table → its files; the dictionaries are those of region 0."""
        found: dict[int, dict[str, list[zipfile.ZipInfo]]] = {}
        for entry in self.zip.infolist():
            if match := MEMBER.fullmatch(entry.filename):
                folder = FOLDER.fullmatch(entry.filename)
                tables = found.setdefault(int(folder[1]) if folder else 0, {})
                tables.setdefault(match[1].upper(), []).append(entry)
        return found

    @property
    def regions(self) -> list[int]:
        return sorted(region for region in self.tables if region)

    @cached_property
    def version(self) -> dt.date:
        """The release, from version.txt."""
        for entry in self.zip.infolist():
            if entry.filename.rpartition("/")[2].lower() == "version.txt" and entry.file_size < 4096:
                match = RELEASE.search(self.read(entry).decode("utf-8", "replace"))
                if match:
                    return _date(*match.groups())
        raise BadArchive(
            _("%(file)s has no version.txt that names its release: it is no archive of the register.")
            % {"file": self.path.name}
        )

    @cached_property
    def fingerprint(self) -> str:
        """Of the names, sizes and checksums of everything in it: 64 hexadecimal digits."""
        told = sorted(f"{entry.filename}\0{entry.CRC}\0{entry.file_size}" for entry in self.zip.infolist())
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def files(self, region: int, table: str) -> list[zipfile.ZipInfo]:
        return self.tables.get(region, {}).get(table, [])

    def size(self, regions: Iterable[int], tables: Iterable[str]) -> int:
        """Bytes of these tables as they are when unpacked."""
        names = list(tables)
        return sum(
            each.file_size for region in regions for name in names for each in self.files(region, name)
        )

    def open(self, entry: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return self.zip.open(entry)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise broken(entry) from error

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        with self.open(entry) as file:
            return read(file, entry, -1)


def read(file: IO[bytes], entry: zipfile.ZipInfo, size: int) -> bytes:
    """The next bytes of a member. A damaged one is a `BadArchive` by its checksum at the latest."""
    import zlib

    try:
        return file.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise broken(entry) from error


def broken(entry: zipfile.ZipInfo) -> BadArchive:
    return BadArchive(
        _("The file %(file)s of the archive is damaged: fetch the archive again.") % {"file": entry.filename}
    )


def _date(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise BadArchive(
            _("The archive's version.txt names no possible date: %(date)s.")
            % {"date": f"{year}.{month}.{day}"}
        ) from None
