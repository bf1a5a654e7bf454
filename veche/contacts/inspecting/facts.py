"""What is looked at of somebody, what is found, and what would put it right."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Point(NamedTuple):
    """A phone, an e-mail or an account. `value` is the normal form, `as_given` what it was read from."""

    id: int
    kind: str
    value: str
    as_given: str = ""
    validity: str = "unchecked"
    extension: str = ""


class Facts(NamedTuple):
    """Whatever the findings are made of. `own` are texts of own fields that hold a day of no calendar, `lost_days`
    such days that an import could only keep in a note."""

    id: int
    kind: str = "person"
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    name: str = ""
    gender: str = ""
    birthday: tuple[int | None, int | None, int | None] = (None, None, None)  # year, month, day
    is_removed: bool = False
    points: tuple[Point, ...] = ()
    has_address: bool = False
    own: tuple[tuple[str, str], ...] = ()
    lost_days: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.surname, self.given_name, self.patronymic


class Fix(NamedTuple):
    """What would put a finding right: fields of the contact by code, or of one of its points.

    `before` and `after` are what a person reads. It is applied only while what it was made from still stands.
    """

    before: str
    after: str
    fields: tuple[tuple[str, str], ...] = ()
    point: tuple[tuple[str, str], ...] = ()  # "text" or "validity", as `change_point` takes them


class Found(NamedTuple):
    """One finding. `mark` stands for the value that it is about: it changes when the value does. `point` is the
    contact point concerned, `value` what a list shows of it when there is no fix."""

    key: str
    mark: int
    point: int | None = None
    fix: Fix | None = None
    value: str = ""


def mark_of(*values: object) -> int:
    """64 bits that stand for a value, the same as `MARK_SQL` makes of one text; no value can be read from them."""
    text = "\x1f".join("" if value is None else str(value) for value in values)
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:8], "big", signed=True)


MARK_SQL = "('x' || left(md5({value}), 16))::bit(64)::bigint"
