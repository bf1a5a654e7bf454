"""The findings there are, in words. A new one is a row here, and what yields it in `inspecting/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

INSPECT = "contacts.inspect"  # the permission
MANY = 3  # people at one phone: two are a couple


@dataclass(frozen=True)
class FindingKind:
    """`what` it is, `why` it matters, what its `fix` does (blank: only a person can tell). `by_value`: what is right
    for one person may be said to be right for everybody with the same value."""

    key: str
    group: str
    title: Any
    what: Any
    why: Any
    fix: Any = ""
    by_value: bool = False


GROUPS = {
    "phones": _("Phones"),
    "emails": _("E-mails"),
    "names": _("Names"),
    "days": _("Birthdays and other days"),
    "missing": _("What is missing"),
}

_ALL = (
    FindingKind(
        "phone_short", "phones", _("Too short phones"),
        _("The number has fewer digits than any phone: some were lost, or the city code was left out."),
        _("Nobody can call it, yet the person looks as if they could be reached."),
        _("Where the city code is known, the number is completed; else it is marked as not working."),
        by_value=True,
    ),
    FindingKind(
        "phone_impossible", "phones", _("Impossible phones"),
        _("There is no such code or no such number, or its digits are plainly made up: 999-99-99, 123-45-67."),
        _("Each call to it is a minute lost, and each message is paid for."),
        _("The number is marked as not working: it stays, but is neither called nor counted."),
        by_value=True,
    ),
    FindingKind(
        "phone_shared", "phones", _("One phone at many people"),
        _("Three people or more have the same number: a family, an office, or the number of whoever collected them."),
        _("They are called one after another on one phone, and are taken for doubles of each other."),
        by_value=True,
    ),
    FindingKind(
        "email_typo", "emails", _("Misspelt mail services"),
        _("The service after the @ is one slip away from a well-known one: gmial.com, mail.ry."),
        _("Letters come back, and after many of them a mail service takes ours for spam."),
        _("The service is spelt as it was meant."),
        by_value=True,
    ),
    FindingKind(
        "email_broken", "emails", _("Impossible e-mails"),
        _("It is not an address, a part of it is missing, or it was made up to fill the field."),
        _("Letters to it come back."),
        _("Where it is clear what was meant, the address is put right; else it is marked as not working."),
        by_value=True,
    ),
    FindingKind(
        "name_garbage", "names", _("Tests and filler instead of names"),
        _("“test”, “aaa”, “asdf”, “-”, “not given” stand where a name should be."),
        _("Somebody is greeted with “Dear Not Given”, and the number of people is too high by every test."),
        _("Where it only says that nothing is known, the part is emptied. Tests are for you to remove."),
        by_value=True,
    ),
    FindingKind(
        "name_alphabets", "names", _("Letters of two alphabets"),
        _("A Latin letter that looks like a Russian one stands in a word, or the keyboard was in the other layout."),
        _("Nobody finds this person by name, and the same person is added a second time."),
        _("The letters are replaced by those that were meant."),
        by_value=True,
    ),
    FindingKind(
        "name_several", "names", _("Several people in one"),
        _("One record names two people or more, such as a married couple."),
        _("Only one of them can be called by name, and one opinion is noted for both."),
    ),
    FindingKind(
        "name_case", "names", _("Names in capitals or small letters"),
        _("IVANOV, ivanov, iVANOV: the name is written with Caps Lock or without any capital."),
        _("In a letter it looks like shouting or carelessness."),
        _("Capitals are put where they belong."),
        by_value=True,
    ),
    FindingKind(
        "name_order", "names", _("Parts of the name in each other’s place"),
        _("The first name stands in the surname, or the whole name in one field."),
        _("A letter begins “Dear Petrov”, and lists are sorted by first names."),
        _("Each part goes where it belongs. It is suggested only where every part is well known."),
        by_value=True,
    ),
    FindingKind(
        "surname_gender", "names", _("Surname of the other gender"),
        _("A man’s surname with a woman’s name, or the other way round: Musatov Anna."),
        _("Either the surname or the name is mistyped, and the letter is addressed to the wrong person."),
        _("The surname follows the first name and the patronymic, where these two agree."),
        by_value=True,
    ),
    FindingKind(
        "gender_wrong", "names", _("Gender against the name"),
        _("The field “gender” says one thing, the first name and the patronymic another."),
        _("Letters say “Dear Mr” to a woman."),
        _("The gender is set as the patronymic shows it."),
        by_value=True,
    ),
    FindingKind(
        "day_impossible", "days", _("Days of no calendar"),
        _("29.02.1970 or 31.04.1985: there was no such day. It stands in the birthday, in an own field, or in the note "
          "that an import left."),
        _("The person is congratulated on the wrong day or never."),
        _("Of a birthday, the day is dropped; month and year stay."),
    ),
    FindingKind(
        "birthday_unlikely", "days", _("Birthdays that cannot be"),
        _("The person would be over 110 years old, or is yet to be born."),
        _("Age groups and congratulations go wrong."),
        _("The year is dropped; day and month stay."),
    ),
    FindingKind(
        "birthday_placeholder", "days", _("Birthdays that stand for nothing"),
        _("01.01.1900, 01.01.1970: spreadsheets and forms put these days where none is known."),
        _("Hundreds are congratulated on New Year’s Day, and their age is wrong."),
        _("The birthday is emptied. 01.01.1970 is left to you: some people were born on it."),
        by_value=True,
    ),
    FindingKind(
        "name_missing", "missing", _("No name"),
        _("Of this person there is a phone or an address, but no name."),
        _("A call begins with “Hello, who is this?”."),
    ),
    FindingKind(
        "no_reach", "missing", _("No way to reach"),
        _("There is neither a phone, nor an e-mail, nor an account, nor an address."),
        _("The person makes the base longer and can be asked for nothing."),
    ),
)  # fmt: skip

FINDINGS: dict[str, FindingKind] = {each.key: each for each in _ALL}
