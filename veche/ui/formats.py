"""Numbers, money, dates and phones as people read them, in the language that is switched on.

The look's table "Numbers and dates" is the law: no-break spaces inside, a minus sign U+2212, a dash for nothing.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import phonenumbers
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
_OURS = re.compile(r"\+7([0-9]{3})([0-9]{3})([0-9]{2})([0-9]{2})")
MINUS = "\u2212"
NONE = "—"
AGO_DAYS = 60
SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸"}
SEPARATORS = {"ru": (NBSP, ","), "en": (",", ".")}


def count(number: int | None, *, estimated: bool = False) -> str:
    """48 210 or 48,210; with `estimated` a sign "about" before it; a dash for None."""
    if number is None:
        return NONE
    text = _decimal(Decimal(number), digits=0)
    return f"≈{NBSP}{text}" if estimated else text


def decimal(number: Decimal | float | int | None, digits: int | None = None) -> str:
    """A number with a fraction: 2,5 or 2.5. Without `digits` as many as it has."""
    if number is None:
        return NONE
    return _decimal(Decimal(str(number)), digits=digits)


def percent(number: Decimal | float | int | None, digits: int = 0) -> str:
    """62 % or 62%; `number` is in hundredths already (62, not 0.62)."""
    if number is None:
        return NONE
    space = NBSP if _language() == "ru" else ""
    return f"{_decimal(Decimal(str(number)), digits=digits)}{space}%"


def share(part: int | None, whole: int | None) -> str:
    """`part` of `whole` in percent; a dash when there is no whole. What isn't nothing never reads as 0 %."""
    if part is None or not whole:
        return NONE
    value = Decimal(part) * 100 / whole
    if 0 < value < 1:
        return f"<{NBSP}{percent(1)}"
    if 99 < value < 100:
        return percent(99)
    return percent(value)


def money(amount: Decimal | int | None, currency: str = "RUB") -> str:
    """1 500 ₽ or ₽1,500. `amount` in roubles; kopecks are shown only where there are any."""
    if amount is None:
        return NONE
    value = Decimal(amount)
    text = _decimal(abs(value), digits=0 if value == value.to_integral_value() else 2)
    sign = SIGNS.get(currency, currency)
    minus = MINUS if value < 0 else ""
    if _language() == "ru":
        return f"{minus}{text}{NBSP}{sign}"
    gap = NBSP if len(sign) > 1 else ""
    return f"{minus}{sign}{gap}{text}"


def size(number: int | None) -> str:
    """Size of a file of `number` bytes: 2,4 MB, in the reader's letters."""
    if number is None or number == "":
        return NONE
    if number < 1024:
        return ngettext("%(n)s byte", "%(n)s bytes", number) % {"n": count(number)}
    kilo = Decimal(number) / 1024
    if kilo < 1000:
        return _("%(n)s KB") % {"n": _decimal(kilo, digits=0)}
    mega = kilo / 1024
    if mega < 1000:
        return _("%(n)s MB") % {"n": _decimal(mega, digits=1)}
    return _("%(n)s GB") % {"n": _decimal(mega / 1024, digits=1)}


def exact_day(value: date | datetime | None) -> str:
    """03.11.2025 or 3 Nov 2025, always with the year: birthdays, documents."""
    if value is None:
        return NONE
    day = _as_date(value)
    if _language() == "ru":
        return f"{day:%d.%m.%Y}"
    return f"{day.day}{NBSP}{_month(day.month)}{NBSP}{day.year}"


def day(value: date | datetime | None, today: date | None = None) -> str:
    """today, yesterday, tomorrow; 3 Nov of this year; any other year in full."""
    if value is None:
        return NONE
    when, now = _as_date(value), today or timezone.localdate()
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((when - now).days)
    return near or plain_day(when, now)


def plain_day(value: date | datetime | None, today: date | None = None) -> str:
    """3 Nov of this year, any other year in full; no words for the near days."""
    if value is None:
        return NONE
    when, now = _as_date(value), today or timezone.localdate()
    if when.year != now.year:
        return exact_day(when)
    return f"{when.day}{NBSP}{_month(when.month)}"


def moment(value: datetime | None, today: date | None = None) -> str:
    """yesterday, 09:14; 18 Nov, 10:02. In the reader's time zone."""
    if value is None:
        return NONE
    return f"{day(value, today)}, {clock(value)}"


def clock(value: datetime | None) -> str:
    """14:23 in the reader's time zone."""
    if value is None:
        return NONE
    return f"{timezone.localtime(value):%H:%M}" if timezone.is_aware(value) else f"{value:%H:%M}"


def ago(value: date | datetime | None, today: date | None = None) -> str:
    """9 days ago, up to 60 days; before that, and in the future, the day itself."""
    if value is None:
        return NONE
    when, now = _as_date(value), today or timezone.localdate()
    days = (now - when).days
    if 2 <= days <= AGO_DAYS:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return day(when, now)


def left(span: timedelta | int | float | None) -> str:
    """Time left in words, roughly: "about 4 minutes left". `span` in seconds or a timedelta; empty when unknown."""
    if span is None:
        return ""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": hours}


def phone(number: str | None, *, masked: bool = False) -> str:
    """+7 904 000-27-40 of an E.164 number; foreign ones as their own country writes them; not a number: as it is.

    `masked` hides the three digits after the code: +7 904 •••-27-40.
    """
    if not number:
        return NONE
    if ours := _OURS.fullmatch(number):  # nearly all of them, and thousands on a page or in a file
        code, middle, one, two = ours.groups()
        return f"+7{NBSP}{code}{NBSP}{'•••' if masked else middle}-{one}-{two}"
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number if not masked else "•" * 7 + number[-4:]
    digits = phonenumbers.national_significant_number(parsed)
    if parsed.country_code == 7 and len(digits) == 10:
        middle = "•••" if masked else digits[3:6]
        text = f"+7{NBSP}{digits[:3]}{NBSP}{middle}-{digits[6:8]}-{digits[8:]}"
    elif masked:
        text = f"+{parsed.country_code}{NBSP}•••{NBSP}{digits[-4:-2]}-{digits[-2:]}"
    else:
        form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        text = phonenumbers.format_number(parsed, form).replace(" ", NBSP)
    if parsed.extension and not masked:
        text += _(", ext. %(extension)s") % {"extension": parsed.extension}
    return text


def _language() -> str:
    code = (get_language() or "ru").split("-")[0]
    return code if code in SEPARATORS else "en"


def _decimal(value: Decimal, digits: int | None) -> str:
    if digits is not None:
        value = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    thousands, point = SEPARATORS[_language()]
    whole, _dot, fraction = f"{abs(value):,f}".partition(".")
    minus = MINUS if value < 0 else ""
    return minus + whole.replace(",", thousands) + (point + fraction if fraction else "")


def _as_date(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()


def _month(number: int) -> str:
    """Short name of a month as it stands after a day."""
    names = (
        pgettext("month after a day", "Jan"),
        pgettext("month after a day", "Feb"),
        pgettext("month after a day", "Mar"),
        pgettext("month after a day", "Apr"),
        pgettext("month after a day", "May"),
        pgettext("month after a day", "Jun"),
        pgettext("month after a day", "Jul"),
        pgettext("month after a day", "Aug"),
        pgettext("month after a day", "Sep"),
        pgettext("month after a day", "Oct"),
        pgettext("month after a day", "Nov"),
        pgettext("month after a day", "Dec"),
    )
    return names[number - 1]
