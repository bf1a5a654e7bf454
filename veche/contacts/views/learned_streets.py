"""The page of misspelt streets: what each is to be read as, for everybody who lives there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.actions import learning_streets as actions
from veche.contacts.queries.learned_streets import streets_page
from veche.ui.fragments import is_fragment, redirect, render_page, toast, trigger

PAGE = "contacts/streets.html"


CHANGED = "streets-changed"


@require_GET
def streets(request: HttpRequest) -> HttpResponse:
    """Streets that are probably misspelt, and what was said of others."""
    return render_page(request, PAGE, {"page": streets_page(request.actor)}, fragment="streets")


@require_POST
def street_new(request: HttpRequest) -> HttpResponse:
    """Read a street as it should be; without a name it is right as it is. The toast offers to undo."""
    given = {name: request.POST.get(name, "")[:200] for name in ("town_key", "street_key", "right")}
    row = actions.learn_street(by=request.actor, **given)
    said = _("All addresses there are read so from now on.") if row.right else _("Noted: it is right.")
    return toast(_done(request), said, undo_url=reverse("contacts:street_removal", args=[row.pk]))


@require_POST
def streets_all(request: HttpRequest) -> HttpResponse:
    """Put all of the queue right as it is offered, which one press takes back."""
    rows = actions.learn_offered(by=request.actor, seen=request.POST.get("seen", ""))
    said = ngettext(
        "%(count)d street is read as it should be from now on.",
        "%(count)d streets are read as they should be from now on.",
        len(rows),
    ) % {"count": len(rows)}
    undo_url = reverse("contacts:streets_all_removal", args=[rows[0].pk])
    return toast(_done(request), said, undo_url=undo_url)


@require_POST
def streets_all_removal(request: HttpRequest, together: int) -> HttpResponse:
    """Take back all that one press put right."""
    actions.forget_together(by=request.actor, together=together)
    return toast(_done(request), _("The streets are read as they are written."))


@require_POST
def street_removal(request: HttpRequest, learned_id: int) -> HttpResponse:
    """Read the street as it is written again."""
    actions.forget_street(by=request.actor, learned_id=learned_id)
    return toast(_done(request), _("The street is read as it is written."))


def _done(request: HttpRequest) -> HttpResponse:
    """The list reloads itself; without JavaScript the page comes anew."""
    if is_fragment(request):
        return trigger(HttpResponse(status=204), CHANGED)
    return redirect(request, reverse("contacts:streets"))
