"""Opening spreadsheets: `open_source(path)` gives a `Source` with columns and rows, whatever the file is like."""

from .cells import Cell, cell_text, clean_cell, clean_text, stored_text
from .encodings import Mojibake
from .header import Column, RowSorter
from .source import Source, open_source
from .workbook import Sheet

__all__ = [
    "Cell", "Column", "Mojibake", "RowSorter", "Sheet", "Source",
    "cell_text", "clean_cell", "clean_text", "open_source", "stored_text",
]  # fmt: skip
