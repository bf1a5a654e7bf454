"""`veche dedupe FILE.csv --out clusters.csv`: who of a list is one person and who lives together. Needs no database."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils.translation import gettext as _

from veche.core.refusal import Refusal
from veche.dedupe.finding import find
from veche.dedupe.finding.backends import ENGINES, EngineMissing
from veche.dedupe.finding.headings import UnknownColumns, columns_of
from veche.dedupe.finding.processes import read_in_processes
from veche.dedupe.queries.engines import chosen_engine, refusal_for

if TYPE_CHECKING:
    from pyarrow import Table


@click.command("dedupe")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--pairs", "pairs_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--engine", type=click.Choice(ENGINES), help="What it works on; else VECHE_DEDUPE_ENGINE, else duckdb."
)
@click.option("--columns", "mapping", multiple=True, metavar="PART=COLUMN")
def dedupe(
    file: Path, out: Path, pairs_file: Path | None, engine: str | None, mapping: tuple[str, ...]
) -> None:
    """Find doubles and households in FILE, a CSV in UTF-8 whose first column is the id of the row.

    OUT gets record_id,cluster_id,household_id of every row: rows of one cluster are one person, people of one household
    live together. PAIRS gets id_l,id_r,score of the pairs that are likely one person, the likeliest first. Columns are
    known by their headings in Russian or English; --columns name=X says which one a part stands in.
    """
    _insist_there(file, out, pairs_file or out)
    with tempfile.TemporaryDirectory(prefix="veche-dedupe-", dir=out.parent) as folder:
        try:
            found = find(_evidence(file, mapping), folder=Path(folder), **chosen_engine(engine or ""))
        except EngineMissing as error:
            raise refusal_for(error) from error
        pairs = zip(found.clusters, found.households, strict=True)
        groups = ((row, cluster, household) for (row, cluster), (_row, household) in pairs)
        _write(out, ("record_id", "cluster_id", "household_id"), groups)
        if pairs_file:
            scores = ((pair.low, pair.high, f"{pair.weight:.4f}") for pair in found.pairs)
            _write(pairs_file, ("id_l", "id_r", "score"), scores)
    click.echo(_("{rows} rows read.").format(rows=found.rows), file=sys.stderr)


dedupe.without_database = True


def _insist_there(file: Path, *targets: Path) -> None:
    if not file.is_file():
        raise Refusal("file", _("There is no file %(file)s.") % {"file": file})
    for target in targets:
        if not target.absolute().parent.is_dir():
            raise Refusal(
                "folder", _("There is no folder %(folder)s.") % {"folder": target.absolute().parent}
            )


def _write(file: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV, there only when it is whole."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(heading)
            writer.writerows(rows)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _evidence(file: Path, mapping: tuple[str, ...]) -> Iterator[Table]:
    """The rows of a file as evidence, read by both processes, in their order."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = csv.reader(source)
        try:
            columns = _columns(next(rows, []), mapping, file)
            yield from read_in_processes(_numbered(rows), columns)
        except UnicodeDecodeError as error:
            sentence = _(
                "{file} is not in UTF-8. Save it as “CSV UTF-8”, or use veche clean, which reads any spreadsheet."
            )
            raise Refusal("encoding", sentence.format(file=file.name)) from error
        except csv.Error as error:
            sentence = _(
                "Line {line} of {file} is no line of a CSV: a quotation mark is not closed, or a cell is far too long."
            )
            raise Refusal("csv", sentence.format(line=rows.line_num, file=file.name)) from error


def _numbered(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows that have a number in the first column; how many have none is told, two of one number are refused."""
    seen: set[str] = set()
    nameless = 0
    for row in rows:
        if not row or not row[0]:
            nameless += any(row)
        elif row[0] in seen:
            sentence = _(
                "Two rows have the number {number}. Rows are told apart by the first column: give each its own."
            )
            raise Refusal("number", sentence.format(number=row[0]))
        else:
            seen.add(row[0])
            yield row
    if nameless:
        click.echo(
            _("Rows without a number in the first column, left out: {rows}.").format(rows=nameless),
            file=sys.stderr,
        )


def _columns(heading: list[str], mapping: tuple[str, ...], file: Path) -> dict[str, int]:
    try:
        return columns_of(heading, mapping)
    except UnknownColumns as error:
        if error.args[0]:
            told = _("{told}: there is no such part or no such column.").format(told=error.args[0])
            raise Refusal("column", told) from error
        told = _(
            "The first column of {file} is for the numbers of rows, and no other is known to hold names; say which "
            "does: --columns name=HEADING."
        ).format(file=file.name)
        raise Refusal("column", told) from error
