"""What was changed in a name and what is doubtful about it, as machine codes with whole sentences."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

CHANGES = {
    "layout": _("“%(before)s” was typed in the wrong keyboard layout; read as “%(after)s”."),
    "look_alikes": _(
        "“%(before)s” mixed Latin letters with Russian ones; all letters are Russian in “%(after)s”."
    ),
    "transliterated": _(
        "“%(before)s” was written in Latin letters; read as “%(after)s”. Check the spelling."
    ),
    "case": _("Capital letters were put right: “%(before)s” became “%(after)s”."),
    "glued": _("A lost space was put back: “%(before)s” became “%(after)s”."),
    "swapped": _("Surname and given name stood in each other's place: “%(before)s” became “%(after)s”."),
    "several": _("“%(before)s” names several people; this one is “%(after)s”."),
    "inherited": _("The surname of “%(before)s” was taken from the other person in the cell: “%(after)s”."),
    "set_aside": _("“%(before)s” stands beside the name and was kept as a remark."),
    "former_surname": _("“%(before)s” in brackets was kept as a former surname."),
}

DOUBTS = {
    "empty": _("There is no name here."),
    "not_a_name": _("This does not look like a name."),
    "too_long": _("The text is too long for a name."),
    "organisation": _("This is an organisation, not a person."),
    "several": _("Several people stand in one cell; they were separated. Check each of them."),
    "family": _("This is a family, not one person."),
    "gender_mismatch": _("The parts of the name are of different genders; nothing was changed. Check them."),
    "order_guessed": _("It is not clear which word is the surname and which is the given name."),
    "unknown_words": _("The words are not known as names; they were kept as they stand."),
    "initials": _("Only initials are known, so this person can be confused with a namesake."),
    "ambiguous_short_name": _("The short name may belong to a man or to a woman."),
    "extra_words": _("There are more words than a name has; the rest was kept as a remark."),
}


class Change(NamedTuple):
    """One thing done to the text: a code of CHANGES, the text before and after it."""

    code: str
    before: str
    after: str = ""

    @property
    def sentence(self) -> str:
        """The whole sentence in the language active now."""
        return str(CHANGES[self.code]) % {"before": self.before, "after": self.after}


class Doubt(NamedTuple):
    """Something a person should look at: a code of DOUBTS. Nothing was changed because of it."""

    code: str

    @property
    def sentence(self) -> str:
        """The whole sentence in the language active now."""
        return str(DOUBTS[self.code])
