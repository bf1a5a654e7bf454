"""Rows of evidence as a table of the finding's own database, with the keys by which they are compared.

The database is DuckDB's, in one file of the search's folder; what does not fit in its memory spills there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from veche.dedupe.finding.contradictions import COMMON, FEW
from veche.dedupe.finding.evidence import SEPARATOR, Evidence

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import Table

PORTION = 20_000  # rows
MEMORY = "2GB"  # for DuckDB alone; the process around it needs as much at most
THREADS = 2
MOST_HOLDERS = 40  # rows with one phone or e-mail; beyond, it is nobody's
MANY_FAMILIES = 3  # surnames behind one number: more are strangers, whom a collector gave one number

_LISTS = {
    "formers": "former",
    "gns": "givens",
    "ph": "phones",
    "br": "broken",
    "em": "emails",
    "so": "socials",
}

# Vowels that sound alike without stress, consonants that nobody hears and doubled ones are written as one.
_DOUBLED = "нн н, сс с, лл л, тт т, мм м, кк к, пп п, рр р, фф ф, бб б, зз з, ии и, аа а"
_SAME_SOUND = ("translate(surname, 'оыэияюей', 'аиииауии')", "regexp_replace({}, '[ьъ-]', '', 'g')",
    "regexp_replace({}, '(дт|тд|тц|тс|дс|дц)', 'т', 'g')", "regexp_replace({}, 'в$', 'ф')",
    *(f"replace({{}}, '{two}', '{one}')" for two, one in (each.split() for each in _DOUBLED.split(", "))))  # fmt: skip
SOUND = reduce(lambda inner, outer: outer.format(inner), _SAME_SOUND)


def _in_bytes(column: str) -> str:
    return f"translate({column}, '{_LETTERS}', '{_BYTES}')"


# DuckDB counts slips by bytes, and a Cyrillic letter has two: so words are counted in letters of one byte.
_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_BYTES = "ABVGDEJZIYKLMNOPRSTUFHCQWXabcdefg"


def _spelt(column: str, *more: str) -> str:
    """The spellings of a column, each once: names repeat, and what is made of their letters costs time."""
    told = ", ".join((f"{_in_bytes(column)} as {column}_bytes", *more))
    return f"(select {column}, {told} from (select distinct {column} from evidence where {column} <> ''))"


# What a misspelt name was meant for is believed where the spelling is next to nobody's, as of two slips of a name.
_RECORD = f"""
create table record as
with called as (select given, any_value(meant) as meant, count(*) as holders from evidence group by given),
believed as (
    select own.given, list(form order by form) as believed
    from (select given, holders, unnest(string_split(meant, '{SEPARATOR}')) as form from called where meant <> '') own
    left join called other on other.given = form
    where own.holders <= {FEW} or other.holders >= own.holders * {COMMON} group by own.given),
named as (
    select n::int as unique_id, nullif(surname, '') as surname, nullif(given, '') as given,
        nullif(patronymic, '') as patronymic, nullif(gender, '') as gender,
        {{lists}},
        list_transform(string_split(nullif(lines, ''), '{SEPARATOR}'), lambda x: right(x, 6)) as ln,
        try_cast(nullif(year, '') as int) as y, try_cast(nullif(month, '') as int) as m,
        try_cast(nullif(day, '') as int) as d,
        nullif(town, '') as town, nullif(street, '') as street, nullif(house, '') as house, nullif(flat, '') as flat
    from evidence)
select * exclude (gns, believed), list_concat(gns, coalesce(believed, [])) as gns,
    left(given, 1) as gi, case when length(given) > 1 then given end as given_full,
    left(patronymic, 1) as pi, case when length(patronymic) > 1 then patronymic end as patronymic_full,
    case when d is not null and m is not null and y is not null then y * 10000 + m * 100 + d end as born,
    street || '#' || house || '#' || flat as flat_key, street || '#' || house as house_key
from named left join {_spelt("surname", f"{SOUND} as sound")} using (surname)
    left join {_spelt("given")} using (given) left join {_spelt("patronymic")} using (patronymic)
    left join believed using (given)
"""

_CLUE = """
create table clue as
with told as (
    select unique_id, 'phone' as kind, unnest(ph) as value from record
    union all select unique_id, 'line', unnest(ln) from record
    union all select unique_id, 'email', unnest(em) from record
    union all select unique_id, 'social', unnest(so) from record),
