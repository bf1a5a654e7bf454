"""`veche dedupe FILE.csv --out clusters.csv`: who of a list is one person and who lives together. Needs no database."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
    with tempfile.TemporaryDirectory(prefix="veche-dedupe-", dir=out.parent) as folder:
        try:
            found = find(_evidence(file, mapping), folder=Path(folder), **chosen_engine(engine or ""))
        except EngineMissing as error:
            raise refusal_for(error) from error
        with out.open("w", encoding="utf-8", newline="") as target:
            write = csv.writer(target, lineterminator="\n").writerow
            write(["record_id", "cluster_id", "household_id"])
            for (row, cluster), (_row, household) in zip(found.clusters, found.households, strict=True):
                write([row, cluster, household])
        if pairs_file:
            with pairs_file.open("w", encoding="utf-8", newline="") as target:
                write = csv.writer(target, lineterminator="\n").writerow
                write(["id_l", "id_r", "score"])
                for pair in found.pairs:
                    write([pair.low, pair.high, f"{pair.weight:.4f}"])
    click.echo(_("{rows} rows read.").format(rows=found.rows), file=sys.stderr)


dedupe.without_database = True


def _evidence(file: Path, mapping: tuple[str, ...]) -> Iterator[Table]:
    """The rows of a file as evidence, read by both processes, in their order."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = csv.reader(source)
        columns = _columns(next(rows, []), mapping, file)
        yield from read_in_processes(rows, columns)


def _columns(heading: list[str], mapping: tuple[str, ...], file: Path) -> dict[str, int]:
    try:
        return columns_of(heading, mapping)
    except UnknownColumns as error:
        if error.args[0]:
            told = _("{told}: there is no such part or no such column.").format(told=error.args[0])
            raise Refusal("column", told) from error
        told = _("{file} has no column of names; say which it is: --columns name=HEADING.").format(
            file=file.name
        )
        raise Refusal("column", told) from error
