"""The old Excel format .xls (BIFF) through xlrd, which also tells what is hidden and how numbers are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from .cells import clean_row
from .numbers import date_of, shown_by, value_of
from .sheet import Book, Row, Sheet, Unreadable, trimmed


class OldWorkbook(Book):
    """An open .xls. It holds 65 536 rows of 256 columns at most, so that a sheet is taken whole."""

    def __init__(self, path: Path) -> None:
        try:
            with open(os.devnull, "w") as nowhere:
                self.book = xlrd.open_workbook(
                    str(path), formatting_info=True, on_demand=True, ragged_rows=True, logfile=nowhere
                )
        except xlrd.XLRDError as error:
            code = "import.password_protected" if "encrypt" in str(error).lower() else "import.damaged"
            raise Unreadable(code) from error
        self.shown = [self._shown(xf) for xf in self.book.xf_list]
        self.from_1904 = bool(self.book.datemode)
        self.sheets = [
            Sheet(name, bool(self.book._sheet_visibility[place]))
            for place, name in enumerate(self.book.sheet_names())
        ]

    def look(self) -> None:
        for place, sheet in enumerate(self.sheets):
            found = self.book.sheet_by_index(place)
            for number in range(found.nrows):
                cells = trimmed(self._row(found, number, sheet))
                if cells:
                    row = found.rowinfo_map.get(number)
                    sheet.see(number + 1, cells, bool(row and (row.hidden or row.height == 0)))
            sheet.hidden_columns = sorted(
                column
                for column, about in found.colinfo_map.items()
                if (about.hidden or about.width == 0) and column < 256
            )
            for top, bottom, left, right in found.merged_cells:
                sheet.merge((top, left), (bottom - 1, right - 1))

    def records(self, sheet: Sheet, start: int, raw: bool) -> Iterator[Row]:
        found = self.book.sheet_by_index(self.sheets.index(sheet))
        for number in range(max(start - 1, 0), found.nrows):
            cells = trimmed(self._row(found, number))
            if cells:
                yield number + 1, cells if raw else clean_row(cells)

    def _shown(self, xf: Any) -> Any:
        form = self.book.format_map.get(xf.format_key)
        return shown_by(xf.format_key, form.format_str if form else None)

    def _row(self, found: Any, number: int, counted: Sheet | None = None) -> list[Any]:
        values, kinds = found.row_values(number), found.row_types(number)
        cells: list[Any] = []
        for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
            if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                shown = self.shown[found.cell_xf_index(number, column)]
                value = value_of(value, shown, self.from_1904) if shown.kind else value
                if kind == xlrd.XL_CELL_DATE and isinstance(value, float) and not shown.kind:
                    value = date_of(value, self.from_1904)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            elif kind == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(value, "#ERROR!")
                if counted is not None:
                    counted.errors += 1
            cells.append(value if value != "" else None)
        return cells
