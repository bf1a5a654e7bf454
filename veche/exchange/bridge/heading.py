"""Which column of a returned file is which: by its caption, else by what stands in it.

Columns may have been moved, renamed, deleted or added. A column without a known caption is recognised when its cells
say what one of the missing columns said at download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veche.exchange.bridge.columns import BridgeColumn, captions_of
from veche.exchange.bridge.ids import looks_like_row_id
from veche.exchange.bridge.values import Shown, key, read
from veche.exchange.reading import Cell

ALIKE = 0.5  # so much of the filled cells must agree; the user has edited some
LEAST = 2  # and so many at least


@dataclass
class Heading:
    """`place` is the index of each known column by code; the rest is for the words about the file."""

    id_place: int | None
    place: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)  # code → caption in the file
    missing: list[str] = field(default_factory=list)  # codes
    unknown: list[str] = field(default_factory=list)  # captions


def find_id_place(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The column that holds the rows' numbers, wherever it was moved to; None when it is gone."""
    counts: dict[int, int] = {}
    for row in rows:
        for place, cell in enumerate(row):
            if looks_like_row_id(cell):
                counts[place] = counts.get(place, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else None


def read_heading(
    captions: Sequence[str],
    columns: Sequence[BridgeColumn],
    *,
    id_place: int | None,
    sample: Sequence[tuple[Sequence[Cell], Mapping[str, Shown]]] = (),
) -> Heading:
    """`sample` are rows of the file, each with what it said at download by column code."""
    heading = Heading(id_place)
    free = {place: caption for place, caption in enumerate(captions) if place != id_place}
    for column in columns:
        known = captions_of(column)
        found = next(
            (place for place, caption in free.items() if " ".join(caption.casefold().split()) in known), None
        )
        if found is not None:
            heading.place[column.code] = found
            del free[found]
    lost = [column for column in columns if column.code not in heading.place]
    for column in lost:
        place = _by_content(column, free, sample)
        if place is None:
            heading.missing.append(column.code)
            continue
        heading.place[column.code] = place
        heading.renamed[column.code] = free.pop(place)
    heading.unknown = [caption for caption in free.values() if caption.strip()]
    return heading


def _by_content(
    column: BridgeColumn,
    free: Mapping[int, str],
    sample: Sequence[tuple[Sequence[Cell], Mapping[str, Shown]]],
) -> int | None:
    best, most = None, 0
    for place in free:
        filled = agreed = 0
        for cells, said in sample:
            was = said.get(column.code)
            if was is None or (not was and (place >= len(cells) or cells[place] is None)):
                continue
            filled += 1
            yours = read(column, cells[place] if place < len(cells) else None)
            agreed += bool(was) and key(column, was) == key(column, yours)
        if agreed > most and agreed >= LEAST and agreed >= ALIKE * filled:
            best, most = place, agreed
    return best
