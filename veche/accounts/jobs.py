"""What the timetable calls."""

from veche.accounts import actions
from veche.core.actor import Actor


def forget_old_sign_ins() -> None:
    """Daily housekeeping; a second run finds nothing left."""
    actions.forget_old_sign_ins(by=Actor.system())
