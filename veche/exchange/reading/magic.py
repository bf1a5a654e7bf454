"""What a file really is, by its first bytes; the extension is only a hint for plain text."""

import re
import zipfile
from pathlib import Path

from veche.exchange.formats.sheet import Unreadable

from .encodings import utf16_without_mark

MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 250
RATIO_FROM = 64 * 1024**2
MAX_ENTRIES = 20_000

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
_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


def sniff(path: Path) -> str:
    """`xlsx`, `xls`, `ods`, `xml2003`, `html` or `text`; anything else is `Unreadable`."""
    if not path.is_file():
        raise Unreadable("import.no_file", path=path)
    if path.stat().st_size == 0:
        raise Unreadable("import.empty_file")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"PK"):
        raise Unreadable("import.damaged")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(path)
    if head.startswith(_PICTURES) and b"\0" in head:
        raise Unreadable("import.picture")
    for mark, kind in _OTHER.items():
        if head.startswith(mark):
            raise Unreadable("import.not_a_table", kind=kind)
    if kind := _marked_up(path):
        return kind
    if _binary(head):
        raise Unreadable("import.damaged")
    return "text"


def _marked_up(path: Path) -> str:
    """`html` or `xml2003` for a page or XML that is a table under whatever name, '' for plain text."""
    with path.open("rb") as file:
        head = file.read(1 << 18).replace(b"\0", b"")  # UTF-16 is told by the same letters
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:200].lower()
    if start.startswith(b"<?xml") and b"<html" not in head[:4096].lower():
        if _SPREADSHEET in head:
            return "xml2003"
        raise Unreadable("import.xml")
    if not re.match(
        rb"<(?:html|table|!doctype|!--|head|body|meta|style|div|font|tr|\?xml)\b|<!--|<!doctype", start
    ):
        return ""
    if b"<table" in head.lower() or _holds(path, b"<table"):
        return "html"
    raise Unreadable("import.web_page")


def _holds(path: Path, mark: bytes) -> bool:
    rest = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if mark in (rest + block.replace(b"\0", b"")).lower():
                return True
            rest = block[-20:]
    return False


def _binary(head: bytes) -> bool:
    """Bytes that no text has; UTF-16, where every second byte may be anything, is told before."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head):
        return False
    zeros = head.count(0)
    strange = sum(byte < 9 or 14 <= byte < 32 for byte in head) - zeros
    return strange > len(head) / 50 or zeros > len(head) / 10


def _ole(path: Path) -> str:
    """The old container of Microsoft: a protected .xlsx lies in it, and so does every .xls."""
    with path.open("rb") as file:
        content = file.read(4 * 1024 * 1024)
        file.seek(max(len(content), path.stat().st_size - 1024 * 1024))
        content += file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable("import.password_protected")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    if "Root Entry".encode("utf-16-le") not in content:
        raise Unreadable("import.damaged")
    raise Unreadable("import.not_a_table", kind="Microsoft Office")


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            kind = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("import.damaged") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        unpacked > MAX_UNPACKED
        or (unpacked > RATIO_FROM and unpacked > packed * MAX_RATIO)
        or len(entries) > MAX_ENTRIES
    ):
        raise Unreadable("import.zip_bomb", size=unpacked // 1024**2)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("import.password_protected")
    lower = {entry.filename.lower().lstrip("/") for entry in entries}
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if "xl/workbook.bin" in lower:
        raise Unreadable("import.binary_workbook")
    if "encrypted-package" in lower:  # LibreOffice 24 and later
        raise Unreadable("import.password_protected")
    if "content.xml" in lower and (b"spreadsheet" in kind or not kind):
        return "ods"
    if "content.xml" in lower:
        raise Unreadable("import.not_a_table", kind="OpenDocument")
    if any(name.startswith("word/") for name in lower):
        raise Unreadable("import.not_a_table", kind="Word")
    if any(name.startswith("ppt/") for name in lower):
        raise Unreadable("import.not_a_table", kind="PowerPoint")
    if any(name.startswith("xl/") for name in lower):
        raise Unreadable("import.damaged")
    raise Unreadable("import.archive")
