"""Who lives together: rows of different people tied by a flat, a phone at home, a family's phone or mailbox.

The flat is nearly proof alone, though tenants change; a phone or a mailbox that two people use ties them where the
surname's root does not speak against it. A number or a mailbox of many surnames is an office's or a collector's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from veche.dedupe.finding.clustering import connected
from veche.dedupe.finding.records import fill

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
