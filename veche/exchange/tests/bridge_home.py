"""What people do with a list at home: makers for the tests of the bridge."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from veche.core.testing import kinds_published  # noqa: F401  one door for the tests
from veche.exchange.actions import bridging
from veche.exchange.models import BridgeReturn, BridgeSheet
from veche.exchange.testing import run_jobs

NAMES = ("surname", "given_name", "patronymic", "phone", "email", "birthday", "status", "tags", "campaigns")


def taken_home(by: Any, codes: tuple[str, ...] = NAMES, **query: str) -> BridgeSheet:
    """A download, written."""
    return run_jobs(bridging.take_view(by=by, query=query, codes=codes))


def table_of(sheet: BridgeSheet) -> list[list[Any]]:
    """The rows of the file with its captions, the numbers in the first column."""
    with default_storage.open(sheet.file) as file:
        page = load_workbook(io.BytesIO(file.read())).worksheets[0]
        return [list(row) for row in page.iter_rows(values_only=True)]


def saved(table: list[list[Any]]) -> bytes:
    """The table as another program saves it: values only, nothing hidden left."""
    book = Workbook()
    for row in table:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def brought_back(by: Any, content: bytes, name: str = "люди.xlsx") -> BridgeReturn:
    """The file compared with the base."""
    return run_jobs(bridging.bring_back(by=by, file=SimpleUploadedFile(name, content), name=name))


def edited(by: Any, sheet: BridgeSheet, edit: Callable[[list[list[Any]]], Any]) -> BridgeReturn:
    """The download after `edit` has worked on its rows, brought back and compared."""
    table = table_of(sheet)
    table = edit(table) or table
    return brought_back(by, saved(table))


def applied(by: Any, returned: BridgeReturn) -> BridgeReturn:
    return run_jobs(bridging.start_application(by=by, returned=returned))


def undone(by: Any, returned: BridgeReturn) -> BridgeReturn:
    return run_jobs(bridging.start_return_undo(by=by, returned=returned))


def place(table: list[list[Any]], caption: str) -> int:
    return table[0].index(caption)


def text_file(table: list[list[Any]], folder: Path, encoding: str = "cp1251") -> bytes:
    """The table as Excel saves it under “CSV”."""
    import csv

    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in table]
    )
    return text.getvalue().encode(encoding)
