"""What people type into a field, as it is stored and as it is written again: the door for rooms above."""

from __future__ import annotations

from veche.contacts.birthdays import Birthday, parse_birthday, written
from veche.contacts.fields import clean_value
from veche.contacts.own_values import NO, YES, clean_own
from veche.contacts.point_texts import read_points

__all__ = ["NO", "YES", "Birthday", "clean_own", "clean_value", "parse_birthday", "read_points", "written"]
