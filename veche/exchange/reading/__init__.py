"""Opening spreadsheets: `open_source(path)` gives a `Source` with columns and rows, whatever the file is like."""

from veche.exchange.formats.cells import Cell, cell_text, clean_cell, clean_text, revive_cell, stored_text
from veche.exchange.formats.sheet import Sheet

from .encodings import Mojibake
from .header import Column, RowSorter
from .source import Source, insist_readable, open_source

__all__ = [
    "Cell", "Column", "Mojibake", "RowSorter", "Sheet", "Source",
    "cell_text", "clean_cell", "clean_text", "insist_readable", "open_source", "revive_cell", "stored_text",
]  # fmt: skip
