"""The fields of a contact by their codes: how each is cleaned, stored in `FieldChange` and called.

Codes are the model's names: ``surname``, ``birthday`` (sets all three of its parts), ``status`` (an id), ``caution``…
The team's own fields are ``own.<key>`` and are cleaned by `own_values`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from veche.accounts.models import Territory, User
from veche.contacts.birthdays import parse_birthday
from veche.contacts.models import Gender, Kind, Status
from veche.core.refusal import Refusal

LABELS = {
    "kind": gettext_lazy("Person or organisation"),
    "name": gettext_lazy("Name"),
    "surname": gettext_lazy("Surname"),
    "given_name": gettext_lazy("First name"),
    "patronymic": gettext_lazy("Patronymic"),
    "gender": gettext_lazy("Gender"),
    "birthday": gettext_lazy("Birthday"),
    "birth_year": gettext_lazy("Year of birth"),
    "birth_month": gettext_lazy("Month of birth"),
    "birth_day": gettext_lazy("Day of birth"),
    "status": gettext_lazy("Status"),
    "caution": gettext_lazy("Caution"),
    "caution_until": gettext_lazy("Caution until"),
    "responsible": gettext_lazy("Responsible"),
    "territory": gettext_lazy("Territory"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "telegram": "Telegram",
    "vk": gettext_lazy("VKontakte"),
    "ok": gettext_lazy("Odnoklassniki"),
    "max": "MAX",
    "whatsapp": "WhatsApp",
    "address": gettext_lazy("Address"),
    "role": gettext_lazy("Role"),
    "note": gettext_lazy("Note"),
    "external_id": gettext_lazy("External number"),
    "name_as_given": gettext_lazy("Name as given"),
}


def clean_value(code: str, typed: Any) -> dict[str, Any]:
    """Columns and values for what was typed into field `code`; `Refusal` with a sentence for that field."""
    return CLEANERS[code](code, typed.strip() if isinstance(typed, str) else typed)


def stored_value(value: Any) -> Any:
    """A column's value as `FieldChange` keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _refuse(code: str, sentence: str) -> Refusal:
    return Refusal("contacts.field", sentence, fields={code: sentence})


def _line(most: int) -> Callable[[str, Any], dict[str, Any]]:
    def clean(code: str, typed: Any) -> dict[str, Any]:
        text = " ".join(str(typed or "").split())
        if len(text) > most:
            raise _refuse(code, _("This is too long: at most %(most)s characters.") % {"most": most})
        return {code: text}

    return clean


def _one_of(choices: Any) -> Callable[[str, Any], dict[str, Any]]:
    def clean(code: str, typed: Any) -> dict[str, Any]:
        if (typed or "") not in choices.values:
            raise _refuse(code, _("Choose one of the list."))
        return {code: typed or ""}

    return clean


def _row(model: Any, **still: Any) -> Callable[[str, Any], dict[str, Any]]:
    """A link to another row, given as itself, its id or nothing."""

    def clean(code: str, typed: Any) -> dict[str, Any]:
        if typed in (None, ""):
            return {f"{code}_id": None}
        key = getattr(typed, "pk", typed)
        if not str(key).isdigit() or not model.objects.filter(pk=key, **still).exists():
            raise _refuse(code, _("This is not on the list any more. Choose another."))
        return {f"{code}_id": int(key)}

    return clean


def _birthday(code: str, typed: Any) -> dict[str, Any]:
    year, month, day = parse_birthday(typed or "")
    return {"birth_year": year, "birth_month": month, "birth_day": day}


def _day(code: str, typed: Any) -> dict[str, Any]:
    if typed in (None, "") or isinstance(typed, dt.date):
        return {code: typed or None}
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return {code: dt.datetime.strptime(typed, form).date()}
        except ValueError:
            continue
    raise _refuse(code, _("“%(text)s” is not a date. Write it like 03.11.2026.") % {"text": str(typed)[:40]})


def _number(code: str, typed: Any) -> dict[str, Any]:
    if typed in (None, ""):
        return {code: None}
    if not str(typed).isdigit() or int(typed) > 9999:
        raise _refuse(code, _("“%(text)s” is not a number.") % {"text": str(typed)[:40]})
    return {code: int(typed)}


CLEANERS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "kind": _one_of(Kind),
    "name": _line(600),
    "surname": _line(200),
    "given_name": _line(200),
    "patronymic": _line(200),
    "gender": _one_of(Gender),
    "birthday": _birthday,
    "birth_year": _number,
    "birth_month": _number,
    "birth_day": _number,
    "status": _row(Status),
    "caution": _line(500),
    "caution_until": _day,
    "responsible": _row(User, is_active=True),
    "territory": _row(Territory),
}
