"""What people said about cells, before a row is converted. The cells that came are kept; the converter sees others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

from veche.exchange.reading import Cell, cell_text

from .plans import ColumnPlan
from .targets import FIELD_PREFIX
from .values import split_words

REPLACE, EMPTY, REJECT, ACCEPT, PERSON = "replace", "empty", "reject", "accept", "person"
LONGEST = 300
_KEPT = 260
KEY_SQL = "CASE WHEN length({0}) > 300 THEN left({0}, 260) || md5({0}) ELSE {0} END"
"""The same for SQL: {0} is the cell as text, `cells ->> column`."""
ONE_WORD = ("status", "responsible", "gender")
MANY_WORDS = ("tags", "role", "campaign")


def key_of(cell: Cell) -> str:
    """A cell as corrections name it: as `cells ->> column` in PostgreSQL; a long one by its beginning and a digest."""
    if isinstance(cell, str):
        text = cell.replace("\x00", "")
    elif isinstance(cell, datetime):
        text = cell.isoformat()
    elif isinstance(cell, bool):
        text = "true" if cell else "false"
    elif isinstance(cell, float):
        text = format(Decimal(repr(cell)), "f")
    else:
        text = "" if cell is None else str(cell)
    return (
        text if len(text) <= LONGEST else text[:_KEPT] + md5(text.encode(), usedforsecurity=False).hexdigest()
    )


def words_in(plan: ColumnPlan) -> Callable[[Cell], list[str]] | None:
    """How the words of a cell of this column are told apart, when it is matched against a list; else None."""
    choices = plan.field_type if plan.target.startswith(FIELD_PREFIX) else ""
    if plan.target in MANY_WORDS or choices == "many_choices":
        return split_words
    return one_word if plan.target in ONE_WORD or choices == "choice" else None


def one_word(cell: Cell) -> list[str]:
    """The whole cell as one word."""
    text = " ".join(cell_text(cell).split())
    return [text] if text else []


class Corrector:
    """Applies the `fixes` of the plans. It says of a row whether it is to be left out or taken as it is."""

    def __init__(self, plans: Iterable[ColumnPlan]) -> None:
        self._columns = [
            (plan.index, plan.fixes.get("rows", {}), plan.fixes.get("values", {}), plan.fixes.get("words", {}),
             words_in(plan) or one_word)
            for plan in plans if plan.fixes
        ]  # fmt: skip
        self._whole: dict[int, Any] = {}
        for plan in plans:
            self._whole |= plan.fixes.get("whole", {})

    def __bool__(self) -> bool:
        return bool(self._columns)

    def corrected(self, row: int, cells: Sequence[Cell]) -> tuple[Sequence[Cell], str, set[int]]:
        """The cells to convert; REJECT, ACCEPT or '' for the row; the columns whose remarks somebody has accepted."""
        said, accepted, changed = self._whole.get(row, ("", ""))[0], set(), list(cells)
        for index, rows, values, words, split in self._columns:
            cell = changed[index]
            kind, text = rows.get(row) or (values.get(key_of(cell)) if cell is not None else None) or ("", "")
            if kind == REPLACE:  # who typed it has looked: doubts about it are not told again
                changed[index] = text
                accepted.add(index)
            elif kind == EMPTY:
                changed[index] = None
            elif kind == REJECT:
                said = REJECT
            elif kind == ACCEPT:
                accepted.add(index)
            if words and changed[index] is not None:
                found = split(changed[index])
                if any(word.lower() in words for word in found):
                    kept = [words.get(word.lower(), word) for word in found]
                    changed[index] = "; ".join(word for word in kept if word) or None
        return changed, said, accepted


def fixes_of(corrections: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """`ColumnPlan.fixes` by column of stored corrections; those of whole rows stand under -1.

    Whom a row is about is no matter of its cells.
    """
    fixes: dict[int, dict[str, Any]] = {}
    for each in corrections:
        if each.kind == PERSON:
            continue
        column = fixes.setdefault(each.column, {})
        if each.kind == "word":
            column.setdefault("words", {})[each.value] = each.replacement
        elif each.column < 0:
            column.setdefault("whole", {})[each.row] = (each.kind, each.replacement)
        elif each.row is not None:
            column.setdefault("rows", {})[each.row] = (each.kind, each.replacement)
        else:
            column.setdefault("values", {})[each.value] = (each.kind, each.replacement)
    return fixes


def with_fixes(plans: Sequence[ColumnPlan], fixes: Mapping[int, dict[str, Any]]) -> list[ColumnPlan]:
    """The plans with what was said about their columns; what was said of whole rows goes with the first."""
    found = [replace(plan, fixes=fixes.get(plan.index, {})) for plan in plans]
    if found and -1 in fixes:
        found[0] = replace(found[0], fixes={**found[0].fixes, **fixes[-1]})
    return found
