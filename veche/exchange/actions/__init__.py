"""Verbs of the exchange room: setting an import up, starting and stopping it; the jobs call the rest."""

from veche.exchange.actions.corrections import correct_cells, match_words, take_back
from veche.exchange.actions.identity import choose_for_all, choose_person
from veche.exchange.actions.looking import forget_unknown, start_look
from veche.exchange.actions.receiving import receive_file, upload_file
from veche.exchange.actions.remembering import forget_mapping
from veche.exchange.actions.running import cancel_import, start_check, start_load, start_redo, start_undo
from veche.exchange.actions.setup import (
    choose_rules,
    choose_table,
    confirm,
    guess_afresh,
    map_columns,
)

__all__ = [
    "cancel_import",
    "choose_for_all",
    "choose_person",
    "choose_rules",
    "choose_table",
    "confirm",
    "correct_cells",
    "forget_mapping",
    "forget_unknown",
    "guess_afresh",
    "map_columns",
    "match_words",
    "receive_file",
    "start_check",
    "start_load",
    "start_look",
    "start_redo",
    "start_undo",
    "take_back",
    "upload_file",
]  # fmt: skip
