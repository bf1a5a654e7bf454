"""Two people at one form: what it was when it was opened, what it is now, what was typed, field by field.

A form opened in place sends along what each of its fields held (`was.<field>`). So a field that its editor left alone
is known from one that he changed, and only a field that both changed is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

WAS = "was."
THEIRS = "theirs"  # fields of which the editor has said: leave what is there now


@dataclass(frozen=True)
class Conflict:
    """One field that two have changed; `was` is None where it isn't known."""

    name: str
    label: str
    was: str | None
    now: str
    mine: str


def was_of(request: HttpRequest, form: forms.Form) -> list[tuple[str, str]]:
    """Names and values of the hidden inputs that say what the form held when it was opened."""
    if request.method == "POST":
        return [
            (key, value) for key in request.POST if key.startswith(WAS) for value in request.POST.getlist(key)
        ]
    return [
        (f"{WAS}{bound.name}", value)
        for bound in form.visible_fields()
        for value in _sent(bound, bound.value())
    ]


def left_alone(posted: QueryDict, form: forms.Form) -> set[str]:
    """Fields that were sent as they were got, or of which somebody else's value is to stay."""
    if "revision" not in form.initial:
        return set()
    theirs = set(posted.get(THEIRS, "").split(","))
    return {
        bound.name
        for bound in form.visible_fields()
        if bound.name in theirs
        or (f"{WAS}{bound.name}" in posted and _known(posted, bound.name) == posted.getlist(bound.html_name))
    }


def compare(posted: QueryDict, form: forms.Form, revision: int) -> None:
    """Put `conflicts` on a stale form, with the new revision and with what others changed that its editor did not."""
    data = posted.copy()
    data["revision"] = str(revision)
    kept, form.conflicts = left_alone(posted, form), []
    for bound in form.visible_fields():
        now, mine = _sent(bound, bound.initial), posted.getlist(bound.html_name) or [""]
        if bound.name in kept:
            data.setlist(bound.html_name, now)
            data.setlist(f"{WAS}{bound.name}", now)
        elif now != mine and (f"{WAS}{bound.name}" not in posted or _known(posted, bound.name) != now):
            was = _known(posted, bound.name) if f"{WAS}{bound.name}" in posted else None
            form.conflicts.append(
                Conflict(
                    bound.name,
                    str(bound.label),
                    None if was is None else _words(bound, was),
                    _words(bound, now),
                    _words(bound, mine),
                )
            )
    form.data = data


def _known(posted: Mapping[str, Any], name: str) -> list[str]:
    return posted.getlist(f"{WAS}{name}")  # type: ignore[attr-defined]


def _sent(bound: forms.BoundField, value: Any) -> list[str]:
    """A field's value as its control would send it."""
    prepared = bound.field.prepare_value(value)
    values = prepared if isinstance(prepared, list | tuple) else [prepared]
    return ["" if each is None else str(each) for each in values] or [""]


def _words(bound: forms.BoundField, values: list[str]) -> str:
    options = getattr(bound.field, "choices", None)
    if not options:
        return ", ".join(values)
    return ", ".join(str(label) for key, label in options if str(key) in values and str(key))
