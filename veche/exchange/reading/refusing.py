"""The sentences in which a file is refused: each says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from veche.core.refusal import Refusal

SENTENCES = {
    "import.no_file": gettext_noop("There is no file at %(path)s: check the name."),
    "import.empty_file": gettext_noop("The file is empty: save the table again and choose the new file."),
    "import.empty": gettext_noop("The file is empty: choose another file."),
    "import.too_big": gettext_noop("The file is over %(most)d MB: divide it into several files."),
    "import.damaged": gettext_noop(
        "The file is damaged or was not copied whole: open it in Excel, save it again and choose the new file."
    ),
    "import.password_protected": gettext_noop(
        "The file is protected by a password: open it in Excel, remove the password, save and choose it again."
    ),
    "import.picture": gettext_noop(
        "This is a picture, not a table, whatever its name says: choose the spreadsheet itself."
    ),
    "import.not_a_table": gettext_noop(
        "This is a %(kind)s file, not a table: choose a file saved as .xlsx or .csv."
    ),
    "import.web_page": gettext_noop(
        "This is a web page without a table: open the table in Excel or LibreOffice and save it as .xlsx."
    ),
    "import.xml": gettext_noop(
        "This XML file is not a spreadsheet: open it in the program it came from and save the table as .xlsx."
    ),
    "import.binary_workbook": gettext_noop(
        "This is the binary format .xlsb, which we don't read: open it in Excel and save the table as .xlsx."
    ),
    "import.archive": gettext_noop("This is an archive: unpack it and choose the table inside."),
    "import.zip_bomb": gettext_noop(
        "Unpacked, the file would take %(size)d MB, which no honest table does: copy the rows you need into a new "
        "file."
    ),
    "import.cell_too_big": gettext_noop(
        "A cell in row %(row)d is longer than a million characters: look for a quotation mark that never closes, "
        "shorten the cell, then choose the file again."
    ),
    "import.cell_too_big_somewhere": gettext_noop(
        "A cell is longer than a million characters: shorten it, then choose the file again."
    ),
    "import.unclosed_quote": gettext_noop(
        "In row %(row)d a quotation mark opens and never closes: close or delete it there, then choose the file "
        "again."
    ),
    "import.too_many_columns": gettext_noop(
        "The table has %(columns)d columns, and we take up to %(limit)d: delete the ones you don't need, or choose "
        "another separator, and send the file again."
    ),
    "import.far_cell": gettext_noop(
        "A lonely value stands in row %(row)d, far below the table: delete what lies under the table and choose the "
        "file again."
    ),
    "import.too_much_memory": gettext_noop(
        "The file asks for more memory than we give to one table: divide it into several files, or save it as .csv."
    ),
    "import.too_slow": gettext_noop(
        "The file takes too long to read: divide it into several files, or save it as .csv."
    ),
    "import.unknown_encoding": gettext_noop(
        "There is no encoding called “%(name)s”: choose another from the list."
    ),
    "import.no_sheet": gettext_noop("There is no sheet called “%(name)s”; the file has: %(sheets)s."),
    "import.no_sheets": gettext_noop("There is no sheet with cells in this file: choose another file."),
    "import.no_rows": gettext_noop("There are no rows in this sheet: choose another sheet or another file."),
    "import.only_header": gettext_noop(
        "There is a header but not a single row under it: add the rows and choose it again."
    ),
    "import.no_header_row": gettext_noop(
        "There is no row %(row)d in this sheet: choose a row from 1 to %(last)d."
    ),
}


class FileRefused(Refusal):
    """A file that is refused; `params` are what stands in the sentence, so that it can be said again (`said`)."""

    def __init__(self, code: str, params: Mapping[str, Any]):
        super().__init__(code, _(SENTENCES[code]) % params)
        self.params = dict(params)

    def __reduce__(self) -> Any:  # from a process that reads workbooks
        return type(self), (self.code, self.params)


def refusal_for(code: str, params: Mapping[str, Any]) -> FileRefused:
    """The refusal in the language active now."""
    return FileRefused(code, params)
