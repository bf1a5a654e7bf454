"""The model of a search: how likely each level is for one person's rows and for strangers', in Splink's settings.

The model is Fellegi and Sunter's, as Splink has it: with m the probability of a level among one person's pairs of rows
and u that among strangers', the level adds log2(m / u) to the weight. u is counted (`frequencies`), m is learned
without labels by expectation maximisation (Splink's), beginning with what is known of dirty lists in general.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veche.dedupe.finding.backends import Backend
from veche.dedupe.finding.comparisons import ELSE, Comparison, taking_part
from veche.dedupe.finding.frequencies import chances
from veche.dedupe.finding.rules import Rules

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ENOUGH_ROWS = 5_000  # fewer teach less than is known already
PAIRS = 400_000  # in one session of learning
ROUNDS = 8
_LEAST = 1e-4  # no level is impossible for one person's rows, whatever the base has shown
_NEVER = 1e-9
# Pairs that agree in these are mostly one person's; what a session joins by, it can't judge.
_SESSIONS = (("born", "sound"), ("ph1", "gi"), ("em1", "gi"), ("surname", "given_full", "patronymic_full"))
_FOUND_BY_THEM = 0.5  # share of all doubles that agree in name and phone or e-mail, about


def train(db: DuckDBPyConnection, rules: Rules, rows: int, far: Backend) -> dict[str, Any]:
    """Splink's settings for the base in `db`, trained on it; what is learned from pairs is learned on `far`."""
    comparisons = taking_part(rules)
    settings = _settings(comparisons, chances(db, comparisons), _prior(db, rows))
    if rows >= ENOUGH_ROWS:
        settings = _with_floor(_learned(far, settings))
    return _weighted(settings, rules)


def _prior(db: DuckDBPyConnection, rows: int) -> float:
    """How likely two rows are one person, before anything is compared."""
    agreeing = db.execute("""
        select count(*) from (
            select distinct x.unique_id, y.unique_id from clue x join clue y using (kind, value)
            join compared a on a.unique_id = x.unique_id join compared b on b.unique_id = y.unique_id
            where x.unique_id < y.unique_id and x.holders <= 12 and a.sound = b.sound and a.given_full = b.given_full)
    """).fetchall()[0][0]
    pairs = max(rows * (rows - 1) / 2, 1)
    return min(max(agreeing / _FOUND_BY_THEM, rows / 20, 1) / pairs, 0.1)


def _settings(
    comparisons: tuple[Comparison, ...], by_chance: dict[tuple[str, str], float], prior: float
) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": ["l.unique_id = r.unique_id"],  # not used: pairs are given
        "comparisons": [_as_splink(each, by_chance) for each in comparisons],
        "probability_two_random_records_match": prior,
        "retain_intermediate_calculation_columns": False,
        "retain_matching_columns": False,
        "max_iterations": ROUNDS,
    }


def _as_splink(comparison: Comparison, by_chance: dict[tuple[str, str], float]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        told = {
            "sql_condition": level.condition,
            "label_for_charts": level.code,
            "m_probability": level.m,
            "u_probability": by_chance[comparison.name, level.code],
        }
        if level.frequency:
            told |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
        levels.append(told)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _learned(far: Backend, settings: dict[str, Any]) -> dict[str, Any]:
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    learned: list[dict[str, Any]] = []
    for columns in _SESSIONS:
        # A model of its own for each: one that failed to learn is left without the comparisons of the attempt.
        linker = far.linker(settings)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), fix_u_probabilities=True, max_pairs=PAIRS
            )
        except EMTrainingException:  # no such pairs in this base: what is known in general stays
            continue
        learned.append(linker.misc.save_model_to_json())
    _take_over(settings, learned)
    return settings


def _take_over(settings: dict[str, Any], learned: list[dict[str, Any]]) -> None:
    """Put the mean of what the sessions have learned into the settings. A session returns what it could not learn as it
    was given, so only what differs counts.
    """
    for at, kept in enumerate(settings["comparisons"]):
        for place, level in enumerate(kept["comparison_levels"]):
            told = [
                each["comparisons"][at]["comparison_levels"][place].get("m_probability") for each in learned
            ]
            fresh = [m for m in told if isinstance(m, float) and m != level.get("m_probability")]
            if fresh:
                level["m_probability"] = sum(fresh) / len(fresh)


def _with_floor(settings: dict[str, Any]) -> dict[str, Any]:
    """What a base has never shown for one person's rows stays possible, a little."""
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level") and level["sql_condition"] != ELSE:
                level["m_probability"] = max(level.get("m_probability") or 0.0, _LEAST)
    return settings


def _weighted(settings: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """A comparison with a factor of its own adds so many times its bits: those of its levels and those of rare values.
    u stays, as Splink measures rare values against it.
    """
    for comparison in settings["comparisons"]:
        factor = rules.weights.get(comparison["output_column_name"], 1.0)
        for level in comparison["comparison_levels"]:
            if factor == 1 or level.get("is_null_level"):
                continue
            m, u = max(level["m_probability"] or 0.0, _NEVER), level["u_probability"]
            level["m_probability"] = u * (m / u) ** factor
            if "tf_adjustment_weight" in level:
                level["tf_adjustment_weight"] *= factor
    return settings
