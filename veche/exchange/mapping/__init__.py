"""From columns to people: what each column holds, what it may become, and a row turned into a draft of a contact."""

from .convert import ColumnPlan, Converter, Options, find_options, plan_columns
from .draft import REJECT, WARN, RowDraft
from .facts import fact_target, guess_kind, importable, is_of_kind, lay_out_kind, target_key
from .guess import WHY, ColumnGuess, guess_field_type, guess_mapping
from .problems import KINDS, problem_kind, problem_sentence, still_wrong
from .profiles import ColumnProfile, describe_columns
from .relative_kinds import names_somebody
from .targets import FIELD_TYPES, GROUPS, NEW_FIELD, SKIP, TARGETS, Target, is_target, may_repeat

__all__ = [
    "FIELD_TYPES",
    "GROUPS",
    "KINDS",
    "NEW_FIELD",
    "REJECT",
    "SKIP",
    "TARGETS",
    "WARN",
    "WHY",
    "ColumnGuess",
    "ColumnPlan",
    "ColumnProfile",
    "Converter",
    "Options",
    "RowDraft",
    "Target",
    "describe_columns",
    "fact_target",
    "find_options",
    "guess_field_type",
    "guess_kind",
    "guess_mapping",
    "importable",
    "is_of_kind",
    "is_target",
    "lay_out_kind",
    "may_repeat",
    "names_somebody",
    "plan_columns",
    "problem_kind",
    "problem_sentence",
    "still_wrong",
    "target_key",
]  # fmt: skip
