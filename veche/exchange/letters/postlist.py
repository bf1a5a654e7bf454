"""The list of letters that the Russian post takes from a file, in its office on the Internet «Отправка».

Its columns have Latin names. They stand here as its help described them when this was written; nobody could try them
on the office itself, so a first list should be a short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from veche.exchange.letters.addressing import Recipient
from veche.exchange.writing import NUMBER, Column

COLUMNS = (
    Column("ADDRESSLINE", width=60),  # the whole address, the postcode first
    Column("ADRESAT", width=34),  # whom for, as the name stands in a passport
    Column("MASS", NUMBER),  # kilograms
    Column("VALUE", NUMBER),  # declared, in roubles
    Column("PAYMENT", NUMBER),  # cash on delivery
    Column("COMMENT", width=16),  # ours, comes back in its reports
    Column("TELADDRESS", width=16),
    Column("MAILTYPE", NUMBER),
    Column("MAILCATEGORY", NUMBER),
    Column("INDEXFROM", width=12),  # of the office where they are handed in
)


@dataclass(frozen=True)
class Mail:
    """What is sent, by the codes of the post."""

    key: str
    label: Any
    type: int
    category: int


KINDS = {
    each.key: each
    for each in (
        Mail("letter", gettext_lazy("Registered letters"), 2, 1),
        Mail("wrapper", gettext_lazy("Registered printed matter"), 3, 1),
        Mail("parcel", gettext_lazy("Ordinary parcels"), 4, 0),
    )
}


def rows(letters: Iterable[Recipient], *, kind: str, grams: int, postcode_from: str) -> Iterator[list[Any]]:
    """A row for each letter. The number of the contact goes as the comment, so that reports find their way back."""
    mail = KINDS[kind]
    for letter in letters:
        yield [
            letter.one_line, letter.name, grams / 1000, None, None, str(letter.number),
            letter.phone.removeprefix("+"), mail.type, mail.category, postcode_from,
        ]  # fmt: skip
