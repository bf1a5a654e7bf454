"""The rejected rows as a spreadsheet: the cells as they came, what was corrected, and why the row was rejected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rustpy_xlsxwriter
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from veche.exchange.models import Import
from veche.exchange.queries import rejected_rows
from veche.exchange.queries.corrections_made import Corrected

LONGEST = 32_000  # characters; a cell of Excel holds 32 767


def rejects_path(imported: Import) -> Path:
    """Where the command line leaves the file."""
    return Path(default_storage.path(f"imports/{imported.pk}-rejected.xlsx"))


def file_name(imported: Import) -> str:
    """What a browser saves it as."""
    return _("%(name)s, rejected rows.xlsx") % {"name": Path(imported.name).stem}


def write_rejects(imported: Import, path: Path) -> None:
    """Write the rejected rows to an .xlsx file, row by row; texts that begin like a formula stay texts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    titles = _titles(imported)
    rustpy_xlsxwriter.write_worksheet(_lines(imported, titles), str(path), sheet_name=_("Rejected"))


def _titles(imported: Import) -> list[str]:
    titles = [_("Row"), _("Reason"), *([_("Corrected here")] if _is_corrected(imported) else [])]
    for column in imported.columns:
        title, place = column["title"] or "—", 2
        while title in titles:
            title, place = f"{column['title']} ({place})", place + 1
        titles.append(title)
    return titles


def _lines(imported: Import, titles: list[str]) -> Iterator[dict[str, Any]]:
    corrected = Corrected(imported) if _is_corrected(imported) else None
    for number, cells, reason in rejected_rows(imported):
        said = [corrected.sentence(number, cells, imported)] if corrected else []
        yield dict(zip(titles, [number, reason, *said, *map(_cell, cells)], strict=False))


def _is_corrected(imported: Import) -> bool:
    return imported.corrections.exists()


def _cell(value: Any) -> Any:
    if isinstance(value, int) and abs(value) >= 10**15:
        return str(value)
    return value[:LONGEST] if isinstance(value, str) else value
