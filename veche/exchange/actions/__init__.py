"""Verbs of the exchange room: setting an import up, starting and stopping it; the jobs call the rest."""

from veche.exchange.actions.running import cancel_import, start_check, start_load, start_redo, start_undo
from veche.exchange.actions.setup import choose_rules, choose_table, map_columns, upload_file

__all__ = [
    "cancel_import", "choose_rules", "choose_table", "map_columns", "start_check", "start_load", "start_redo",
    "start_undo", "upload_file",
]  # fmt: skip
