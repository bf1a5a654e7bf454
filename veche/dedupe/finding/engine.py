"""One search from rows to persons and households, in a folder of its own."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from veche.dedupe.finding.backends import DUCKDB, ENGINES, Backend, backend, insist_installed
from veche.dedupe.finding.blocking import block
from veche.dedupe.finding.clustering import Clusters, Edge
from veche.dedupe.finding.comparisons import taking_part
from veche.dedupe.finding.contradictions import Names, Person
from veche.dedupe.finding.evidence import Evidence
from veche.dedupe.finding.frequencies import level_sql
from veche.dedupe.finding.households import families, find_households
from veche.dedupe.finding.learning import adjust, slack
from veche.dedupe.finding.processes import without_collector
from veche.dedupe.finding.records import connect, fill, load
from veche.dedupe.finding.rules import Found, Pair, Rules
from veche.dedupe.finding.training import train

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PORTION = 10_000  # rows fetched at once

# A name alone joins nobody: namesakes have it too. One of these has to be shared besides.
_OWN_CLUES = (
    "(birthday in ('same', 'slip') or phone in ('same_mobile', 'slip', 'lost_digit')"
    " or email <> '' and email <> 'other' or social <> '' and social <> 'other')"
)
_CLUES = (
    f"({_OWN_CLUES} or phone <> '' and phone <> 'other' or place in ('same_flat', 'same_house', 'numbers')"
    " or place = 'same_street' and birthday = 'part')"
)
# Who has another surname has something that is the very same: numbers and mailboxes given in a row are a slip apart.
_VERY_SAME = (
    "(surname not in ('other', 'married') or birthday = 'same' or phone in ('same_mobile', 'same_home')"
    " or email = 'same' or social in ('same', 'same_document') or place = 'same_flat')"
)
# Nor does a clue without a name: something of it has to agree.
_NAMED = "(surname <> 'other' or given in ('same', 'short', 'slip', 'swapped'))"
# What a whole family has does not tell «Сергей Сергеевич» from his father.
_TELLS_APART = f"({_OWN_CLUES} or not is_named_as_father)"
_PROVEN = (
    "(social = 'same_document' or social = 'document_slip' and (birthday in ('same', 'slip')"
    " or surname = 'same' and given = 'same' and place in ('same_flat', 'same_house', 'numbers')))"
)
_NAMED_AS_FATHER = " or ".join(
    f"coalesce(case when length(given_{side}) > 1 then starts_with(patronymic_{side}, "
    f"left(given_{side}, greatest(3, length(given_{side}) - 2))) else gi_{side} = pi_{side} end, false)"
    for side in "lr"
)


def find(
    rows: Iterable[Evidence],
    *,
    folder: Path,
    engine: str = DUCKDB,
    master: str = "",
    rules: Rules | None = None,
    tell: Callable[[str], None] = lambda step: None,
) -> Found:
    """Find who is one person and who lives together. `rows` are read once; `folder` must be empty, is written to, and
    has to stay while the answer is read. `tell` hears the step that begins.

    `engine` is one of `ENGINES`, `master` the cluster that Spark works on, "" for this machine. ValueError for an
    engine that there is not, `EngineMissing` where it is not installed.
    """
    if engine not in ENGINES:
        raise ValueError(engine)
    rules = rules or Rules()
    insist_installed(engine)
    db = connect(folder)
    tell("load")
    count = load(db, rows)
    tell("block")
    with backend(engine, db, folder, master) as far:
        block(far)
        tell("train")
        settings = train(db, rules, count, far)
        (folder / "model.json").write_text(
            json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        tell("score")
        score(far, settings, rules)
    adjust(db, rules, bits(rules.ask))
    tell("cluster")
    with without_collector():
        join(db, rules)
    tell("households")
    find_households(db)
    return Found(
        count,
        lambda: _pairs(db, rules),
        lambda: _groups(db, "cluster"),
        lambda: _groups(db, "household"),
        lambda: families(db),
    )


def bits(probability: float) -> float:
    """The weight, in bits, of a probability."""
    return math.log2(probability / (1 - probability))


def score(far: Backend, settings: dict, rules: Rules) -> None:
    """Weigh the candidates; those worth asking about are kept in `pair`, with the level of every comparison."""
    far.execute(
        "create view blocked as select '0' as match_key, low as join_key_l, high as join_key_r from candidate"
    )
    scored = far.linker(settings, pairs="blocked").inference.predict(
        threshold_match_weight=bits(rules.ask) - slack(rules.learned), warning_mode="never"
    )
    columns = [row[0] for row in far.execute("describe compared").fetchall()]
    sides = ", ".join(f"{side}.{c} as {c}_{side}" for side in "lr" for c in columns if c != "unique_id")
    levels = ", ".join(f"{level_sql(each)} as {each.name}" for each in taking_part(rules))
    missing = "".join(f", '' as {name}" for name in ("birthday", "phone", "email", "social", "place", "patronymic")
                      if name not in {each.name for each in taking_part(rules)})  # fmt: skip
    far.execute(f"""
        create table pair as
        with sides as (
            select unique_id_l as low, unique_id_r as high, match_weight as weight, {sides}
            from {scored.physical_name} s join compared l on l.unique_id = s.unique_id_l
            join compared r on r.unique_id = s.unique_id_r)
        select low, high, weight, {levels}{missing}, {_NAMED_AS_FATHER} as is_named_as_father from sides""")
    far.execute(f"drop table {scored.physical_name}")
    far.take_back("pair")


def join(db: DuckDBPyConnection, rules: Rules) -> None:
    """Make the table `cluster` (row, its group) of all rows out of the pairs."""
    counts = dict(db.execute("""
        select name, count(*) from (select given_full as name from compared union all
        select patronymic_full from compared) where name is not null group by name""").fetchall())  # fmt: skip
    clusters = Clusters(Names(counts), _people(db))
    limit = bits(rules.automatic)
    joins = f"{_PROVEN} or weight >= {limit} and {_CLUES} and {_NAMED} and {_TELLS_APART} and {_VERY_SAME}"
    found = db.execute(f"select low, high, weight, {joins}, {_PROVEN} from pair").fetchall()
    clusters.join(Edge(*row) for row in found)
    _keep_questions(db, clusters)
    groups = [(row, group) for row in clusters.people if (group := clusters.group_of(row)) != row]
    db.execute("create table cluster (unique_id int, name int)")
    fill(db, "cluster", groups)
    db.execute(
        "insert into cluster select unique_id, unique_id from compared anti join cluster using (unique_id)"
    )


def _keep_questions(db: DuckDBPyConnection, clusters: Clusters) -> None:
    """Put aside the pairs that nobody need be asked about: of groups that contradict each other, all but the likeliest
    of two groups, and those that only share a name which does not make it likelier than not.
    """
    asked: set[tuple[int, int]] = set()
    settled = []
    query = f"select low, high, weight >= 0 or {_CLUES} from pair order by weight desc, low, high"
    for low, high, is_worth in db.execute(query).fetchall():
        one, other = sorted((clusters.group_of(low), clusters.group_of(high)))
        if one == other:
            continue
        if not is_worth or (one, other) in asked or clusters.contradict(one, other):
            settled.append((low, high))
        asked.add((one, other))
    db.execute("create table settled_pair (low int, high int)")
    fill(db, "settled_pair", settled)
    db.execute("create table settled as select pair.* from pair semi join settled_pair using (low, high)")
    db.execute("delete from pair using settled where pair.low = settled.low and pair.high = settled.high")


def _people(db: DuckDBPyConnection) -> dict[int, Person]:
    """What may contradict, of the rows that some pair has."""
    query = db.execute("""
        select unique_id, gns, gi, patronymic, gender, surname, y, m, d from compared semi join (
            select low as unique_id from pair union select high from pair) using (unique_id)""")
    people = {}
    sets: dict[str, frozenset[str]] = {}
    while portion := query.fetchmany(PORTION):
        for row, forms, initial, patronymic, gender, surname, *born in portion:
            key = "|".join(forms or ())
            given = sets.setdefault(key, frozenset(forms or ()))
            initials = sets.setdefault(
                f"{key} {initial}", frozenset(form[0] for form in forms or initial or ())
            )
            people[row] = Person(
                given, initials, patronymic or "", gender or "", *(part or 0 for part in born), surname or ""
            )
    return people


def _pairs(db: DuckDBPyConnection, rules: Rules) -> Iterator[Pair]:
    names = [each.name for each in taking_part(rules)]
    query = db.cursor().execute(f"""
        select a.id, b.id, weight, plain, x.name = y.name, {", ".join(f"pair.{name}" for name in names)} from pair
        join evidence a on a.n = low join evidence b on b.n = high
        join cluster x on x.unique_id = low join cluster y on y.unique_id = high order by weight desc, low, high""")
    while portion := query.fetchmany(PORTION):
        for low, high, weight, plain, is_joined, *codes in portion:
            clues = {name: code for name, code in zip(names, codes, strict=True) if code}
            low, high = sorted((low, high), key=lambda name: (len(name), name))
            yield Pair(low, high, 1 / (1 + 2**-weight), weight, clues, is_joined, plain)


def _groups(db: DuckDBPyConnection, table: str) -> Iterator[tuple[str, str]]:
    query = db.cursor().execute(f"""
        select a.id, b.id from {table} join evidence a on a.n = {table}.unique_id
        join evidence b on b.n = {table}.name order by a.n""")
    while portion := query.fetchmany(PORTION):
        yield from portion
