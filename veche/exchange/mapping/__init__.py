"""From columns to people: what each column holds, what it may become, and a row turned into a draft of a contact."""

from .guess import WHY, ColumnGuess, guess_field_type, guess_mapping
from .profiles import ColumnProfile, describe_columns
from .targets import FIELD_TYPES, GROUPS, NEW_FIELD, SKIP, TARGETS, Target, is_target, may_repeat

__all__ = [
    "FIELD_TYPES", "GROUPS", "NEW_FIELD", "SKIP", "TARGETS", "WHY",
    "ColumnGuess", "ColumnProfile", "Target",
    "describe_columns", "guess_field_type", "guess_mapping", "is_target", "may_repeat",
]  # fmt: skip
