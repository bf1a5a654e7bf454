"""What is written: the table as it was with the cleaned columns behind it, what was changed, and the summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from veche.desk.cleaning.doubles import Doubles, Standing
from veche.desk.cleaning.reading import Kept, Tally
from veche.desk.cleaning.row import ORGANISATION, PERSON, Cleaned
from veche.exchange.reading import Cell, Source, cell_text
from veche.exchange.writing import DATE, MOMENT, NUMBER, TEXT, Column, Sheet

MARK = "✓"  # before the captions of what was added, so that nobody takes it for a column of his own
MOST = 5  # phones or e-mails with a column of their own; the others stand together in the last
SEVERAL = ("phones", "emails")

# key of `Cleaned.told`: caption, type, width; in the order in which they are written
ADDED: dict[str, tuple[Any, str, float]] = {
    "surname": (gettext_lazy("Surname"), TEXT, 0),
    "given_name": (gettext_lazy("Given name"), TEXT, 0),
    "patronymic": (gettext_lazy("Patronymic"), TEXT, 0),
    "gender": (gettext_lazy("Gender of the person"), TEXT, 0),
    "organisation": (gettext_lazy("Organisation"), TEXT, 24),
    "others": (gettext_lazy("Other people of the row"), TEXT, 24),
    "phones": (gettext_lazy("Phone"), TEXT, 20),
    "emails": (gettext_lazy("E-mail"), TEXT, 26),
    "accounts": (gettext_lazy("Accounts"), TEXT, 24),
    "birthday": (gettext_lazy("Birthday"), DATE, 0),
    "postcode": (gettext_lazy("Postcode"), TEXT, 0),
    "region": (gettext_lazy("Region"), TEXT, 24),
    "district": (gettext_lazy("District"), TEXT, 24),
    "town": (gettext_lazy("Town or village"), TEXT, 20),
    "street": (gettext_lazy("Street"), TEXT, 24),
    "house": (gettext_lazy("House"), TEXT, 9),
    "block": (gettext_lazy("Block"), TEXT, 9),
    "building": (gettext_lazy("Building of the house"), TEXT, 9),
    "letter": (gettext_lazy("Letter of the house"), TEXT, 9),
    "entrance": (gettext_lazy("Entrance"), TEXT, 9),
    "flat": (gettext_lazy("Flat"), TEXT, 9),
    "address": (gettext_lazy("Address in one line"), TEXT, 40),
    "more_addresses": (gettext_lazy("Other addresses of the row"), TEXT, 40),
}
_TYPES = {frozenset({"int"}): NUMBER, frozenset({"float"}): NUMBER, frozenset({"int", "float"}): NUMBER,
    frozenset({"datetime"}): MOMENT}  # fmt: skip


def cleaned_sheet(source: Source, tally: Tally, kept: Kept, doubles: Doubles) -> Sheet:
    """Every row as it was, in its order, with what was made of it behind."""
    types = [_TYPES.get(frozenset(tally.types.get(column.index, ())), TEXT) for column in source.columns]
    keys = [key for key in ADDED if tally.filled[key]]
    counts = {key: min(tally.most.get(key, 0), MOST) for key in SEVERAL}
    columns = [
        *(
            Column(column.title, kind, hidden=column.hidden)
            for column, kind in zip(source.columns, types, strict=True)
        ),
        _added(_("Row of the file"), NUMBER),
        *chain.from_iterable(_columns_of(key, counts) for key in keys),
        _added(_("Number of the person"), NUMBER),
        _added(_("Double of row"), NUMBER),
        _added(_("Perhaps the person of row"), NUMBER),
        _added(_("Probability, %"), NUMBER),
        _added(_("Why it is thought so"), width=50),
        _added(_("Number of the household"), NUMBER),
        _added(_("Remarks"), width=50),
    ]
    rows = (_row(row, types, keys, counts, doubles.of(row.number)) for row in kept)
    return Sheet(_("Cleaned"), columns, rows, count=tally.rows)


def _added(caption: str, kind: str = TEXT, width: float = 0) -> Column:
    return Column(f"{MARK} {caption}", kind, width=width)


def _columns_of(key: str, counts: dict[str, int]) -> Iterator[Column]:
    caption, kind, width = ADDED[key]
    for n in range(1, counts.get(key, 1) + 1):
        yield _added(f"{caption} {n}" if n > 1 else str(caption), kind, width)


def _row(
    row: Cleaned, types: list[str], keys: list[str], counts: dict[str, int], standing: Standing | None
) -> list[Any]:
    cells: list[Any] = [_as_it_was(cell, kind) for cell, kind in zip(row.cells, types, strict=True)]
    cells.append(row.number)
    for key in keys:
        value = row.told.get(key)
        if key in SEVERAL:
            cells += _in_columns(value or [], counts[key])
        elif key == "gender":
            cells.append(_gender(value))
        else:
            cells.append(value)
    told = standing or Standing(0)
    for number in (told.person, told.double_of, told.like, told.probability):
        cells.append(number or None)
    remarks = " ".join(dict.fromkeys(sentence for _kind, sentence in row.remarks))
    return [*cells, told.why or None, told.household or None, remarks or None]


def _as_it_was(cell: Cell, kind: str) -> Any:
    """Cells of a column of one type keep it; a column of several is written as a person would type it."""
    return cell if cell is None or kind != TEXT else cell_text(cell)


def _in_columns(values: Sequence[str], count: int) -> list[str | None]:
    if not count:
        return []
    shown = [*values[: count - 1], ", ".join(values[count - 1 :])]
    return [shown[at] or None if at < len(shown) else None for at in range(count)]


def _gender(value: str | None) -> str | None:
    return {"m": pgettext("gender", "male"), "f": pgettext("gender", "female")}.get(value or "")


def changes_sheet(source: Source, tally: Tally, kept: Kept) -> Sheet:
    """A line for each value that is written otherwise than it stood."""
    titles = {column.index: column.title for column in source.columns}
    columns = [
        Column(_("Row of the file"), NUMBER),
        Column(_("Column")),
        Column(_("It was"), width=36),
        Column(_("It is now"), width=36),
        Column(_("Why"), width=70),
    ]
    rows = (
        [row.number, titles.get(each.column, ""), each.was, each.now, each.why]
        for row in kept
        for each in row.changes
    )
    return Sheet(_("What was changed"), columns, rows, count=tally.changes.total())


def outcome_counts(tally: Tally) -> tuple[int, int, int]:
    """(people, organisations, rows about nobody)."""
    people, organisations = tally.outcomes[PERSON], tally.outcomes[ORGANISATION]
    return people, organisations, tally.rows - people - organisations
