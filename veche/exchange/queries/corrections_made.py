"""What was corrected in a file, as pages show it: the list of corrections, and those of given rows. Reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from veche.core.actor import Actor
from veche.exchange.mapping.correcting import key_of
from veche.exchange.models import Correction, Import
from veche.exchange.queries import identity
from veche.exchange.queries.plans import caption_of
from veche.exchange.reading import revive_cell, stored_text
from veche.ui.formats import NONE, moment

WHOLE_ROW = Correction.WHOLE_ROW


@dataclass(frozen=True)
class Made:
    """A correction as the page lists it; `became` says whom somebody has chosen."""

    correction: Correction
    caption: str
    became: str = ""

    @property
    def before(self) -> str:
        """The value in the file; people of the base are none."""
        return "" if self.correction.kind == Correction.Kind.PERSON else stored_text(self.correction.value)


def corrections_of(imported: Import, actor: Actor, most: int = 200) -> list[Made]:
    """What was corrected, the latest first, words of lists not among them."""
    found = (
        imported.corrections.exclude(kind=Correction.Kind.WORD)
        .select_related("made_by")
        .order_by("-made_at", "-pk")
    )
    listed = list(found[:most])
    known = identity.known_people(actor, identity.ids_chosen(listed))
    chosen = Correction.Kind.PERSON
    return [
        Made(
            each,
            caption_of(imported, each.column),
            identity.said_in_words(each, known) if each.kind == chosen else "",
        )
        for each in listed
    ]


def is_waiting(imported: Import) -> bool:
    """Whether some correction is not in force yet."""
    return imported.corrections.exclude(state=Correction.State.APPLIED).exists()


class Corrected:
    """What was said about the cells of given rows: for the list of rows, the rejected ones and a card's provenance."""

    def __init__(self, imported: Import) -> None:
        self._key_of = lambda cell: key_of(revive_cell(cell))
        self._by_row: dict[tuple[int, int], Correction] = {}
        self._by_value: dict[tuple[int, str], Correction] = {}
        kinds = imported.corrections.exclude(kind=Correction.Kind.WORD).exclude(
            state=Correction.State.LEAVING
        )
        by_person = Correction.Kind.PERSON  # whether a row is taken says more than whom it is about
        for each in sorted(kinds.select_related("made_by"), key=lambda each: each.kind != by_person):
            if each.row is not None:
                self._by_row[each.row, each.column] = each
            else:
                self._by_value[each.column, each.value] = each

    def of_row(self, number: int, cells: list[Any]) -> dict[int, Correction]:
        """Corrections of a row by column; that of the row as such stands under -1."""
        if not self._by_row and not self._by_value:
            return {}
        found = {}
        for column, cell in enumerate(cells):
            said = self._by_row.get((number, column)) or self._by_value.get((column, self._key_of(cell)))
            if said:
                found[column] = said
        if whole := self._by_row.get((number, WHOLE_ROW)):
            found[WHOLE_ROW] = whole
        return found

    def sentence(self, number: int, cells: list[Any], imported: Import) -> str:
        """All of it for one row in the language active now: column, what it became, who, when."""
        parts = []
        for column, said in self.of_row(number, cells).items():
            became = said.replacement if said.kind == Correction.Kind.REPLACE else said.get_kind_display()
            who = said.made_by.name if said.made_by else NONE
            parts.append(
                f"{caption_of(imported, column) or number}: {became} ({who}, {moment(said.made_at)})"
            )
        return "; ".join(parts)