held as (
    select kind, value, count(*) as holders, count(distinct sound) as families
    from told join record using (unique_id) group by all)
select told.*, holders, families from told join held using (kind, value)
"""

# What is everybody's is nobody's; a city number without its city is shared by cities.
_TRIMMED = f"""
create table held as
select unique_id,
    coalesce(list(value order by value) filter (kind = 'phone'), []) as ph,
    coalesce(list(value order by value) filter (kind = 'phone' and families > {MANY_FAMILIES}), []) as ph_many,
    coalesce(list(value order by value) filter (kind = 'line'), []) as ln,
    coalesce(list(value order by value) filter (kind = 'email'), []) as em,
    coalesce(list(value order by value) filter (kind = 'social'), []) as so
from clue where holders <= {MOST_HOLDERS} group by unique_id
"""

_COMPARED = """
create table compared as
select record.* exclude (ph, ln, em, so, br),
    coalesce(held.ph, []) as ph, coalesce(ph_many, []) as ph_many, coalesce(held.ln, []) as ln,
    coalesce(held.em, []) as em, coalesce(held.so, []) as so, coalesce(br, []) as br,
    held.ph[1] as ph1, held.em[1] as em1,
    list_transform(coalesce(held.em, []), lambda x: split_part(x, '@', 1)) as box,
    list_transform(coalesce(held.ph, []), lambda x: right(x, 10)) as nat,
    list_concat(list_transform(list_concat(nat, coalesce(br, [])), lambda x: left(x, 5)),
        list_transform(list_concat(nat, coalesce(br, [])), lambda x: '-' || right(x, 5))) as halves,
    list_concat(list_transform(coalesce(held.ln, []), lambda x: left(x, 3)),
        list_transform(coalesce(held.ln, []), lambda x: '-' || right(x, 3))) as line_halves,
    list_concat(list_transform(box, lambda x: left(x, 4)), list_transform(box, lambda x: '-' || right(x, 4)))
        as box_halves
from record left join held using (unique_id)
"""


def connect(folder: Path) -> DuckDBPyConnection:
    """A database of its own in `folder`. Nothing is loaded from outside, nothing is sent anywhere."""
    import duckdb

    settings = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.connect(folder / "finding.duckdb", config=settings)


def load(db: DuckDBPyConnection, rows: Iterable[Evidence] | Iterable[Table]) -> int:
    """Put the rows, one by one or in the portions of `as_columns`, into the database and make their keys; how many."""
    import pyarrow

    fields = Evidence._fields
    db.execute(f"create table evidence (n integer, {', '.join(f'{field} varchar' for field in fields)})")
    count = 0
    db.begin()  # one for all: else every portion is written twice, to the log first
    for portion in _portions(rows):
        numbers = pyarrow.array(range(count, count + len(portion)), pyarrow.int32())
        db.register("portion", portion.add_column(0, "n", numbers))
        db.execute("insert into evidence select * from portion")
        db.unregister("portion")
        count += len(portion)
    db.commit()
    lists = ", ".join(
        f"string_split(nullif({of}, ''), '{SEPARATOR}') as {name}" for name, of in _LISTS.items()
    )
    for statement in (_RECORD.format(lists=lists), _CLUE, _TRIMMED, _COMPARED, "drop table held"):
        db.execute(statement)
    return count


def _portions(rows: Iterable[Evidence] | Iterable[Table]) -> Iterator[Table]:
    walk = iter(rows)
    for first in walk:
        yield as_columns([first, *islice(walk, PORTION - 1)]) if isinstance(first, Evidence) else first


def as_columns(rows: Sequence[Evidence]) -> Table:
    """Rows as Arrow's columns."""
    import pyarrow

    columns = zip(*rows, strict=True) if rows else ((),) * len(Evidence._fields)
    return pyarrow.table([pyarrow.array(column, pyarrow.string()) for column in columns], Evidence._fields)


def fill(db: DuckDBPyConnection, table: str, rows: list[tuple[int, int]]) -> None:
    """Add rows of two numbers to a table."""
    import pyarrow

    columns = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    db.register(
        "portion", pyarrow.table([pyarrow.array(c, pyarrow.int32()) for c in columns], names=["a", "b"])
    )
    db.execute(f"insert into {table} select a, b from portion")
    db.unregister("portion")
