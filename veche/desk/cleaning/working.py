"""The whole clean-up of a file, from its rows to the new one; nothing but the result is left, and never half of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from veche.dedupe.finding import Evidence, Found, find
from veche.dedupe.finding.backends import EngineMissing
from veche.dedupe.queries.engines import chosen_engine, refusal_for
from veche.desk.cleaning.doubles import Doubles
from veche.desk.cleaning.reading import Kept, Tally, read_rows
from veche.desk.cleaning.sheets import changes_sheet, cleaned_sheet, outcome_counts
from veche.desk.cleaning.summary import summary_sheet
from veche.exchange.mapping import (
    ColumnPlan,
    Options,
    describe_columns,
    find_options,
    guess_mapping,
    plan_columns,
)
from veche.exchange.reading import Source, open_source
from veche.exchange.writing import Sheet, write_text, write_workbook

XLSX, CSV = ".xlsx", ".csv"
READ, FOUND, WRITTEN = 45.0, 75.0, 100.0  # percent of the work that are behind then
_STEPS = ("load", "block", "train", "score", "cluster", "households")  # of the finder

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Done:
    """What came of it; `files` are those written, the table first."""

    rows: int
    people: int
    doubles: int
    doubtful: int
    households: int
    nobody: int
    files: tuple[Path, ...]


def files_of(out: Path) -> tuple[Path, ...]:
    """What is written: a workbook has all in one, a text file holds one table, so the two others stand beside it."""
    if out.suffix.lower() == XLSX:
        return (out,)
    return (out, *(out.with_name(f"{out.stem}-{part}{out.suffix}") for part in ("changes", "summary")))


def clean_file(path: Path, out: Path, *, sheet: str | None, tell: Tell) -> Done:
    """Clean the table in `path` and write it to `out`, whose ending says how.

    `tell` gets the step that is on and how many percent are done. `Refusal` for a file that is no table; `OSError` when
    the answer can't be written: then nothing is.
    """
    with tempfile.TemporaryDirectory(prefix=".veche-clean-", dir=out.parent) as name:
        folder = Path(name)
        tell("open", 0.0)
        with closing(open_source(path, sheet=sheet)) as source:
            plans, options = _plans(source)
            kept, tally = Kept(folder / "rows"), Tally()
            total = max(source.row_count, 1)
            portions = read_rows(
                source.rows(), plans, options, lambda rows: tell("read", READ * min(rows / total, 1.0))
            )
            found = _found(kept.write(portions, tally), folder / "finding", tell)
            doubles = Doubles(found)
            sheets = (
                cleaned_sheet(source, tally, kept, doubles),
                changes_sheet(source, tally, kept),
                summary_sheet(source, plans, tally, doubles),
            )
            tell("write", FOUND)
            files = _write(sheets, out, folder)
            tell("write", WRITTEN)
    people, _organisations, nobody = outcome_counts(tally)
    return Done(tally.rows, people, doubles.spare, doubles.doubtful, doubles.households, nobody, files)


def _plans(source: Source) -> tuple[list[ColumnPlan], Options]:
    """What each column is, as the pages of an import guess it."""
    plans = plan_columns(source, guess_mapping(describe_columns(source)))
    return plans, replace(find_options(source, plans), default_city_code=settings.VECHE_CITY_CODE)


def _found(rows: Iterator[Evidence], folder: Path, tell: Tell) -> Found:
    folder.mkdir()
    try:
        return find(rows, folder=folder, tell=lambda step: tell(step, _share(step)), **chosen_engine())
    except EngineMissing as error:
        raise refusal_for(error) from error


def _share(step: str) -> float:
    at = _STEPS.index(step) if step in _STEPS else 0
    return READ * (at > 0) + (FOUND - READ) * at / len(_STEPS)


def _write(sheets: Sequence[Sheet], out: Path, folder: Path) -> tuple[Path, ...]:
    """Write beside and move into place, so that a file that stands there is whole, the former or the new one."""
    files = files_of(out)
    made = [folder / f"made-{n}{out.suffix}" for n in range(len(files))]
    if len(files) == 1:
        write_workbook(made[0], sheets)
    else:
        for each, sheet in zip(made, sheets, strict=True):
            write_text(each, sheet.columns, sheet.rows)
    for each, file in zip(made, files, strict=True):
        with suppress(OSError):
            each.chmod(0o600)
        os.replace(each, file)
    return files
