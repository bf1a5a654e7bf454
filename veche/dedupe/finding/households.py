"""Who lives together: rows of different people tied by a flat, a phone at home, a family's phone or mailbox.

The flat is nearly proof alone, though tenants change; a phone or a mailbox that two people use ties them where the
surname's root does not speak against it. A number or a mailbox of many surnames is an office's or a collector's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from veche.dedupe.finding.clustering import connected
from veche.dedupe.finding.evidence import Evidence
from veche.dedupe.finding.records import PORTION, fill

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_IN_A_FLAT = 25  # rows, doubles among them

_TIES = (
    f"""select x.unique_id, y.unique_id from compared x join compared y on x.flat_key = y.flat_key
        and coalesce(x.town = y.town, true) and x.unique_id < y.unique_id
        where x.flat_key in (
            select flat_key from compared group by 1 having count(*) between 2 and {MOST_IN_A_FLAT})""",
    """select x.unique_id, y.unique_id from compared x join compared y on x.house_key = y.house_key
        and x.sound = y.sound and coalesce(x.town = y.town, true) and x.unique_id < y.unique_id
        where x.flat is null and y.flat is null""",
    """select x.unique_id, y.unique_id from clue a join clue b using (kind, value)
        join compared x on x.unique_id = a.unique_id join compared y on y.unique_id = b.unique_id
        where a.unique_id < b.unique_id and a.holders <= 15 and a.kind in ('phone', 'email', 'line')
        and (x.sound = y.sound or a.families <= 2)""",
)


def find_households(db: DuckDBPyConnection) -> None:
    """Make the table `household` (row, its household) of all rows; needs `cluster`."""
    db.execute("create table tie (one int, other int)")
    db.execute(
        "create view living as select compared.*, cluster.name as person from compared join cluster using (unique_id)"
    )
    for query in _TIES:
        db.execute(f"insert into tie {query}")
    db.execute("create table household (unique_id int, name int)")
    ties = db.execute("""
        select distinct a.name, b.name from tie join cluster a on a.unique_id = one join cluster b
        on b.unique_id = other where a.name <> b.name order by 1, 2""").fetchall()
    groups = list(connected(ties).items())
    db.execute("create table person_household (person int, name int)")
    fill(db, "person_household", groups)
    db.execute("""insert into household select unique_id, coalesce(h.name, cluster.name) from cluster
        left join person_household h on h.person = cluster.name""")


def families(db: DuckDBPyConnection) -> Iterator[list[tuple[str, Evidence]]]:
    """The rows of each household of several persons, each with the name of its person."""
    fields = ", ".join(f"e.{field}" for field in Evidence._fields)
    query = db.cursor().execute(f"""
        with several as (
            select h.name from household h join cluster c using (unique_id)
            group by h.name having count(distinct c.name) > 1)
        select h.name, p.id, {fields} from household h semi join several using (name)
        join cluster c on c.unique_id = h.unique_id join evidence p on p.n = c.name
        join evidence e on e.n = h.unique_id order by h.name, e.n""")
    rows = chain.from_iterable(iter(lambda: query.fetchmany(PORTION), []))
    for _name, family in groupby(rows, itemgetter(0)):
        yield [(person, Evidence(*(cell or "" for cell in row))) for _n, person, *row in family]
