"""Every defect in every format that can have it, alone and in pairs: it is told, and no row is lost or changed."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, cycle

import pytest

from veche.exchange.formats.reader import Answers
from veche.exchange.reading import open_source, source

from .odd_files import ALL, DEFECTS, Table, write

SINGLES = [(form, name) for name, defect in DEFECTS.items() for form in defect.formats]


def _pairs() -> list[tuple[str, str, str]]:
    """Every pair of defects once, in a format that can have both; the formats take turns."""
    turns, pairs = cycle(ALL), []
    for one, other in combinations(DEFECTS, 2):
        both = set(DEFECTS[one].formats) & set(DEFECTS[other].formats)
        if both:
            pairs.append((next(form for form in turns if form in both), one, other))
    return pairs


class Here(Answers):
    """The reader without a process of its own: the pairs are many, and a process costs a tenth of a second."""

    def __init__(self, path, kind, encoding="", known=None):
        super().__init__(path, kind, encoding)
        self.encoding = encoding
        self.look()
        self.sheets = self.book.sheets

    def records(self, sheet, start=0, *, raw=False):
        return self.book.records(sheet, start, raw)

    def close(self):
        pass


def _as_text_has_it(form: str, cell: object) -> object:
    """Texts and pages know no types: a date and a number come as they are written."""
    if form not in ("csv", "html") or isinstance(cell, str) or cell is None:
        return cell
    return cell.strftime("%d.%m.%Y") if isinstance(cell, dt.datetime) else str(cell)


def _check(path, form, *names):
    table = Table()
    for name in names:
        DEFECTS[name].spoil(table)
    opened = open_source(write(path / "люди.xls", form, table))
    try:
        rows = [cells for _number, cells in opened.rows()]
        assert rows == [[_as_text_has_it(form, cell) for cell in row] for row in table.expected()]
        for name in names:
            assert DEFECTS[name].told(opened), name
        numbers = [number for number, _cells in opened.rows()]
        assert numbers == sorted(set(numbers)) and opened.row_count == len(rows)
        middle = numbers[len(numbers) // 2]
        assert [number for number, _cells in opened.rows(middle)] == numbers[len(numbers) // 2 :]
    finally:
        opened.close()


@pytest.mark.parametrize(("form", "name"), SINGLES)
def test_a_defect_is_told_and_every_row_is_there(tmp_path, form, name):
    _check(tmp_path, form, name)


@pytest.mark.parametrize(("form", "one", "other"), _pairs())
def test_two_defects_at_once(tmp_path, monkeypatch, form, one, other):
    monkeypatch.setattr(source, "Apart", Here)
    _check(tmp_path, form, one, other)
