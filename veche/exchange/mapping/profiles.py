"""What each column holds: samples, how full it is, how many different values, and which probes its cells answer to."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from veche.exchange.reading import Cell, Column, Source, cell_text

from .probes import YES, is_empty_mark, probe

SAMPLES = 5


@dataclass
class ColumnProfile:
    """A column seen through the first rows. JSON-able through `as_json`."""

    index: int
    caption: str
    title: str
    repeat: int = 1
    hidden: bool = False
    rows: int = 0
    filled: int = 0
    marks: int = 0
    """Cells that say «нет», «—»: not filled, though not empty."""
    samples: list[str] = field(default_factory=list)
    distinct: int = 0
    """Different values among the rows looked at."""
    shares: dict[str, float] = field(default_factory=dict)
    """Probe name → share of the filled cells that answer to it."""
    serial: bool = False
    """Whole numbers growing by one: «№ п/п»."""
    longest: int = 0
    whole: bool = True
    """Whether every row of the source was looked at."""
    parts: int = 0
    """Cells with a comma or semicolon between short words."""

    @property
    def fill(self) -> float:
        """Share of rows with a value, 0 to 1."""
        return self.filled / self.rows if self.rows else 0.0

    def share(self, name: str) -> float:
        """Share of filled cells that answer to a probe."""
        return self.shares.get(name, 0.0)

    @property
    def few_choices(self) -> bool:
        """Few values that repeat: a choice rather than a text."""
        return 1 <= self.distinct <= 30 and self.filled >= 3 * self.distinct and self.longest <= 60

    def as_json(self) -> dict[str, Any]:
        """Everything the wizard shows and remembers."""
        return asdict(self) | {"fill": round(self.fill, 4)}


class _Watch:
    """Collects one column's figures row by row."""

    def __init__(self, column: Column) -> None:
        self.profile = ColumnProfile(column.index, column.caption, column.title, column.repeat, column.hidden)
        self.values: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.previous: int | None = None
        self.steps = 0

    def see(self, cell: Cell) -> None:
        profile = self.profile
        profile.rows += 1
        if cell is None:
            return
        text = cell_text(cell)
        if is_empty_mark(text):
            profile.marks += 1
            self.values[text] += 1
            return
        profile.filled += 1
        self.values[text] += 1
        profile.longest = max(profile.longest, len(text))
        self.hits.update(probe(cell))
        if ("," in text or ";" in text) and len(text) < 120:
            profile.parts += 1
        number = int(text) if text.isdecimal() and len(text) < 10 else None
        if number is not None and self.previous is not None and number == self.previous + 1:
            self.steps += 1
        self.previous = number

    def done(self, whole: bool) -> ColumnProfile:
        profile = self.profile
        profile.whole = whole
        marks = {value for value in self.values if is_empty_mark(value)}
        profile.distinct = len(self.values) - len(marks)
        profile.samples = [value[:200] for value in self.values if value not in marks][:SAMPLES]
        if profile.filled:
            profile.shares = {name: round(hits / profile.filled, 4) for name, hits in self.hits.items()}
        self._yes_no()
        profile.serial = profile.filled > 1 and self.steps >= 0.95 * (profile.filled - 1)
        return profile

    def _yes_no(self) -> None:
        """«нет» and «-» are empty marks elsewhere, but the other half of a column of «да» and «+»."""
        profile = self.profile
        if not profile.filled and {value.lower() for value in self.values} & YES <= {"х", "x", "+", "1"}:
            profile.shares = {"yes_no": float(bool({value.lower() for value in self.values} & YES))}
        if profile.share("yes_no") > 0.9 and profile.marks:
            profile.filled += profile.marks
            profile.distinct = len(self.values)
            profile.samples = [value[:200] for value in self.values][:SAMPLES]


def describe_columns(source: Source, sample: int = 2000) -> list[ColumnProfile]:
    """A profile of every column from the first `sample` rows; totals and repeated headers don't count."""
    sorter = source.sorter
    watches = [_Watch(column) for column in source.columns]
    seen = 0
    whole = True
    for _number, cells in source.rows():
        if seen >= sample:
            whole = False
            break
        if sorter.kind(cells) != "data":
            continue
        seen += 1
        for watch, cell in zip(watches, cells, strict=True):
            watch.see(cell)
    return [watch.done(whole) for watch in watches]
