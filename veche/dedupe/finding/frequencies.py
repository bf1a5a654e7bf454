"""How often the rows of two strangers agree: counted in the base itself, for every level of every comparison.

In the terms of Fellegi and Sunter these are the u probabilities. Splink estimates them from random pairs; for what
hardly ever agrees by chance (a phone, a flat) no sample holds an example, so those are counted by their values: pairs
of rows that share the value though the first letters of their given names differ are strangers or relatives, and
of all pairs of strangers such are 1 - Σp², p being the share of each letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from veche.dedupe.finding.comparisons import ELSE, Comparison

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLED_ROWS = 700  # on each side: half a million pairs
_BY_CHANCE = 0.5  # times that a level which was never met counts for having been met
_NOBODY_ELSES = 1e-8  # share of strangers' pairs with one document: mistakes only
_ONE_SLIP_APART = 1e-6  # share of strangers' pairs whose numbers or mailboxes differ by one slip, about

# (comparison, level): the column of `compared` whose equality is the level; or the kind of clue and its condition
_NAMES = {
    ("surname", "same"): "surname",
    ("given", "same"): "given_full",
    ("patronymic", "same"): "patronymic_full",
}
_VALUES = {
    ("birthday", "same"): "select born as value, gi, unique_id from compared where born is not null",
    (
        "place",
        "same_flat",
    ): "select flat_key as value, gi, unique_id from compared where flat_key is not null",
    (
        "place",
        "same_house",
    ): "select house_key as value, gi, unique_id from compared where house_key is not null",
    ("phone", "same_mobile"): "{clue} 'phone' and families <= 3",
    ("phone", "same_of_many"): "{clue} 'phone' and families > 3 and holders <= 40",
    ("phone", "same_home"): "{clue} 'line' and holders <= 40",
    ("email", "same"): "{clue} 'email' and holders <= 40",
    ("social", "same"): "{clue} 'social' and holders <= 40 and value[1] <> '№'",
}
_TOLD = {
    "birthday": "born is not null",
    "place": "street is not null",
    "phone": "len(ph) > 0 or len(ln) > 0",
    "email": "len(em) > 0",
    "social": "len(so) > 0",
}
_OF_LISTS = ("phone", "email", "social")
_CLUE = "select value, gi, unique_id from clue join compared using (unique_id) where kind ="


def chances(db: DuckDBPyConnection, comparisons: tuple[Comparison, ...]) -> dict[tuple[str, str], float]:
    """(comparison, level code) -> the share of strangers' pairs on it; those of one comparison add up to 1."""
    found: dict[tuple[str, str], float] = {}
    _sample(db, tuple(each for each in comparisons if each.name not in _OF_LISTS))
    for each in comparisons:
        if each.name in _OF_LISTS:
            shares = dict.fromkeys((level.code for level in each.levels), _ONE_SLIP_APART) | {"other": 1.0}
            shares |= {"same_document": _NOBODY_ELSES} if each.name == "social" else {}
            shares |= _counted(db, each, shares)
            found |= {(each.name, code): share for code, share in shares.items()}
            continue
        met = dict(
            db.execute(
                f"select {each.name}, count(*) from sampled where {each.name} <> '' group by 1"
            ).fetchall()
        )
        all_met = sum(met.values()) + _BY_CHANCE * len(each.levels)
        shares = {level.code: (met.get(level.code, 0) + _BY_CHANCE) / all_met for level in each.levels}
        shares |= _counted(db, each, shares)
        whole = sum(shares.values())
        found |= {(each.name, code): share / whole for code, share in shares.items()}
    db.execute("drop table sampled")
    return found


def level_sql(comparison: Comparison) -> str:
    """SQL for the code of the level that two rows are on; '' where there is nothing to compare."""
    cases = [f"when {comparison.unknown} then ''"]
    for level in comparison.levels:
        cases.append(
            f"else '{level.code}'"
            if level.condition == ELSE
            else f"when {level.condition} then '{level.code}'"
        )
    return f"case {' '.join(cases)} end"


def _sample(db: DuckDBPyConnection, comparisons: tuple[Comparison, ...]) -> None:
    """The levels of random pairs of rows, in the table `sampled`; the same rows for the same base."""
    columns = [row[0] for row in db.execute("describe compared").fetchall()]
    sides = {
        side: f"select {', '.join(f'{c} as {c}_{side}' for c in columns)} from compared "
        f"order by hash(unique_id + {shift}) limit {SAMPLED_ROWS}"
        for side, shift in (("l", 0), ("r", 7))
    }
    levels = ", ".join(f"{level_sql(each)} as {each.name}" for each in comparisons)
    db.execute(
        f"create table sampled as select {levels} from ({sides['l']}) cross join ({sides['r']}) "
        "where unique_id_l <> unique_id_r"
    )


def _counted(db: DuckDBPyConnection, comparison: Comparison, sampled: dict[str, float]) -> dict[str, float]:
    """The levels that are equality of a value, by how often its values come."""
    found = {}
    for level in comparison.levels:
        key = (comparison.name, level.code)
        if column := _NAMES.get(key):
            share = _one(
                db,
                f"""
                select sum(c * (c - 1.0)) / greatest(sum(c) * (sum(c) - 1.0), 1)
                from (select count(*) as c from compared where {column} is not null group by {column})""",
            )
            found[level.code] = max(share or 0.0, sampled[level.code] / 100)
        elif rows := _VALUES.get(key):
            share = _shared_by_strangers(db, rows.format(clue=_CLUE), comparison)
            found[level.code] = max(share, sampled[level.code] / 100)
    return found


def _shared_by_strangers(db: DuckDBPyConnection, rows: str, comparison: Comparison) -> float:
    """Pairs that share a value though their initials differ, of all pairs that can be compared; for all initials."""
    shared = _one(
        db,
        f"""
        with one as (select distinct value, coalesce(gi, '') as gi, unique_id from ({rows})),
        met as (select value, gi, count(*) as c from one group by all)
        select sum(together * together - apart) / 2
        from (select sum(c) as together, sum(c * c) as apart from met group by value)""",
    )
    told = _one(db, f"select count(*) from compared where {_TOLD[comparison.name]}") or 0
    letters = _one(
        db,
        "select sum(c * c) / (sum(c) * sum(c)) from (select count(*)::double as c from compared group by gi)",
    )
    pairs = max(told * (told - 1) / 2, 1.0)
    return float(shared or 0) / pairs / max(1 - (letters or 0), 0.1)


def _one(db: DuckDBPyConnection, query: str) -> float | None:
    return db.execute(query).fetchall()[0][0]
