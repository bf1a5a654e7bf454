"""Makers of spreadsheets for tests: text tables in any encoding, workbooks with titles, merges and hidden parts."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

LIST_CAPTIONS = ["№ п/п", "Фамилия Имя Отчество", "Тел.", "Адрес", "Откуда", "Комментарий", "Дата подписи"]
LIST_ROWS: list[list[Any]] = [
    [
        1,
        "Скайуокер Люк Энакинович",
        "89161234567",
        "Москва, ул. Ленина, д. 1",
        "сбор подписей",
        "активный",
        "14.06.2019",
    ],
    [2, "Органа Лея Бейловна", "8 (916) 765-43-21", "МО, Химки, ул. 8 Марта, д. 5", "почта", "", "43596"],
    [3, "Соло Хан", "нет", "Москва, пр-т Мира, д. 13", "встреча во дворе", "старший по дому", "июнь 2019"],
    [
        4,
        "Калриссиан Лэндо",
        "+79265550101, 84955550102 (раб.)",
        "ул. Красная, д. 9, кв. 8",
        "почта",
        "ТСЖ",
        "",
    ],
]


def csv_file(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ";",
    first: str = "",
    bom: bool = False,
) -> Path:
    """A text table; `first` is written before it (`sep=;`), `bom` puts the byte order mark."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    mark = "\ufeff" if bom else ""
    path.write_bytes((mark + first + text.getvalue()).encode(encoding))
    return path


def xlsx_file(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Лист1",
    merged: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[str] = (),
    sheets: Sequence[tuple[str, bool, Sequence[Sequence[Any]]]] = (),
) -> Path:
    """A workbook as people make it; `sheets` are more sheets: name, hidden or not, rows."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    for number in hidden_rows:
        page.row_dimensions[number].hidden = True
    for letter in hidden_columns:
        page.column_dimensions[letter].hidden = True
    for name, hidden, more in sheets:
        other = book.create_sheet(name)
        other.sheet_state = "hidden" if hidden else "visible"
        for row in more:
            other.append(list(row))
    book.save(path)
    return path


def sheet_xml_file(path: Path, sheet_xml: str | Iterable[bytes]) -> Path:
    """A workbook with this very XML of its only sheet, for what no program would write."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            blocks = [sheet_xml.encode()] if isinstance(sheet_xml, str) else sheet_xml
            for block in blocks:
                part.write(block)
    return path


def protected_file(path: Path) -> Path:
    """The container in which Excel keeps a workbook with a password (only its outside)."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    return path


def old_excel_file(path: Path) -> Path:
    """The container of an .xls (only its outside)."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le") + bytes(500)
    )
    return path


def picture_file(path: Path) -> Path:
    """One pixel of PNG under any name."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(b"\0\0")
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )
    return path


def make_import(
    folder: Path, rows: Sequence[Sequence[Any]], *, by: Any, captions: Sequence[str] = (), **rules: Any
) -> Any:
    """An import of a table that is set up and ready for its check; `rules` go to `choose_rules`."""
    from veche.exchange import actions

    path = csv_file(folder / "люди.csv", [captions or PEOPLE_CAPTIONS, *rows])
    with path.open("rb") as file:
        imported = actions.upload_file(by=by, file=file, name=path.name)
    return actions.choose_rules(by=by, imported=imported, **rules) if rules else imported


PEOPLE_CAPTIONS = ["Фамилия", "Имя", "Отчество", "Телефон", "Email", "Дата рождения", "ID"]


def run_jobs(imported: Any) -> Any:
    """Do the import's job in this process, as a worker would; returns the import as it is then."""
    from veche.core.background import run_job

    run_job(job_id=imported.job_id)
    imported.refresh_from_db()
    return imported


def checked(imported: Any, *, by: Any) -> Any:
    """The import after its check."""
    from veche.exchange import actions

    return run_jobs(actions.start_check(by=by, imported=imported))


def loaded(imported: Any, *, by: Any, confirm_overwrites: bool = True) -> Any:
    """The import after its check and its load."""
    from veche.exchange import actions

    return run_jobs(
        actions.start_load(by=by, imported=checked(imported, by=by), confirm_overwrites=confirm_overwrites)
    )
