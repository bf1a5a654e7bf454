"""What a cell means, whatever the spreadsheet program has made of it.

A cell is shown as a text, or as texts where it holds several values. Two cells are the same when their keys are:
a phone retyped as a number, a date as a serial, spaces, an apostrophe, the order of tags make no change.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from veche.contacts import emails, phones
from veche.contacts.models import OwnField
from veche.contacts.queries.typed import NO, YES, parse_birthday, written
from veche.core.money import Money
from veche.core.refusal import Refusal
from veche.exchange.bridge.columns import ADDRESSES, BIRTHDAY, GENDER, OWN, POINTS, WORDS, BridgeColumn
from veche.exchange.reading import Cell, cell_text

Shown = str | list[str]
"""A cell as people read it; a list where the column holds several values."""

SEPARATOR = "; "
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000  # days of Excel between 1927 and 2119: below them it may be a year
EPOCH = dt.date(1899, 12, 30)
MASK = "•"
_MALE = frozenset({"m", "male", "man", "м", "муж", "муж.", "мужской", "мужчина"})
_FEMALE = frozenset({"f", "female", "woman", "ж", "жен", "жен.", "женский", "женщина"})
_ACCOUNT_HOST = re.compile(r"^(https?://)?(www\.)?[\w.]+/(profile/)?(?=[\w@])")


def read(column: BridgeColumn, cell: Cell) -> Shown:
    """A cell of the file as it is shown."""
    if column.is_many:
        return pieces(column, cell_text(cell))
    if _is_day(column):
        cell = _day_of_serial(cell)
    if column.own and column.own.type == OwnField.Type.TEXT:
        return cell_text(cell).strip()  # its lines stay lines
    return " ".join(cell_text(cell).split())


def written_cell(shown: Shown) -> str:
    """The text of a cell that goes down."""
    return SEPARATOR.join(shown) if isinstance(shown, list) else shown


def pieces(column: BridgeColumn, text: str) -> list[str]:
    """The values of a cell that holds several, parted by semicolons or lines; phones and e-mails by commas too."""
    parting = r"[;\n,]" if column.code in ("phone", "email") else r"[;\n]"
    found = [" ".join(each.split()) for each in re.split(parting, text)]
    if len(found) == 1:
        return found if found[0] else []
    if column.code == "phone":  # a number is not parted from what was written after it: 8 495 …, доб. 12
        found = _with_extensions(found)
    return list({key_of_piece(column, each): each for each in reversed(found) if each}.values())[::-1]


def _with_extensions(found: list[str]) -> list[str]:
    whole: list[str] = []
    for each in found:
        if whole and each and not re.search(r"\d{5}", re.sub(r"[^\d]", "", each)):
            whole[-1] = f"{whole[-1]}, {each}"
        else:
            whole.append(each)
    return whole


def key(column: BridgeColumn, shown: Shown) -> Any:
    """By what two cells are compared: equal keys, equal meaning. A frozenset where there are several values."""
    if isinstance(shown, list):
        return frozenset(key_of_piece(column, each) for each in shown)
    text = " ".join(shown.split())
    if column.kind == GENDER:
        return "m" if text.lower() in _MALE else "f" if text.lower() in _FEMALE else text.casefold()
    if column.kind == BIRTHDAY:
        return _birthday_key(text)
    if column.kind == OWN and column.own is not None:
        return _OWN_KEYS.get(column.own.type, str)(text) if text else ""
    return text.casefold() if column.kind == "named" else text


def key_of_piece(column: BridgeColumn, text: str) -> str:
    """The same for one value of several."""
    if column.kind == WORDS:
        return text.casefold().replace("ё", "е")
    if column.kind == ADDRESSES:
        return re.sub(r"[\s.,]+", "", text.casefold().replace("ё", "е"))
    if column.kind == POINTS:
        return _point_key(column.code, text)
    return text


def same(column: BridgeColumn, one: Shown, other: Shown, *, years: tuple[int, int] = (0, 0)) -> bool:
    """Whether two cells mean the same. `years`: a spreadsheet program that was given 03.11 adds the year it is."""
    if one == other:
        return True
    a, b = key(column, one), key(column, other)
    return a == b or (column.kind == BIRTHDAY and _completed(str(one), str(other), years))


def _completed(was: str, yours: str, years: tuple[int, int]) -> bool:
    """11.1980 typed into a date cell becomes 01.11.1980, and 03.11 the 3rd of November of the running year."""
    try:
        short, whole = parse_birthday(was), parse_birthday(yours)
    except Refusal:
        full = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", yours)  # a day still to come is no birthday
        part = re.fullmatch(r"(\d\d)\.(\d\d)", was)
        return bool(
            full and part and full.groups()[:2] == part.groups() and years[0] <= int(full[3]) <= years[1]
        )
    if short.year and short.month and not short.day:
        return (whole.year, whole.month, whole.day) == (short.year, short.month, 1)
    if short.month and short.day and not short.year and whole.year:
        return (whole.month, whole.day) == (
            short.month,
            short.day,
        ) and years[0] <= whole.year <= years[1]
    return False


def _is_day(column: BridgeColumn) -> bool:
    return column.kind == BIRTHDAY or bool(column.own and column.own.type == OwnField.Type.DATE)


def _day_of_serial(cell: Cell) -> Cell:
    """A date that lost its format, 29528, is a date again."""
    number = cell
    if isinstance(cell, str) and cell.isdecimal() and len(cell) == 5:
        number = int(cell)
    if isinstance(number, int | float) and FIRST_SERIAL <= number <= LAST_SERIAL:
        day = EPOCH + dt.timedelta(days=int(number))
        return dt.datetime(day.year, day.month, day.day)
    if isinstance(cell, dt.datetime):
        return cell.replace(hour=0, minute=0, second=0, microsecond=0)
    return cell


def _birthday_key(text: str) -> str:
    try:
        return written(parse_birthday(text))
    except Refusal:
        return text.casefold()


def _point_key(code: str, text: str) -> str:
    if code == "phone":
        found = [phone for phone in phones.parse_phones(text) if phone.value]
        if len(found) == 1:
            return f"{found[0].value},{found[0].extension}" if found[0].extension else found[0].value
        return re.sub(r"\s", "", text)
    if code == "email":
        mails = [mail.value for mail in emails.parse_emails(text) if mail.value]
        return mails[0] if len(mails) == 1 else text.casefold()
    if code == "whatsapp":
        numbers = [phone.value for phone in phones.parse_phones(text) if phone.value]
        if len(numbers) == 1:
            return numbers[0].lstrip("+")
    return _ACCOUNT_HOST.sub("", text.casefold()).lstrip("@").split("?")[0].strip("/")


def _number_key(text: str) -> str:
    bare = re.sub(r"\s", "", text).replace("−", "-").replace(",", ".")
    try:
        return str(Decimal(bare).normalize())
    except InvalidOperation:
        return text.casefold()


def _money_key(text: str) -> str:
    try:
        money = Money.parse(text)
    except Refusal:
        return text.casefold()
    return f"{money.minor} {money.currency}"


def _date_key(text: str) -> str:
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y"):
        try:
            return dt.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return text.casefold()


def _yes_no_key(text: str) -> str:
    word = text.lower()
    return "yes" if word in YES else "no" if word in NO else word


def _choices_key(text: str) -> str:
    return "|".join(sorted({each.strip().casefold() for each in re.split(r"[;,]", text) if each.strip()}))


def _link_key(text: str) -> str:
    return text if "://" in text else f"https://{text}"


_OWN_KEYS: dict[str, Callable[[str], str]] = {
    OwnField.Type.NUMBER: _number_key,
    OwnField.Type.MONEY: _money_key,
    OwnField.Type.DATE: _date_key,
    OwnField.Type.YES_NO: _yes_no_key,
    OwnField.Type.CHOICE: str.casefold,
    OwnField.Type.USER: str.casefold,
    OwnField.Type.MANY_CHOICES: _choices_key,
    OwnField.Type.LINK: _link_key,
}
