"""Filters on the team's own fields: a value, several, none of them, emptiness, a range, a part of a text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from veche.accounts.queries import names_of
from veche.contacts.models import OwnField
from veche.contacts.own_values import clean_own, show_own
from veche.contacts.queries.matching import Sql, all_of, any_of, like, negated
from veche.contacts.queries.own_index import filled_where, own_like, own_range, own_where
from veche.contacts.queries.people_readers import Unknown
from veche.contacts.queries.people_times import read_bound, read_stretch
from veche.core.refusal import Refusal

Type = OwnField.Type
RANGED = frozenset({Type.NUMBER, Type.MONEY, Type.DATE})
WRITTEN = frozenset({Type.TEXT, Type.LINK})


def own_condition(field: OwnField, asked: dict[str, list[str]]) -> tuple[str, Sql]:
    """Words and SQL for one way of asking (`from` and `to` are one); `Unknown` for what the field cannot be asked."""
    way, values = next(iter(asked.items()))
    if way == "is":
        if values not in (["empty"], ["filled"]):
            raise Unknown
        filled = filled_where(field)
        return (_("filled in"), filled) if values == ["filled"] else (_("empty"), negated(filled))
    if way in ("has", "starts"):
        return _of_text(field, way, values)
    if way in ("from", "to"):
        return _of_range(field, asked)
    found = [_of_value(field, value) for value in values]
    words, tests = [words for words, _test in found], [test for _words, test in found]
    if way == "all":
        return _(" and ").join(words), all_of(tests)
    if way == "not":
        return _("not %(words)s") % {"words": _(" or ").join(words)}, all_of(
            [negated(test) for test in tests]
        )
    return _(" or ").join(words), any_of(tests) if len(tests) > 1 else tests[0]


def _of_value(field: OwnField, value: str) -> tuple[str, Sql]:
    if field.type == Type.DATE and (stretch := read_stretch(value)):
        last = stretch.end - dt.timedelta(days=1)
        days = [own_range(field, ">=", stretch.first), own_range(field, "<=", last)]
        return stretch.words, all_of(days)
    cleaned = _cleaned(field, [value] if field.type == Type.MANY_CHOICES else value)
    single = cleaned[0] if isinstance(cleaned, list) else cleaned
    people = names_of([single]) if field.type == Type.USER else None
    return show_own(field, cleaned, people), own_where(field, single)


def _of_text(field: OwnField, way: str, values: list[str]) -> tuple[str, Sql]:
    if field.type not in WRITTEN:
        raise Unknown
    quoted = _(" or ").join(f"“{value}”" for value in values)
    words = (_("begins with %(text)s") if way == "starts" else _("contains %(text)s")) % {"text": quoted}
    return words, any_of(
        [own_like(field, f"{'' if way == 'starts' else '%'}{like(value)}%") for value in values]
    )


def _of_range(field: OwnField, asked: dict[str, list[str]]) -> tuple[str, Sql]:
    if field.type not in RANGED:
        raise Unknown
    words, tests = [], []
    sentences = {"from": _("at least %(value)s"), "to": _("at most %(value)s")}
    if field.type == Type.DATE:
        sentences = {"from": _("from %(value)s on"), "to": _("until %(value)s")}
    for way, sign in (("from", ">="), ("to", "<=")):
        if values := asked.get(way):
            shown, value = _bound(field, values[0])
            words.append(sentences[way] % {"value": shown})
            tests.append(own_range(field, sign, value))
    return " ".join(words), all_of(tests)


def _bound(field: OwnField, text: str) -> tuple[str, Any]:
    if field.type == Type.DATE and (bound := read_bound(text)):
        return bound
    value = _cleaned(field, text)
    return show_own(field, value), value


def _cleaned(field: OwnField, typed: Any) -> Any:
    try:
        value = clean_own(field, typed)
    except Refusal:
        raise Unknown from None
    if value is None:
        raise Unknown
    return value
