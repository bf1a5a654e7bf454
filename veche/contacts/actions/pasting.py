"""Cells pasted out of a spreadsheet into the list: one change, with one undo. The work is done by `mass_paste`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from veche.contacts.actions.mass_changes import start_mass_change
from veche.contacts.models import MassChange
from veche.contacts.queries.people_columns import known
from veche.core.action import action
from veche.core.actor import Actor
from veche.core.refusal import Refusal

MOST_CELLS = 5_000


@dataclass(frozen=True)
class Cell:
    """One pasted cell. `revision` is what the contact had when its row was drawn; None overwrites whatever is there."""

    contact_id: int
    key: str
    text: str
    revision: int | None = None


@action("contacts.edit")
def paste_cells(*, by: Actor, cells: Sequence[Cell]) -> MassChange:
    """Set many cells of the list as one change, the last word counting where one is given twice; returns it.

    Each is written with the rights and the checks of its own edit; one that cannot be, or that somebody has changed
    since, is left alone and told. Raises `Refusal` when there are too many, or none of the people is there.
    """
    if len(cells) > MOST_CELLS:
        words = _("At most %(most)d cells can be pasted at once. Bring a longer list in as a file.")
        raise Refusal("contacts.paste", words % {"most": MOST_CELLS})
    given = {(cell.contact_id, cell.key): cell for cell in cells}
    values: dict[int, list[tuple[str, str, int | None]]] = {}
    for cell in given.values():
        values.setdefault(cell.contact_id, []).append((cell.key, cell.text, cell.revision))
    labels = [str(column.label) for column in known(by, list(dict.fromkeys(cell.key for cell in cells)))]
    words = _("Pasted: %(columns)s") % {"columns": ", ".join(labels)}
    return start_mass_change(by=by, kind=MassChange.Kind.PASTE, values=values, words=words)
