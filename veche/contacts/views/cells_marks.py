"""Tags and campaigns of a person chosen in the cell of the list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from veche.contacts.actions.marks import MARKS, change_marks, held_marks, offered_marks
from veche.contacts.models import Contact
from veche.contacts.queries.people_columns import Column
from veche.contacts.queries.scope import get_contact
from veche.contacts.views.cells_drawn import drawn
from veche.core.refusal import NotFound
from veche.ui.fragments import toast, trigger

EDITOR = "contacts/people_marks.html"


def marks_cell(request: HttpRequest, contact: Contact, column: Column) -> HttpResponse:
    """The chooser; saving puts on and takes off only what its reader changed, and answers the row."""
    actor, key = request.actor, column.key
    held = held_marks(actor, contact.pk, key)
    if request.method == "GET":
        offered = held | {each.pk: str(each) for each in offered_marks(actor, key)}
        options = sorted(
            ((pk, name, pk in held) for pk, name in offered.items()), key=lambda each: each[1].casefold()
        )
        context = {"options": options, "column": column, "contact": contact, "url": request.path}
        return render(request, EDITOR, context)
    before, after = _ids(request.POST, "held"), _ids(request.POST, "mark")
    asked = {
        "put": [pk for pk in after if pk not in before],
        "take": [pk for pk in before if pk not in after],
    }
    made = getattr(change_marks(by=actor, contact_id=contact.pk, key=key, **asked), "marks_made", None)
    answer = drawn(request, [contact.pk])
    if not made:
        return answer
    back = QueryDict(mutable=True)
    back.setlist("put", made["took"])
    back.setlist("take", made["put"])
    undo_url = f"{reverse('contacts:marks', args=[contact.pk, key])}?{back.urlencode()}"
    return toast(answer, _("Saved."), undo_url=undo_url)


@require_POST
def marks(request: HttpRequest, contact_id: int, key: str) -> HttpResponse:
    """Put some on and take others off, as the address says: the undo of a choice in a cell."""
    request.actor.require("contacts.edit")
    if key not in MARKS:
        raise NotFound
    contact = get_contact(request.actor, contact_id)
    change_marks(
        by=request.actor,
        contact_id=contact.pk,
        key=key,
        put=_ids(request.GET, "put"),
        take=_ids(request.GET, "take"),
    )
    answer = trigger(trigger(HttpResponse(status=204), "row-changed", {"id": contact.pk}), "card-changed")
    return toast(answer, _("It is as it was before."))


def _ids(given: QueryDict, name: str) -> list[int]:
    return [int(each) for each in given.getlist(name) if each.isdecimal() and len(each) < 19]
