"""Writers of odd spreadsheets: what a `Table` asks for that no library would write."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlwt

from .odd_files import Odd, Table

DATE, PERCENT, ZEROS = 1, 2, 3
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="0000000"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/></cellXfs>'
    "</styleSheet>"
)


def write_csv(path: Path, table: Table) -> Path:
    """Dates as people write them, cells in quotes where needed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for line in table.lines():
        writer.writerow([_as_text(cell) for cell in line])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def _as_text(cell: Any) -> str:
    if isinstance(cell, Odd):
        cell = cell.value
    if isinstance(cell, dt.datetime):
        return cell.strftime("%d.%m.%Y")
    return "" if cell is None else str(cell)


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


def _serial(moment: dt.datetime, from_1904: bool) -> int:
    return (moment - dt.datetime(*((1904, 1, 1) if from_1904 else (1899, 12, 30)))).days


def write_xlsx(path: Path, table: Table) -> Path:
    """Numbers and dates as Excel keeps them, texts shared and inline in turn."""
    shared: list[str] = []
    sheets = [("Лист1", False, _xlsx_sheet(table, shared))]
    for name, hidden, rows in table.more:
        sheets.append((name, hidden, _xlsx_sheet(Table(captions=rows[0], body=rows[1:]), shared)))
    return package(path, sheets, shared, table.from_1904)


def package(
    path: Path, sheets: list[tuple[str, bool, str]], shared: list[str], from_1904: bool = False
) -> Path:
    """A workbook of these sheets' XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"'
            + (' state="hidden"/>' if hidden else "/>")
            for number, (name, hidden, _xml) in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(from_1904)}"/>'
            f"<sheets>{listed}</sheets></workbook>",
        )
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')
        for number, (_name, _hidden, xml) in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", xml)
    return path


def _xlsx_sheet(table: Table, shared: list[str]) -> str:
    first = table.first_of_body()
    rows = []
    for number, line in enumerate(table.lines()):
        cells = "".join(
            _xlsx_cell(_name(number, column), cell, shared, table.from_1904)
            for column, cell in enumerate(line)
        )
        hidden = ' hidden="1"' if number - first in table.hidden_rows else ""
        rows.append(f'<row r="{number + 1}"{hidden}>{cells}</row>' if cells else f'<row r="{number + 1}"/>')
    columns = "".join(f'<col min="{each + 1}" max="{each + 1}" hidden="1"/>' for each in table.hidden_columns)
    merged = "".join(
        f'<mergeCell ref="{_name(top, left)}:{_name(bottom, right)}"/>'
        for top, left, bottom, right in table.merged
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:XFD1048576"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    )


def _xlsx_cell(name: str, cell: Any, shared: list[str], from_1904: bool) -> str:
    if cell is None or cell == "":
        return f'<c r="{name}" s="1"/>'
    if isinstance(cell, bool):
        return f'<c r="{name}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, dt.datetime):
        return f'<c r="{name}" s="{DATE}"><v>{_serial(cell, from_1904)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{name}"><v>{cell!r}</v></c>'
    if isinstance(cell, str):
        shared.append(cell)
        return f'<c r="{name}" t="s"><v>{len(shared) - 1}</v></c>'
    match cell.kind:
        case "error":
            return f'<c r="{name}" t="e"><f>VLOOKUP(1,A:A,1)</f><v>{cell.value}</v></c>'
        case "percent" | "zeros" | "serial":
            style = {"percent": PERCENT, "zeros": ZEROS, "serial": DATE}[cell.kind]
            return f'<c r="{name}" s="{style}"><v>{cell.value}</v></c>'
        case "formula":
            value = "" if cell.value is None else f"<v>{cell.value}</v>"
            return f'<c r="{name}"><f>SUM(B1:B2)</f>{value}</c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(cell.value)}</t></is></c>'


def write_xls(path: Path, table: Table) -> Path:
    """The old binary format."""
    book = xlwt.Workbook()
    book.dates_1904 = table.from_1904
    _xls_sheet(book.add_sheet("Лист1"), table)
    for name, hidden, rows in table.more:
        sheet = book.add_sheet(name)
        sheet.visibility = int(hidden)
        _xls_sheet(sheet, Table(captions=rows[0], body=rows[1:]))
    book.save(str(path))
    return path


def _xls_sheet(sheet: Any, table: Table) -> None:
    formats = {kind: xlwt.XFStyle() for kind in ("date", "percent", "zeros")}
    for kind, code in (("date", "DD.MM.YYYY"), ("percent", "0.00%"), ("zeros", "0000000")):
        formats[kind].num_format_str = code
    for number, line in enumerate(table.lines()):
        row = sheet.row(number)
        for column, cell in enumerate(line):
            if cell is None or cell == "":
                continue
            if isinstance(cell, dt.datetime):
                row.set_cell_number(column, _serial(cell, table.from_1904), formats["date"])
            elif isinstance(cell, bool):
                row.set_cell_boolean(column, cell)
            elif not isinstance(cell, Odd):
                row.write(column, cell)
            elif cell.kind == "error":
                row.set_cell_error(column, 0x2A)  # #N/A
            elif cell.kind == "text":
                row.write(column, cell.value)
            else:
                row.set_cell_number(column, cell.value, formats[cell.kind])
        row.hidden = number - table.first_of_body() in table.hidden_rows
    for top, left, bottom, right in table.merged:
        sheet.merge(top, bottom, left, right)
    for column in table.hidden_columns:
        sheet.col(column).hidden = True


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)


def write_ods(path: Path, table: Table) -> Path:
    """As LibreOffice writes it, with its endless rows of nothing at the end."""
    tables = [_ods_table("Лист1", False, table)]
    tables += [
        _ods_table(name, hidden, Table(captions=rows[0], body=rows[1:])) for name, hidden, rows in table.more
    ]
    return ods_package(path, "".join(tables))


def ods_package(path: Path, tables: str, manifest: str = "") -> Path:
    """A file of these tables' XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", _ODS.replace("{tables}", tables))
    return path


