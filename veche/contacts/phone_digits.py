"""What a string of digits can be as a phone number, seen from one country; the rules are the Russian
numbering plan's.
"""

from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber

_RUSSIAN_PLAN = frozenset(["RU", "KZ"])
_INTERNATIONAL_PREFIXES = ("810", "00")
_MADE_UP = frozenset(["1234567890", "9123456789", "9876543210", "9000000000"])


class Reading(NamedTuple):
    """A valid number or None, a code of problems.PHONE or "", how many digits there were, and what might have
    been meant.
    """

    number: PhoneNumber | None = None
    problem: str = ""
    digits: int = 0
    suggestion: str = ""


def read_digits(digits: str, *, plus: bool, region: str, city: str) -> Reading:
    """Reads digits; `plus` if a «+» stood before them, `city` completes short numbers (digits or "")."""
    if not digits:
        return Reading(problem="not_a_number")
    if region not in _RUSSIAN_PLAN:
        return _elsewhere(digits, plus, region)
    if plus:
        return _after_plus(digits)
    for prefix in _INTERNATIONAL_PREFIXES:
        if digits.startswith(prefix) and len(digits) > len(prefix) + 9:
            return _international(digits[len(prefix) :])
    if len(digits) < 10:
        return _short(digits, city)
    if len(digits) == 10:
        return _ten(digits)
    if len(digits) == 11 and digits[0] in "78":
        return _national(digits[1:])
    return _long(digits)


def _valid(country: int, national: str) -> PhoneNumber | None:
    number = PhoneNumber(country_code=country, national_number=int(national))
    return number if phonenumbers.is_valid_number(number) else None


def _made_up(national: str) -> bool:
    return len(set(national)) == 1 or len(set(national[1:])) == 1 or national in _MADE_UP


def _national(national: str, problem: str = "") -> Reading:
    """Ten digits of the Russian plan (Kazakhstan's 7xx among them)."""
    number = _valid(7, national)
    if _made_up(national):
        return Reading(number, "made_up", len(national))
    if number is None:
        return Reading(problem="impossible", digits=len(national))
    return Reading(number, problem, len(national))


def _international(digits: str) -> Reading:
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return Reading(problem="impossible" if len(digits) > 8 else "too_short", digits=len(digits))
    if phonenumbers.is_valid_number(number):
        return Reading(number, digits=len(digits))
    reason = phonenumbers.is_possible_number_with_reason(number)
    codes = {
        phonenumbers.ValidationResult.TOO_SHORT: "too_short",
        phonenumbers.ValidationResult.TOO_LONG: "too_long",
    }
    return Reading(problem=codes.get(reason, "impossible"), digits=len(digits))


def _after_plus(digits: str) -> Reading:
    if digits[0] == "8" and len(digits) == 11:
        known = _international(digits)
        return known if known.number is not None else _national(digits[1:], "plus_eight")
    if len(digits) == 12 and digits[:2] in ("78", "77"):
        return _national(digits[2:], "prefix_twice")
    if digits[0] == "7" and len(digits) == 11:
        return _national(digits[1:])
    return _international(digits)


def _short(digits: str, city: str) -> Reading:
    if len(digits) < 5:
        return Reading(problem="too_short", digits=len(digits))
    if len(digits) > 7:
        return Reading(problem="too_short", digits=len(digits))
    if city and len(city) + len(digits) == 10:
        return _national(city + digits)
    return Reading(problem="needs_city_code", digits=len(digits))


def _ten(digits: str) -> Reading:
    """No area code begins with 89 or 79: such ten digits are a mobile number that lost one."""
    if digits[:2] in ("79", "89"):
        return Reading(problem="missing_digit", digits=10)
    return _national(digits)


def _long(digits: str) -> Reading:
    if len(digits) == 12 and digits[:2] in ("77", "78", "87", "88") and digits[2] in "3489":
        twice = _national(digits[2:], "prefix_twice")
        if twice.number is not None:
            return twice
    if len(digits) <= 15 and not (len(digits) == 12 and digits[:2] in ("79", "89")):
        abroad = _international(digits)
        if abroad.number is not None:
            return abroad
    return Reading(problem="too_long", digits=len(digits))


def _elsewhere(digits: str, plus: bool, region: str) -> Reading:
    if plus:
        return _international(digits)
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return Reading(problem="impossible", digits=len(digits))
    if phonenumbers.is_valid_number(number):
        return Reading(number, digits=len(digits))
    return Reading(problem="too_short" if len(digits) < 8 else "impossible", digits=len(digits))
