"""Sentences for what may be wrong with a row. Drafts keep codes and params; the sentence is made for its reader."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from veche.contacts.problems import Problem
from veche.names import Change, Doubt

from .facts import fact_target

PROBLEMS = {
    # the row stays out
    "nothing_identifies": gettext_noop(
        "The row has no name, phone, e-mail, account or address, so there is nobody to add."
    ),
    "total_row": gettext_noop("This is a row of totals, not a person."),
    "repeated_header": gettext_noop("The captions of the columns are repeated here; this is not a person."),
    "fact_missing": gettext_noop("“%(field)s” is missing, so the row stays out."),
    "left_out": gettext_noop("Somebody has left this row out."),
    # the row goes in, but look at it
    "date_partial": gettext_noop("“%(value)s” is not a whole date; it was kept in a note."),
    "birthday_young": gettext_noop("“%(value)s” would mean a child; check whether it is a birthday."),
    "gender_unknown": gettext_noop("“%(value)s” was not understood as a gender; it was kept in a note."),
    "number_unknown": gettext_noop("“%(value)s” was not understood as a number; it was kept in a note."),
    "money_unknown": gettext_noop("“%(value)s” was not understood as a sum of money; it was kept in a note."),
    "yes_no_unknown": gettext_noop("“%(value)s” is neither yes nor no; it was kept in a note."),
    "choice_unknown": gettext_noop("“%(value)s” is none of the choices; it was kept in a note."),
    "moved_to_phone": gettext_noop("“%(value)s” stood in another column; it was taken as a phone."),
    "moved_to_email": gettext_noop("“%(value)s” stood in another column; it was taken as an e-mail address."),
    "moved_to_account": gettext_noop("“%(value)s” stood in another column; it was taken as an account."),
    "moved_to_name": gettext_noop("“%(value)s” stood in another column; it was taken as the name."),
    "moved_to_note": gettext_noop("“%(value)s” does not belong to this column; it was kept in a note."),
    "several_people": gettext_noop(
        "“%(value)s” names several people; the first became the contact, a note names the others."
    ),
    "cut": gettext_noop("The value is too long; its end was kept in a note."),
}
KINDS = {
    "row": gettext_lazy("Rows that are no people"),
    "name": gettext_lazy("Names"),
    "phone": gettext_lazy("Phones"),
    "email": gettext_lazy("E-mail addresses"),
    "date": gettext_lazy("Dates"),
    "place": gettext_lazy("Values in the wrong column"),
    "value": gettext_lazy("Other values"),
}
_ROW = ("nothing_identifies", "total_row", "repeated_header", "left_out")


# What was understood as it stands, only perhaps not as it was meant: whoever has typed it meant it.
_MEANT = frozenset(
    "name_changed name_doubt several_people birthday_young cut date.two_digit_year date.ambiguous date.placeholder"
    " phone.made_up phone.plus_eight phone.prefix_twice phone.ending_only"
    " email.mended email.domain_typo email.made_up".split()
)
_NOT_UNDERSTOOD = gettext_noop("“%(value)s” is not understood either.")
# By the code of the problem, or by its beginning.
_STILL_WRONG = {
    "date": gettext_noop("“%(value)s” is no day that there is. Type it like 14.06.1980, 06.1980 or 1980."),
    "date_partial": gettext_noop("“%(value)s” is not a whole date. Type it like 14.06.1980."),
    "date.in_future": gettext_noop("“%(value)s” lies in the future. Check the year."),
    "date.too_old": gettext_noop("“%(value)s” lies too far in the past. Check the year."),
    "phone": gettext_noop("“%(value)s” is no phone number. Type it like +7 916 123-45-67."),
    "phone.needs_city_code": gettext_noop(
        "“%(value)s” is a short city number. Type it with its city code, like +7 495 123-45-67."
    ),
    "email": gettext_noop("“%(value)s” is no e-mail address. Type it like name@example.org."),
    "gender": gettext_noop("“%(value)s” is no gender. Type m or f."),
    "number": gettext_noop("“%(value)s” is no number. Type it like 12 or 12,5."),
    "money": gettext_noop("“%(value)s” is no sum of money. Type it like 1500 or 1500,50."),
    "yes": gettext_noop("“%(value)s” is neither yes nor no."),
    "choice": gettext_noop("“%(value)s” is none of the choices."),
}


def still_wrong(code: str, value: str) -> str:
    """What is said of a correction that is understood no better; "" when it is understood.

    Nothing has been kept of it, so the remarks about cells don't fit.
    """
    if code in _MEANT or (code.startswith("moved_to_") and code != "moved_to_note"):
        return ""
    start = re.split(r"[._]", code)[0]
    return _(_STILL_WRONG.get(code) or _STILL_WRONG.get(start, _NOT_UNDERSTOOD)) % {"value": value}


def problem_sentence(code: str, params: Mapping[str, Any]) -> str:
    """The whole sentence in the language active now. `params` are those of the draft's problem, with its `value`.

    Codes with a dot (`phone.too_short`) are contacts' own, `name_doubt` and `name_changed` those of names.
    """
    if code == "name_changed":
        return Change(params["change"], params.get("before", ""), params.get("after", "")).sentence
    if code == "name_doubt":
        return Doubt(params["doubt"]).sentence
    subject, dot, reason = code.partition(".")
    if dot:
        problem = Problem(
            subject, reason, params.get("before", ""), params.get("after", ""), params.get("digits", 0)
        )
        return problem.sentence
    said = {"value": params.get("value", ""), "after": params.get("after", "")}
    if target := fact_target(params.get("target", "")):
        said["field"] = str(target.label)
    return _(PROBLEMS[code]) % {"field": "…", **said}


def problem_kind(code: str) -> str:
    """Under which of KINDS a problem is listed in the preflight."""
    if code in _ROW:
        return "row"
    if code.startswith("moved"):
        return "place"
    start = re.split(r"[._]", code)[0]
    if start == "birthday":
        return "date"
    return "name" if start == "several" else start if start in KINDS else "value"