def _ods_table(name: str, hidden: bool, table: Table) -> str:
    spans = {
        (
            top,
            left,
        ): f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
        for top, left, bottom, right in table.merged
    }
    covered = {
        (row, column)
        for top, left, bottom, right in table.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    first = table.first_of_body()
    collapsed = ' table:visibility="collapse"'
    columns = "".join(
        f"<table:table-column{collapsed if column in table.hidden_columns else ''}/>" for column in range(8)
    )
    rows = []
    for number, line in enumerate(table.lines()):
        cells = "".join(
            "<table:covered-table-cell/>"
            if (number, column) in covered
            else _ods_cell(cell, spans.get((number, column), ""))
            for column, cell in enumerate(line)
        )
        seen = ' table:visibility="filter"' if number - first in table.hidden_rows else ""
        rows.append(
            f'<table:table-row{seen}>{cells}<table:table-cell table:number-columns-repeated="16370"/></table:table-row>'
        )
    style = ' table:style-name="ta2"' if hidden else ""
    empty = (
        '<table:table-row table:number-rows-repeated="1048550"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row>'
    )
    return f"<table:table table:name={quoteattr(name)}{style}>{columns}{''.join(rows)}{empty}</table:table>"


def _ods_cell(cell: Any, span: str) -> str:
    def made(about: str, text: str) -> str:
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n")) if text else ""
        return f"<table:table-cell{span} {about}>{lines}</table:table-cell>"

    if cell is None or cell == "":
        return f"<table:table-cell{span}/>"
    if isinstance(cell, bool):
        return made(
            f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"', str(cell).upper()
        )
    if isinstance(cell, dt.datetime):
        return made(f'office:value-type="date" office:date-value="{cell:%Y-%m-%d}"', f"{cell:%d.%m.%y}")
    if isinstance(cell, int | float):
        return made(f'office:value-type="float" office:value="{cell}"', f"{cell:g}")
    if isinstance(cell, str):
        return made('office:value-type="string"', cell)
    match cell.kind:
        case "error":
            return made('table:formula="of:=NA()" calcext:value-type="error"', cell.value)
        case "percent":
            return made(f'office:value-type="percentage" office:value="{cell.value}"', cell.read)
        case "zeros":
            return made(f'office:value-type="float" office:value="{cell.value}"', cell.read)
        case "formula":
            if cell.value is None:
                return made('table:formula="of:=B1"', "")
            return made(f'table:formula="of:=B1" office:value-type="float" office:value="{cell.value}"', "7")
    return made('office:value-type="string"', cell.value)


def write_xml2003(path: Path, table: Table) -> Path:
    """XML Spreadsheet 2003, under the name of .xls as banks send it."""
    sheets = _xml_sheet("Лист1", False, table)
    for name, hidden, rows in table.more:
        sheets += _xml_sheet(name, hidden, Table(captions=rows[0], body=rows[1:]))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"{sheets}</Workbook>",
        encoding="utf-8",
    )
    return path


