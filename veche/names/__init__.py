"""Russian personal names: read out of dirty cells, put in order, compared, declined. No models, no database."""

from veche.names.declension import Case, decline, greeting
from veche.names.families import common_family, title_of, to_family
from veche.names.fathers import meant_patronymic, patronymics_of
from veche.names.hypocoristics import full_forms, meant_names
from veche.names.matching import name_key, search_forms
from veche.names.parsed import Confidence, Order, ParsedName
from veche.names.people import guess_order, parse_name, parse_parts, parse_people
from veche.names.reasons import Change, Doubt
from veche.names.surnames import for_gender
from veche.names.text import (
    clean,
    fold,
    latin_look_alikes,
    looks_cased,
    mend_look_alikes,
    switch_layout,
    title_case,
)

__all__ = [
    "Case",
    "Change",
    "Confidence",
    "Doubt",
    "Order",
    "ParsedName",
    "clean",
    "common_family",
    "decline",
    "fold",
    "for_gender",
    "full_forms",
    "greeting",
    "guess_order",
    "latin_look_alikes",
    "looks_cased",
    "meant_names",
    "meant_patronymic",
    "mend_look_alikes",
    "name_key",
    "parse_name",
    "parse_parts",
    "parse_people",
    "patronymics_of",
    "search_forms",
    "switch_layout",
    "title_case",
    "title_of",
    "to_family",
]
