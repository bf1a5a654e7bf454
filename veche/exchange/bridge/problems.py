"""Why a row or a cell cannot be taken: codes are stored, and become sentences in the language of who reads them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal
from veche.exchange.bridge.columns import BridgeColumn
from veche.exchange.bridge.judging import patch
from veche.exchange.bridge.resolving import Resolver
from veche.exchange.bridge.texts import Said
from veche.exchange.bridge.values import Shown

FORGED, UNSEEN, NAMELESS, COPY = "#forged", "#unseen", "#nameless", "#copy"


def copy_of(row: int) -> str:
    """The code of a row that was copied from `row`."""
    return f"{COPY} {row}"


def sentence_of(problem: str) -> str:
    """The sentence of a stored code; what is no code is a sentence already."""
    code, _blank, row = problem.partition(" ")
    if code == FORGED:
        return _("The Veche number of this row was changed, so it is not known whom it is about.")
    if code == UNSEEN:
        return _("This person is no longer in the base, or is not among those you may see.")
    if code == NAMELESS:
        return _("Nothing of the name would be left.")
    if code == COPY:
        return _("A copy of row %(row)s with changes. If it is a new person, accept it.") % {"row": row}
    return problem


def refusal_of(
    resolver: Resolver, column: BridgeColumn, was: Shown | None, yours: Shown, said: Said
) -> Refusal | None:
    """Why `yours` cannot be stored; None when it can."""
    try:
        if column.is_many:
            resolver.check_set(column, patch(column, was, yours, said.cells[column.code]))
        else:
            resolver.columns(column, str(yours), said)
    except Refusal as refusal:
        return refusal
    return None


def words_of(refusal: Refusal) -> str:
    return str(next(iter(refusal.fields.values()), refusal.message))[:500]
