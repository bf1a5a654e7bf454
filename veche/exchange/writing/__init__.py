"""Writing spreadsheets: an .xlsx workbook or a text file (.csv), row by row, in memory that does not grow.

    people = Sheet(
        "People",
        [Column("Number", NUMBER, hidden=True), Column("Phone"), Column("Born on", DATE, locked=False)],
        rows,            # any iterable of lists, in the order of the columns
        count=1_500_000, # only needed above the rows that one sheet holds; then it goes on on a second sheet
    )
    write_workbook(path, [people, Sheet("veche", [Column("key")], [["…"]], hidden=True)], password="…")
    write_text(path, people.columns, rows, delimiter=";")

Both are safe to open: texts stay texts whatever they begin with, long numbers keep their digits. Both raise `OSError`
when the file cannot be written, and whatever `rows` raises; the file that is left then is of no use.
"""

from veche.exchange.writing.columns import DATE, MOMENT, MONEY, NUMBER, TEXT, Column, Sheet
from veche.exchange.writing.delimited import safe_text, write_text
from veche.exchange.writing.workbook import MOST_ROWS, write_workbook

__all__ = [
    "DATE", "MOMENT", "MONEY", "MOST_ROWS", "NUMBER", "TEXT", "Column", "Sheet", "safe_text", "write_text",
    "write_workbook",
]  # fmt: skip
