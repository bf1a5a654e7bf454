"""Finds rows of one person and people of one household, with Splink on DuckDB. Knows no database and no model of ours.

    rows = (read_evidence(row["id"], name=row["ФИО"], phones=row["Телефон"]) for row in ...)
    found = find(rows, folder=empty_folder)
    for pair in found.pairs: ...

The way of a search: `evidence` (what a row says, in normal forms), `records` (their table), `blocking` (which pairs are
compared), `comparisons` and `training` (the model), `engine` (weights), `learning` (what people's decisions
correct in them), `contradictions` and `clustering` (persons),
`households`.
"""

from veche.dedupe.finding.engine import find
from veche.dedupe.finding.evidence import Evidence, evidence_of, read_evidence
from veche.dedupe.finding.learning import Learned, Lesson, learn
from veche.dedupe.finding.rules import COMPARISONS, WEIGHTS, Found, Pair, Rules

__all__ = [
    "COMPARISONS",
    "WEIGHTS",
    "Evidence",
    "Found",
    "Learned",
    "Lesson",
    "Pair",
    "Rules",
    "evidence_of",
    "find",
    "learn",
    "read_evidence",
]
