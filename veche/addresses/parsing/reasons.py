"""What was assumed in reading an address, as machine codes with whole sentences."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

ASSUMPTIONS = {
    "street_type_guessed": _(
        "“%(text)s” may be short for more than one kind of street; the usual one was taken."
    ),
    "street_without_type": _("“%(text)s” stands without a type; it was read as a street."),
    "settlement_without_type": _("“%(text)s” stands without a type; it was read as a settlement."),
    "special_type": _("“%(text)s” names two types of street; the special one was taken."),
    "region_without_type": _("“%(text)s” stands without a type; it was read as a region."),
    "flat_by_place": _("“%(text)s” is not marked; by its place it is the flat."),
    "block_by_place": _("“%(text)s” is not marked; by its place it is the block."),
    "flat_after_dash": _("The number behind the dash in “%(text)s” was read as the flat."),
    "block_is_house": _("“%(text)s” stands without a house; in this town it is the house itself."),
    "look_alikes": _("“%(text)s” mixed Latin letters with Russian ones; they were read as Russian."),
    "town_mended": _("“%(text)s” was read as the town that it is one letter away from."),
    "transliterated": _("“%(text)s” is in Latin letters; it was read as it sounds in Russian."),
    "inherited": _("“%(text)s” was taken from the address before it in the same cell."),
    "several": _("Several addresses stand in one cell; they were separated. Check each of them."),
    "corner": _("“%(text)s” is the other street of a corner house."),
    "left_over": _("“%(text)s” was not understood and was kept as a remark."),
    "too_long": _("The text is too long for an address; only its beginning was read."),
    "not_an_address": _("This does not look like an address."),
}


class Assumption(NamedTuple):
    """Something that a person may want to look at: a code of ASSUMPTIONS and the words it is about."""

    code: str
    text: str = ""

    @property
    def sentence(self) -> str:
        """The whole sentence in the language active now."""
        return str(ASSUMPTIONS[self.code]) % {"text": self.text}
