"""Phones and e-mails: too short, impossible, made up, misspelt; and nothing at all by which to reach somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

from veche.contacts.emails import parse_emails
from veche.contacts.inspecting.facts import Facts, Fix, Found, Point, mark_of
from veche.contacts.phones import parse_phones

# Codes of `problems.PHONE` that mean "digits are missing": they can be found and added.
SHORT = frozenset(["too_short", "missing_digit", "needs_city_code", "digits_lost"])
NOT_WORKING = "invalid"

SUSPICIOUS = "suspicious"  # a number that may exist, and that people make up

_PLAIN_MOBILE = re.compile(r"\+79\d{9}")
_RUNS = ("1234567", "7654321", *(digit * 7 for digit in "0123456789"))


def inspect_reach(person: Facts) -> Iterator[Found]:
    for point in person.points:
        if point.kind == "phone":
            yield from _phone(point)
        elif point.kind == "email":
            yield from _email(point)
    if not person.points and not person.has_address:
        yield Found("no_reach", 0)


def _phone(point: Point) -> Iterator[Found]:
    problem, repaired = _judge_phone(point.value, point.as_given)
    if not problem:
        return
    key = "phone_short" if problem in SHORT else "phone_impossible"
    if point.value.startswith("+") and point.validity == NOT_WORKING:
        return  # somebody has looked and marked it: nothing is left to do
    fix = None
    if problem == SUSPICIOUS:
        if point.validity != "unchecked":
            return  # somebody knows
    elif repaired:
        fix = Fix(point.value, repaired, point=(("text", repaired),))
    elif point.validity != NOT_WORKING:
        fix = _mark_as_not_working(point)
    yield Found(key, mark_of(point.value), point.id, fix, point.value)


@lru_cache(maxsize=65536)
def _judge_phone(value: str, as_given: str) -> tuple[str, str]:
    """(code of `problems.PHONE` or "", the number that the text means after all or "")."""
    if len(set(value[3:])) > 2 and value.startswith("+7") and len(value) == 12:
        if value.endswith(_RUNS) or value[3:] in ("123456789", "876543210"):
            return SUSPICIOUS, ""
        if _PLAIN_MOBILE.fullmatch(value):
            return "", ""
    if value.startswith("+"):
        found = parse_phones(value)
        problem = next((phone.problem for phone in found if phone.problem), None)
        return (problem.code if problem else ""), ""
    found = parse_phones(as_given or value, city_code=settings.VECHE_CITY_CODE or None)
    usable = [phone.value for phone in found if phone.value]
    if len(found) == 1 and usable and not found[0].problem:
        return ("too_short" if len(value) < 10 else "impossible"), usable[0]
    problem = next((phone.problem for phone in found if phone.problem), None)
    return (problem.code if problem else "not_a_number"), ""


def _email(point: Point) -> Iterator[Found]:
    if point.validity == "valid":
        return
    problem, suggestion = _judge_email(point.value, point.as_given)
    if problem == "domain_typo":
        fix = Fix(point.value, suggestion, point=(("text", suggestion),))
        yield Found("email_typo", mark_of(point.value), point.id, fix, point.value)
    elif problem and (point.validity != NOT_WORKING or "@" not in point.value or suggestion):
        fix = None
        if suggestion:
            fix = Fix(point.value, suggestion, point=(("text", suggestion),))
        elif point.validity != NOT_WORKING:
            fix = _mark_as_not_working(point)
        yield Found("email_broken", mark_of(point.value), point.id, fix, point.value)


@lru_cache(maxsize=16384)
def _judge_email(value: str, as_given: str) -> tuple[str, str]:
    """(code of `problems.EMAIL` or "", the address that was meant or "")."""
    found = parse_emails(value)
    if found and found[0].value == value and not found[0].problem:
        return "", ""
    if not found or not found[0].value:
        found = parse_emails(as_given) or found
    first = found[0] if found else None
    if first is None or first.problem is None:
        return "not_an_email", first.value if first else ""
    meant = first.suggestion or (
        first.value if first.value != value and first.problem.code == "mended" else ""
    )
    return first.problem.code, meant


def _mark_as_not_working(point: Point) -> Fix:
    return Fix(point.value, "", point=(("validity", NOT_WORKING),))
