"""What a file holds that its reader cannot see on the first rows: hidden parts, errors, formulas without values.

Nothing of that is passed over in silence: everything is read, and the page of the table says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.exchange.models import Import

NAMED = 6
"""Sheets and columns that are called by name; of more only the number is said."""


@dataclass(frozen=True)
class Remark:
    """A whole sentence, the icon beside it, and whether somebody should do something about it."""

    icon: str
    sentence: str
    warns: bool = False


def remarks(imported: Import) -> list[Remark]:
    """Everything worth saying about how the file was read, in the language active now; warnings first."""
    found = [*_about_the_sheet(imported), *_about_the_columns(imported), *_about_the_file(imported)]
    return sorted(found, key=lambda remark: not remark.warns)


def _about_the_sheet(imported: Import) -> Iterator[Remark]:
    sheet = _chosen(imported)
    if count := sheet.get("empty_formulas", 0):
        yield Remark(
            "alert-triangle",
            ngettext(
                "%(count)d formula was saved without its value and reads as empty: open the file in Excel, save it "
                "and choose it again.",
                "%(count)d formulas were saved without their values and read as empty: open the file in Excel, save "
                "it and choose it again.",
                count,
            )
            % {"count": count},
            warns=True,
        )
    if count := sheet.get("errors", 0):
        yield Remark(
            "alert-triangle",
            ngettext(
                "%(count)d cell shows an error such as #N/A; it is taken as it stands.",
                "%(count)d cells show an error such as #N/A; they are taken as they stand.",
                count,
            )
            % {"count": count},
            warns=True,
        )
    if count := sheet.get("hidden_rows", 0):
        yield Remark(
            "eye-off",
            ngettext(
                "%(count)d row is hidden in the file, by hand or by a filter. It is imported too.",
                "%(count)d rows are hidden in the file, by hand or by a filter. They are imported too.",
                count,
            )
            % {"count": count},
        )
    if count := sheet.get("merged_below", 0) + _merged_among_people(imported, sheet):
        yield Remark(
            "table",
            ngettext(
                "%(count)d group of cells below the captions is merged; its value belongs to its first row only.",
                "%(count)d groups of cells below the captions are merged; the value belongs to the first row only.",
                count,
            )
            % {"count": count},
        )


def _about_the_columns(imported: Import) -> Iterator[Remark]:
    hidden = [column["title"] for column in imported.columns if column.get("hidden")]
    if hidden:
        sentence = ngettext(
            "%(count)d column is hidden in the file: %(names)s. It is read like the others.",
            "%(count)d columns are hidden in the file: %(names)s. They are read like the others.",
            len(hidden),
        )
        yield Remark("eye-off", sentence % {"count": len(hidden), "names": _named(hidden)})
    if imported.source.get("header_rows", 1) > 1:
        yield Remark("table", _("The captions take two rows; they were joined as “Group / caption”."))
    untitled = sum(1 for column in imported.columns if not column.get("caption") and column.get("filled", 0))
    if untitled and imported.source.get("header_row"):
        sentence = ngettext(
            "%(count)d column has values but no caption; it is called by its number.",
            "%(count)d columns have values but no caption; they are called by their numbers.",
            untitled,
        )
        yield Remark("table", sentence % {"count": untitled})


def _about_the_file(imported: Import) -> Iterator[Remark]:
    sheets = imported.source.get("sheets", [])
    hidden = [sheet["name"] for sheet in sheets if sheet["hidden"]]
    if hidden:
        sentence = ngettext(
            "%(count)d sheet is hidden in the file: %(names)s. It is read only if you choose it.",
            "%(count)d sheets are hidden in the file: %(names)s. They are read only if you choose them.",
            len(hidden),
        )
        yield Remark("eye-off", sentence % {"count": len(hidden), "names": _named(hidden)})
    others = [
        sheet["name"]
        for sheet in sheets
        if sheet["rows"] > 1 and not sheet["hidden"] and sheet["name"] != imported.source.get("sheet")
    ]
    if others:
        sentence = ngettext(
            "One sheet is imported at a time. %(count)d more has rows: %(names)s.",
            "One sheet is imported at a time. %(count)d more have rows: %(names)s.",
            len(others),
        )
        yield Remark("file-spreadsheet", sentence % {"count": len(others), "names": _named(others)})


def _chosen(imported: Import) -> dict:
    named = imported.source.get("sheet")
    return next((sheet for sheet in imported.source.get("sheets", []) if sheet["name"] == named), {})


def _merged_among_people(imported: Import, sheet: dict) -> int:
    first = imported.source.get("first_row", 1)
    return sum(top + 1 >= first for (top, _left), _last in sheet.get("merged", []))


def _named(names: list[str]) -> str:
    shown = ", ".join(_("“%(name)s”") % {"name": name} for name in names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown}…"
