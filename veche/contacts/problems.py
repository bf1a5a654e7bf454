"""What is wrong with a phone, an e-mail or a date, as a machine code with a whole sentence that says what to
do.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PHONE = {
    "too_short": _("A phone number with %(digits)s digits is too short. Find the missing digits."),
    "missing_digit": _("One digit is missing in this mobile number. Find it and add it."),
    "too_long": _("There are too many digits for one phone number. Remove the extra ones."),
    "impossible": _("There is no such phone number. Check the area code and the digits."),
    "digits_lost": _(
        "The spreadsheet kept only the first digits of this number. Take the number from the source again."
    ),
    "needs_city_code": _(
        "This is a short city number. Choose the city code for the column or write the number in full."
    ),
    "not_a_number": _("There is no phone number here. If it is a remark, move it to the notes."),
    "made_up": _("This number looks made up. Check it before calling."),
    "plus_eight": _("“+8” was read as “8”. Check that the number is Russian."),
    "prefix_twice": _("The country prefix stood there twice and was kept once. Check the number."),
    "ending_only": _(
        "Only the ending of a second number was written; the beginning was taken from the first. Check it."
    ),
}

EMAIL = {
    "not_an_email": _(
        "This is not an e-mail address. If it is a link or a nickname, move it to its own field."
    ),
    "no_at": _("The “@” is missing in this address. Put it in."),
    "no_domain": _("There is nothing usable after the “@”. Write the address in full."),
    "no_top_domain": _("The ending of the address (such as .ru) is missing. Add it."),
    "hidden": _("Part of this address is hidden by dots. Take the full address from the source."),
    "broken": _("There are signs that cannot stand in an e-mail address. Correct it."),
    "mended": _("The address was written as “%(before)s” and was read as “%(after)s”. Check it."),
    "domain_typo": _("The mail service looks misspelt. Perhaps “%(after)s” was meant."),
    "made_up": _("This address looks made up. Letters to it will not arrive."),
}

DATE = {
    "not_a_date": _("This is not a date. Write it as day.month.year."),
    "impossible": _("There is no such day in the calendar. Only the parts that can be right were kept."),
    "ambiguous": _("The day and the month may have changed places. Check which one stands first."),
    "two_digit_year": _("The century was guessed: the year was written with two digits."),
    "in_future": _("This date lies in the future. Check the year."),
    "too_old": _("This date lies too far in the past. Check the year."),
    "placeholder": _("Spreadsheets and forms put this date where none is known. Check it."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`subject` is phone, email or date, `code` a key of that table. A value beside a problem is usable but
    wants a look.
    """

    subject: str
    code: str
    before: str = ""
    after: str = ""
    digits: int = 0

    @property
    def sentence(self) -> str:
        """The whole sentence in the language active now."""
        table = {"phone": PHONE, "email": EMAIL, "date": DATE}[self.subject]
        return str(table[self.code]) % {"before": self.before, "after": self.after, "digits": self.digits}