def _xml_sheet(name: str, hidden: bool, table: Table) -> str:
    first = table.first_of_body()
    merged = {(top, left): (bottom - top, right - left) for top, left, bottom, right in table.merged}
    columns = "".join(f'<Column ss:Hidden="{int(column in table.hidden_columns)}"/>' for column in range(8))
    rows = []
    for number, line in enumerate(table.lines()):
        cells = "".join(
            _xml_cell(cell, column, merged.get((number, column), (0, 0)))
            for column, cell in enumerate(line)
            if cell not in (None, "")
        )
        rows.append(
            f'<Row ss:Index="{number + 1}" ss:Hidden="{int(number - first in table.hidden_rows)}">{cells}</Row>'
        )
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>" if hidden else ""
    return (
        f"<Worksheet ss:Name={quoteattr(name)}><Table>{columns}{''.join(rows)}</Table>{options}</Worksheet>"
    )


def _xml_cell(cell: Any, column: int, spans: tuple[int, int]) -> str:
    about = f'ss:Index="{column + 1}" ss:MergeDown="{spans[0]}" ss:MergeAcross="{spans[1]}"'
    if isinstance(cell, Odd) and cell.kind == "formula":
        data = "" if cell.value is None else f'<Data ss:Type="Number">{cell.value}</Data>'
        return f'<Cell {about} ss:Formula="=B1">{data}</Cell>'
    kind, text = "String", _as_text(cell)
    if isinstance(cell, Odd) and cell.kind == "error":
        kind = "Error"
    elif isinstance(cell, bool):
        kind, text = "Boolean", str(int(cell))
    elif isinstance(cell, int | float):
        kind = "Number"
    elif isinstance(cell, dt.datetime):
        kind, text = "DateTime", f"{cell:%Y-%m-%dT00:00:00.000}"
    return f'<Cell {about}><Data ss:Type="{kind}">{escape(text)}</Data></Cell>'


def write_html(path: Path, table: Table) -> Path:
    """A page's table under the name of .xls, in windows-1251, with tags left open as programs do."""
    pages = _html_table("Лист1", False, table)
    for name, hidden, rows in table.more:
        pages += _html_table(name, hidden, Table(captions=rows[0], body=rows[1:]))
    text = f"<html><head><meta charset=windows-1251><style>td {{mso-number-format:'@'}}</style></head>{pages}</html>"
    path.write_bytes(text.encode("cp1251", "xmlcharrefreplace"))
    return path


def _html_table(name: str, hidden: bool, table: Table) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in table.merged}
    covered = {
        (row, column)
        for (top, left), (down, across) in spans.items()
        for row in range(top, top + down)
        for column in range(left, left + across)
        if (row, column) != (top, left)
    }
    rows = []
    for number, line in enumerate(table.lines()):
        cells = ""
        for column, cell in enumerate(line):
            if (number, column) not in covered:
                down, across = spans.get((number, column), (1, 1))
                text = escape(_as_text(cell)).replace("\n", "<br>")
                cells += f"<td rowspan={down} colspan={across}>{text}"
        unseen = " style='display:none'" if number - table.first_of_body() in table.hidden_rows else ""
        rows.append(f"<tr{unseen}>{cells}</tr>")
    away = ' style="display: none"' if hidden else ""
    return f"<table title={quoteattr(name)}{away}>{''.join(rows)}</table>"
