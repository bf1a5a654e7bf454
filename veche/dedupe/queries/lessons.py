"""What people have decided in the queue, as the finder learns from it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from veche.dedupe.finding import Learned, Lesson, learn
from veche.dedupe.models import RuleSet, Verdict
from veche.dedupe.queries.reasons import SENTENCES

TOLD = 0.3  # bits: from here on a correction is worth a word
SHOWN = 5
NEWEST = 10_000  # decisions; what people thought long ago of another base fades

# A group about which nobody has said two things; a part of it merged and the rest not is no clear word. A merge that
# was undone on the card counts as little as a decision that was taken back, and at certain ones nobody has looked one
# by one. Decisions made under other weights correct another model.
_DECISIONS = """
SELECT said.verdict, asked.reasons FROM dedupe_decision AS said
JOIN dedupe_group AS asked ON asked.id = said.group_id AND asked.state = 'decided'
JOIN dedupe_search AS search ON search.id = asked.search_id
WHERE said.undone_at IS NULL AND said.sweep_id IS NULL AND said.verdict <> 'skipped'
  AND search.rules -> 'left_out' = %(left_out)s::jsonb
  AND COALESCE(search.rules -> 'weights', '{}') = %(weights)s::jsonb
  AND NOT EXISTS (SELECT FROM contacts_merge AS merge WHERE merge.id = said.merge AND merge.undone_at IS NOT NULL)
  AND NOT EXISTS (
    SELECT FROM dedupe_decision AS other WHERE other.group_id = said.group_id AND other.id <> said.id
    AND other.undone_at IS NULL AND other.verdict <> 'skipped')
ORDER BY said.id DESC LIMIT %(newest)s
"""


def learned_by(rules: RuleSet) -> Learned:
    """What decisions teach a search by these rules; nothing, when they are not to learn."""
    return learn(list(_lessons(rules))) if rules.learns else Learned()


@dataclass(frozen=True)
class Taught:
    """What was learned, for a reader: the clues that count more and less than the base alone would have them."""

    learned: Learned
    more: list[Any]
    less: list[Any]


def taught(rules: RuleSet) -> Taught:
    """What decisions teach under these rules, be it in use or not; the strongest corrections first."""
    learned = learn(list(_lessons(rules)))
    said = {tuple(key.partition(".")[::2]): bits for key, bits in learned.bits.items()}
    strongest = sorted(said.keys() & SENTENCES.keys(), key=lambda each: (-abs(said[each]), each))
    known = [(SENTENCES[key][1], said[key]) for key in strongest]
    return Taught(
        learned,
        [text for text, bits in known if bits >= TOLD][:SHOWN],
        [text for text, bits in known if bits <= -TOLD][:SHOWN],
    )


def _lessons(rules: RuleSet) -> Iterator[Lesson]:
    given = {
        "left_out": json.dumps(list(rules.left_out)),
        "weights": json.dumps(dict(rules.weights)),
        "newest": NEWEST,
    }
    with connection.cursor() as sql:
        sql.execute(_DECISIONS, given)
        for verdict, reasons in sql.fetchall():
            pairs: list[Mapping[str, Any]] = json.loads(reasons) if isinstance(reasons, str) else reasons
            for pair in pairs:
                yield Lesson(_weight(pair), pair["clues"], verdict == Verdict.MERGED, 1 / len(pairs))


def _weight(pair: Mapping[str, Any]) -> float:
    """In bits; groups that were found before anything was learned have the probability only."""
    if "weight" in pair:
        return float(pair["weight"])
    share = min(max(pair["probability"], 1e-6), 1 - 1e-6)
    return math.log2(share / (1 - share))
