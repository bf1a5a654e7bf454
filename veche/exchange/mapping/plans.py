"""What each column of a file becomes, and what is true of the whole file: the settings of a conversion."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from veche.exchange.reading import Source
from veche.names import guess_order, parse_people

from .guess import ColumnGuess
from .targets import SKIP


@dataclass(frozen=True)
class ColumnPlan:
    """What a column becomes. `field_type` is for own fields; `day_first` is False where the column writes 2/28/1970.

    `fixes` is what people said about cells of the column, see `correcting`.
    """

    index: int
    target: str
    caption: str = ""
    title: str = ""
    field_type: str = ""
    day_first: bool = True
    fixes: dict[str, Any] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """What is true of the whole file.

    `default_city_code` completes short phone numbers; `day_first` is how dates are written, None for as found in each
    column; `name_order` is `surname_first`, `given_first` or '' to decide row by row; `kind` is the importable kind.
    """

    default_city_code: str = ""
    day_first: bool | None = None
    name_order: str = ""
    kind: str = "people"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plan_columns(source: Source, guesses: Iterable[ColumnGuess]) -> list[ColumnPlan]:
    """The guesses as a plan, with the order of day and month found for each column of dates."""
    guesses = {guess.index: guess for guess in guesses}
    plans = []
    for column in source.columns:
        guess = guesses.get(column.index)
        target = guess.target if guess else SKIP
        plans.append(
            ColumnPlan(column.index, target, column.caption, column.title, guess.field_type if guess else "")
        )
    return find_date_order(source, plans)


_REACH = re.compile(r"@|\d[\d\s()+-]{5,}\d|://|\bvk\.com")


def holds_reach(text: str) -> bool:
    """Whether a phone, an e-mail or a link stands in a text that should be a name."""
    return not text.isalpha() and bool(_REACH.search(text))


_DAY_MONTH = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}")


def find_date_order(source: Source, plans: Sequence[ColumnPlan], sample: int = 2000) -> list[ColumnPlan]:
    """The plans with `day_first` set False for columns where second numbers go over 12 and first ones never do."""
    dated = [
        plan.index
        for plan in plans
        if plan.target in ("birthday", "origin.date") or plan.field_type == "date"
    ]
    first, second = dict.fromkeys(dated, 0), dict.fromkeys(dated, 0)
    for seen, (_number, cells) in enumerate(source.rows()):
        if not dated or seen >= sample:
            break
        for index in dated:
            cell = cells[index]
            if type(cell) is str and (found := _DAY_MONTH.match(cell)):
                first[index] = max(first[index], int(found[1]))
                second[index] = max(second[index], int(found[2]))
    return [
        replace(plan, day_first=not (second.get(plan.index, 0) > 12 >= first.get(plan.index, 0)))
        for plan in plans
    ]


NAMES = 1000  # different ones that vote on their order


def find_options(source: Source, plans: Sequence[ColumnPlan], sample: int = 5000) -> Options:
    """The options for a file: which order its full names follow, by the different ones in its first rows.

    Where few names are known («Дарт Вейдер»), each different cell votes with the confidence it was read with.
    """
    column = next((plan.index for plan in plans if plan.target == "name.full"), None)
    if column is None:
        return Options()
    rows = (cells[column] for _seen, (_number, cells) in zip(range(sample), source.rows(), strict=False))
    names = list(dict.fromkeys(cell for cell in rows if isinstance(cell, str) and not holds_reach(cell)))
    order = guess_order(names, most=NAMES)
    if order is None:
        votes = {"surname_first": 0.0, "given_first": 0.0}
        for person in (parse_people(name)[0] for name in names[:NAMES]):
            if person.order:
                votes[person.order] += person.confidence
        winner = max(votes, key=lambda key: votes[key])
        order = winner if votes[winner] > 0.7 * sum(votes.values()) else None
    return Options(name_order=order or "")
