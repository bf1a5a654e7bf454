"""The verbs of the room."""

from veche.desk.actions.notices import choose_notices, mark_all_read, mark_read

__all__ = ["choose_notices", "mark_all_read", "mark_read"]
