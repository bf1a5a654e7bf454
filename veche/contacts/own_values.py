"""Values of the team's own fields: from what was typed to what is stored, and back to what is shown."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from veche.accounts.models import User
from veche.contacts.models import OwnField
from veche.core.money import Money
from veche.core.refusal import Refusal
from veche.ui import formats

LONGEST_TEXT = 5000
YES = frozenset({"yes", "true", "1", "on", "да", "+", "y", "д"})
NO = frozenset({"no", "false", "0", "off", "нет", "-", "n", "н"})


def clean_own(field: OwnField, typed: Any) -> Any:
    """What is stored in `Contact.own` for `typed`; None clears the field. `Refusal` with a sentence for nonsense."""
    if isinstance(typed, str):
        typed = typed.strip()
    if typed is None or typed == "" or typed == []:
        return None
    try:
        return _CLEANERS[field.type](field, typed)
    except Refusal as refusal:
        raise Refusal(
            "contacts.own_value", refusal.message, fields={f"own.{field.key}": refusal.message}
        ) from None


def show_own(field: OwnField, value: Any, people: dict[int, str] | None = None) -> str:
    """A stored value in words; `people` names the colleagues that may occur."""
    if value is None:
        return formats.NONE
    labels = {choice["id"]: choice["label"] for choice in field.choices}
    match field.type, value:
        case OwnField.Type.MONEY, {"minor": minor, **rest}:
            return formats.money(Decimal(minor) / 100, rest.get("currency", "RUB"))
        case OwnField.Type.NUMBER, int() | float():
            return formats.decimal(value)
        case OwnField.Type.DATE, str():
            return formats.exact_day(dt.date.fromisoformat(value))
        case OwnField.Type.YES_NO, bool():
            return _("yes") if value else _("no")
        case OwnField.Type.CHOICE, _id:
            return labels.get(_id, str(_id))
        case OwnField.Type.MANY_CHOICES, list():
            return ", ".join(labels.get(each, str(each)) for each in value)
        case OwnField.Type.USER, int():
            return (people or {}).get(value, f"№ {value}")
    return str(value)


def _refuse(sentence: str) -> Refusal:
    return Refusal("contacts.own_value", sentence)


def _text(field: OwnField, typed: Any) -> str:
    text = str(typed)
    if len(text) > LONGEST_TEXT:
        raise _refuse(_("This is too long: at most %(most)s characters.") % {"most": LONGEST_TEXT})
    return text


def _number(field: OwnField, typed: Any) -> int | float:
    bare = re.sub(r"\s", "", str(typed)).replace("−", "-").replace(",", ".")
    try:
        number = Decimal(bare)
        if not number.is_finite() or abs(number) >= 10**15:
            raise InvalidOperation
    except InvalidOperation:
        raise _refuse(
            _("“%(text)s” is not a number. Write it like 12 or 12,5.") % {"text": str(typed)[:40]}
        ) from None
    return int(number) if number == number.to_integral_value() else float(number)


def _money(field: OwnField, typed: Any) -> dict[str, Any]:
    money = Money.parse(typed)
    return {"minor": money.minor, "currency": money.currency}


def _date(field: OwnField, typed: Any) -> str:
    if isinstance(typed, dt.datetime):
        return typed.date().isoformat()
    if isinstance(typed, dt.date):
        return typed.isoformat()
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y"):
        try:
            return dt.datetime.strptime(str(typed), form).date().isoformat()
        except ValueError:
            continue
    raise _refuse(_("“%(text)s” is not a date. Write it like 03.11.2026.") % {"text": str(typed)[:40]})


def _yes_no(field: OwnField, typed: Any) -> bool:
    if isinstance(typed, bool):
        return typed
    word = str(typed).lower()
    if word in YES or word in NO:
        return word in YES
    raise _refuse(_("“%(text)s” is neither yes nor no.") % {"text": str(typed)[:40]})


def _choice(field: OwnField, typed: Any) -> Any:
    for choice in field.choices:
        if str(typed) == str(choice["id"]) or str(typed).casefold() == choice["label"].casefold():
            return choice["id"]
    offered = ", ".join(choice["label"] for choice in field.choices[:6])
    raise _refuse(
        _("“%(text)s” is not on the list of this field. On it are: %(offered)s.")
        % {"text": str(typed)[:40], "offered": offered}
    )


def _many_choices(field: OwnField, typed: Any) -> list[Any]:
    given = typed if isinstance(typed, list | tuple) else re.split(r"[;,]", str(typed))
    chosen = [
        _choice(field, each.strip() if isinstance(each, str) else each)
        for each in given
        if each not in ("", None)
    ]
    return list(dict.fromkeys(chosen)) or None  # type: ignore[return-value]


def _link(field: OwnField, typed: Any) -> str:
    text = str(typed) if "://" in str(typed) else f"https://{typed}"
    try:
        scheme, host = urlsplit(text).scheme, urlsplit(text).hostname or ""
    except ValueError:  # half of an IPv6 address and the like
        scheme = host = ""
    if scheme not in {"http", "https"} or "." not in host or len(text) > 2000:
        raise _refuse(
            _("“%(text)s” is not a link. Write it like https://vk.com/club1.") % {"text": str(typed)[:60]}
        )
    return text


def _user(field: OwnField, typed: Any) -> int:
    number = str(getattr(typed, "pk", typed))
    is_number = number.isdecimal() and len(number) <= 18
    found = User.objects.filter(pk=int(number), is_active=True).first() if is_number else None
    if found is None:
        raise _refuse(_("There is no such colleague any more. Choose another."))
    return found.pk


_CLEANERS = {
    OwnField.Type.TEXT: _text,
    OwnField.Type.NUMBER: _number,
    OwnField.Type.MONEY: _money,
    OwnField.Type.DATE: _date,
    OwnField.Type.YES_NO: _yes_no,
    OwnField.Type.CHOICE: _choice,
    OwnField.Type.MANY_CHOICES: _many_choices,
    OwnField.Type.LINK: _link,
    OwnField.Type.USER: _user,
}
