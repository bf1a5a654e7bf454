"""A range of cells pasted out of a spreadsheet: one change, one undo; what was left alone is told with its reason."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from veche.contacts.actions.pasting import Cell, paste_cells
from veche.contacts.models import MassChange
from veche.contacts.queries.mass_changes import counted, is_undoable
from veche.contacts.queries.pastes import cells_changed, cells_left
from veche.contacts.views.cells_drawn import drawn_rows
from veche.core.refusal import Refusal
from veche.ui.formats import count
from veche.ui.fragments import toast

PASTED = "contacts/people_pasted.html"
MOST_TOLD = 20  # cells left alone, with their reasons; the rest stand in the journal
LONGEST = 5_000


@require_POST
def cells(request: HttpRequest) -> HttpResponse:
    """Cells as `[[contact, column, text, revision], …]`; the answer tells what was left alone, with the rows anew."""
    request.actor.require("contacts.edit")
    given = _read(request.POST.get("cells", ""))
    try:
        mass = paste_cells(by=request.actor, cells=given)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return render(request, PASTED, {"refusal": refusal.message}, status=422)
    if mass.is_busy:
        return toast(HttpResponse(status=204), _in_work(mass))
    left, more = cells_left(request.actor, mass)
    context = {
        "mass": mass,
        "left": left[:MOST_TOLD],
        "more": bool(more) or len(left) > MOST_TOLD,
        "again": json.dumps([[cell.contact.pk, cell.key, cell.text] for cell in left if cell.is_conflict]),
        "out": mass.skipped.get("out", 0),
    }
    answer = render(request, PASTED, context | drawn_rows(request, [cell.contact_id for cell in given]))
    undo_url = reverse("contacts:mass_change_undo", args=[mass.pk]) if is_undoable(mass) else None
    return toast(answer, _said(mass), undo_url=undo_url, level="ok" if undo_url else "warn")


def _read(sent: str) -> list[Cell]:
    try:
        return [_cell(*each) for each in json.loads(sent)]
    except (TypeError, ValueError, RecursionError):
        raise Refusal("contacts.paste", _("What was pasted could not be read. Copy it once more.")) from None


def _cell(contact_id: Any, key: Any, text: Any, revision: Any = None) -> Cell:
    is_cell = isinstance(contact_id, int) and 0 < contact_id < 2**62 and isinstance(key, str)
    if not is_cell or not key.isprintable():
        raise ValueError
    seen = revision if isinstance(revision, int) and 0 <= revision < 2**31 else None
    return Cell(contact_id, key[:80], str(text)[:LONGEST].replace("\0", ""), seen)


def _said(mass: MassChange) -> str:
    number = cells_changed(mass)
    said = ngettext("%(shown)s cell has been changed.", "%(shown)s cells have been changed.", number)
    return said % {"shown": count(number)}


def _in_work(mass: MassChange) -> str:
    words = _("The paste is in work for %(people)s. You may go on working.")
    return words % {"people": counted(mass.people)}
