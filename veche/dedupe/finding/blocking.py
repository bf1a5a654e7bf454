"""Which pairs of rows are worth comparing: those that agree in something that few others share.

Every rule is an equality join, so that the work grows with the number of pairs found and not with that of all pairs.
A slip in a phone leaves one of its halves whole, so halves are joined too, beside something of the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from veche.dedupe.finding.records import MOST_HOLDERS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RARE = 12  # rows of one name, among whom the name alone is worth a look
MOST_IN_BLOCK = 60  # rows that agree in a key; more agree by chance

# key: the columns of `compared` whose values make it; the join is on all of them
_KEYS = {
    "born": ("born", "gi"),
    "born_surname": ("born", "sound"),
    "flat": ("flat_key", "gi"),
    "flat_surname": ("flat_key", "sound"),
    "house": ("house_key", "gi", "sound"),
    "house_given": ("house_key", "given_full"),
    "numbers": ("house", "flat", "sound"),
    "numbers_given": ("house", "flat", "gi", "town"),
    "year": ("sound", "gi", "y", "m"),
    "day": ("sound", "gi", "m", "d"),
    "year_day": ("sound", "gi", "y", "d"),
    "street": ("sound", "given_full", "street"),
    "full_name_year": ("sound", "given_full", "patronymic_full", "y"),
    "full_name_town": ("sound", "given_full", "patronymic_full", "town"),
}
# the same with values of lists: (table of values, columns joined beside the value)
_PIECES = """
create table piece as
with number as (
    select unique_id, sound, gi, unnest(nat) as value from compared
    union all select unique_id, sound, gi, unnest(br) from compared)
select unique_id, sound, gi, left(value, 5) as head, right(value, 5) as tail,
    null::varchar as line_head, null::varchar as line_tail, null::varchar as box_head, null::varchar as box_tail
from number
union all
select unique_id, sound, gi, null, null, left(value, 3), right(value, 3), null, null
from (select unique_id, sound, gi, unnest(ln) as value from compared) where length(value) > 4
union all
select unique_id, sound, gi, null, null, null, null, left(value, 6), right(value, 5)
from (select unique_id, sound, gi, unnest(box) as value from compared) where length(value) > 5
"""
# In a short list agreeing in less is worth a look too.
_OF_SHORT_LISTS = (("born",), ("street", "house"), ("house", "town", "gi"), ("sound", "town"), ("given_full", "town"),
    ("given_full", "y"), ("sound", "y"))  # fmt: skip
SHORT = 50_000  # rows
_PIECE_KEYS = {
    "phone_tail": ("tail", "gi"),
    "phone_tail_surname": ("tail", "sound"),
    "phone_head": ("head", "sound"),
    "line_head": ("line_head", "sound", "gi"),
    "line_tail": ("line_tail", "sound", "gi"),
    "box_head": ("box_head", "sound", "gi"),
    "box_tail": ("box_tail", "gi"),
    "box_tail_surname": ("box_tail", "sound"),
}


def block(db: DuckDBPyConnection) -> int:
    """Make the table `candidate` (low, high: row numbers, low < high), each pair once; the number of pairs."""
    db.execute("create table agreeing (low int, high int)")
    db.execute(_PIECES)
    db.execute(f"""
        insert into agreeing select x.unique_id, y.unique_id from clue x join clue y using (kind, value)
        where x.unique_id < y.unique_id and x.holders <= {MOST_HOLDERS}""")
    for columns in _KEYS.values():
        db.execute(_join("compared", columns, MOST_IN_BLOCK))
    for columns in _PIECE_KEYS.values():
        db.execute(_join("piece", columns, MOST_IN_BLOCK))
    if db.execute("select count(*) from compared").fetchall()[0][0] <= SHORT:
        for columns in _OF_SHORT_LISTS:
            db.execute(_join("compared", columns, MOST_IN_BLOCK))
    db.execute(_join("compared", ("sound", "given_full"), RARE))
    db.execute("create table candidate as select distinct low, high from agreeing")
    db.execute("drop table agreeing")
    db.execute("drop table piece")
    return db.execute("select count(*) from candidate").fetchall()[0][0]


def _join(table: str, columns: tuple[str, ...], most: int) -> str:
    """Pairs of rows that agree in all columns, of groups that are not too large."""
    told = " and ".join(f"{column} is not null" for column in columns)
    keys = ", ".join(columns)
    return f"""
        insert into agreeing
        with keyed as (select unique_id, {keys} from {table} where {told}),
        few as (select {keys} from keyed group by all having count(*) between 2 and {most})
        select distinct x.unique_id, y.unique_id from keyed x semi join few using ({keys})
        join keyed y using ({keys}) where x.unique_id < y.unique_id"""
