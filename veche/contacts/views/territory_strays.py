"""On the page of a territory: people who live in its houses and have another territory, set by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from veche.addresses.queries.territories import territory_seen
from veche.contacts.actions.territory_strays import bring_in_line
from veche.contacts.queries.territory_strays import stray_ids
from veche.ui.fragments import redirect, toast


@require_http_methods(["GET", "POST"])
def territory_strays(request: HttpRequest, territory_id: int) -> HttpResponse:
    """How many they are; POST gives them the territory of their address, which one press takes back."""
    territory = territory_seen(request.actor, territory_id)
    if request.method == "GET":
        count = len(stray_ids(request.actor, territory.pk))
        context = {"territory": territory, "count": count, "may_edit": request.actor.may("contacts.edit")}
        return render(request, "contacts/territory_strays.html", context)
    mass = bring_in_line(by=request.actor, territory_id=territory.pk)
    response = redirect(request, reverse("addresses:territory", args=[territory.pk]))
    if mass.is_busy:
        return toast(response, _("It is being done; the result will be in the journal of bulk changes."))
    said = ngettext(
        "%(count)d person has the territory of their address now.",
        "%(count)d people have the territory of their address now.",
        mass.changed,
    ) % {"count": mass.changed}
    return toast(response, said, undo_url=reverse("contacts:mass_change_undo", args=[mass.pk]))
