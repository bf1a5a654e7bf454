"""What the timetable calls."""

from __future__ import annotations

from veche.desk.actions.notices import forget_old_notices as forget


def forget_old_notices() -> None:
    """Delete notices that are too old to be news; a second run finds none."""
    forget()
