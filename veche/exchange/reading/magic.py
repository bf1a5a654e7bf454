"""What a file really is, by its first bytes; the extension is only a hint for plain text."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

from .encodings import utf16_without_mark

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 250
RATIO_FROM = 64 * 1024**2

_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0", b"RIFF",
)  # fmt: skip
_OTHER = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "SQLite",
    b"\x7fELF": "program",
    b"MZ": "program",
}


def sniff(path: Path) -> str:
    """`xlsx` or `text`; everything else is refused with one sentence that says what to do.

    Issue 3 adds its formats here (`xls`, `ods`, `xlsb`, HTML tables) and a reader beside `workbook`.
    """
    if not path.is_file():
        raise Refusal("import.no_file", _("There is no file at %(path)s: check the name.") % {"path": path})
    if path.stat().st_size == 0:
        raise Refusal(
            "import.empty_file", _("The file is empty: save the table again and choose the new file.")
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"PK"):
        raise damaged()
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _ole(path)
    if head.startswith(_PICTURES) and b"\0" in head:
        raise Refusal(
            "import.picture",
            _("This is a picture, not a table, whatever its name says: choose the spreadsheet itself."),
        )
    for mark, kind in _OTHER.items():
        if head.startswith(mark):
            raise _not_a_table(kind)
    if (
        head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
        .lower()
        .startswith((b"<html", b"<table", b"<!doctype", b"<?xml"))
    ):
        raise Refusal(
            "import.web_page",
            _("This is a web page with a table: open it in Excel or LibreOffice and save it as .xlsx."),
        )
    if _binary(head):
        raise damaged()
    return "text"


def damaged() -> Refusal:
    """The file can't be read to its end."""
    return Refusal(
        "import.damaged",
        _(
            "The file is damaged or was not copied whole: open it in Excel, save it again and choose the new file."
        ),
    )


def _not_a_table(kind: str) -> Refusal:
    return Refusal(
        "import.not_a_table",
        _("This is a %(kind)s file, not a table: choose a file saved as .xlsx or .csv.") % {"kind": kind},
    )


def _binary(head: bytes) -> bool:
    """Bytes that no text has; UTF-16, where every second byte may be anything, is told before."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head):
        return False
    zeros = head.count(0)
    strange = sum(byte < 9 or 14 <= byte < 32 for byte in head) - zeros
    return strange > len(head) / 50 or zeros > len(head) / 10


def _ole(path: Path) -> Refusal:
    """The old container of Microsoft: a protected .xlsx lies in it, and so does every .xls."""
    with path.open("rb") as file:
        head = file.read(4 * 1024 * 1024)
        file.seek(max(0, path.stat().st_size - 1024 * 1024))
        content = head + file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Refusal(
            "import.password_protected",
            _(
                "The file is protected by a password: open it in Excel, remove the password, save and choose it again."
            ),
        )
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return Refusal(
            "import.old_excel",
            _("This is the old Excel format .xls, which we can't read yet: save the table as .xlsx."),
        )
    return _not_a_table("Microsoft Office")


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > packed * MAX_RATIO):
        raise Refusal(
            "import.zip_bomb",
            _(
                "Unpacked, the file would take %(size)d MB, which no honest table does: copy the rows you need "
                "into a new file."
            )
            % {"size": unpacked // 1024**2},
        )
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal(
            "import.password_protected",
            _(
                "The file is protected by a password: open it in Excel, remove the password, save and choose it again."
            ),
        )
    lower = {name.lower().lstrip("/") for name in names}
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if "xl/workbook.bin" in lower:
        raise _save_as("xlsb")
    if "content.xml" in lower:
        raise _save_as("ods")
    if any(name.startswith("word/") for name in lower):
        raise _not_a_table("Word")
    if any(name.startswith("xl/") for name in lower):
        return "xlsx"
    raise Refusal(
        "import.archive",
        _("This is an archive: unpack it and choose the table inside."),
    )


def _save_as(extension: str) -> Refusal:
    return Refusal(
        "import.format_later",
        _("We can't read .%(extension)s files yet: save the table as .xlsx.") % {"extension": extension},
    )
