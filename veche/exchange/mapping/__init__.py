"""From columns to people: what each column holds, what it may become, and a row turned into a draft of a contact."""

from .convert import ColumnPlan, Converter, Options, find_options, plan_columns
from .draft import REJECT, WARN, RowDraft
from .guess import WHY, ColumnGuess, guess_field_type, guess_mapping
from .problems import KINDS, problem_kind, problem_sentence
from .profiles import ColumnProfile, describe_columns
from .targets import FIELD_TYPES, GROUPS, NEW_FIELD, SKIP, TARGETS, Target, is_target, may_repeat

__all__ = [
    "FIELD_TYPES", "GROUPS", "KINDS", "NEW_FIELD", "REJECT", "SKIP", "TARGETS", "WARN", "WHY",
    "ColumnGuess", "ColumnPlan", "ColumnProfile", "Converter", "Options", "RowDraft", "Target",
    "describe_columns", "find_options", "guess_field_type", "guess_mapping", "is_target", "may_repeat", "plan_columns",
    "problem_kind", "problem_sentence",
]  # fmt: skip
