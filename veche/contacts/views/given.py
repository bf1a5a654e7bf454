"""Lists of people given to colleagues and teams: who has which, giving one, taking it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts.actions import giving
from veche.contacts.forms import GivenListForm
from veche.contacts.queries import given as queries
from veche.contacts.queries.people_found import found
from veche.ui import formats
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_GET
def given_lists(request: HttpRequest) -> HttpResponse:
    """All lists, those in force and those that ended."""
    lists = list(queries.given_lists_for(request.actor)[:500])
    today = timezone.localdate()
    context = {
        "now": [each for each in lists if each.revoked_at is None and each.until >= today],
        "ended": [each for each in lists if each.revoked_at is not None or each.until < today],
    }
    return render(request, "contacts/given_list.html", context)


@require_http_methods(["GET", "POST"])
def given_list_new(request: HttpRequest) -> HttpResponse:
    """Give the people of a list's address, its filters or those picked in it, to somebody until a day."""
    request.actor.require("contacts.give")
    posted = request.method == "POST"
    asked = request.POST.get("asked", "") if posted else request.GET.urlencode()
    picked = bool(QueryDict(asked).get("ids"))
    form = GivenListForm(request.POST if posted else None, actor=request.actor, picked=picked, asked=asked)
    if posted and form.does(giving.give_list, by=request.actor, asked=asked):
        people = form.outcome.people
        message = ngettext(
            "“%(name)s” was given: %(count)s person.", "“%(name)s” was given: %(count)s people.", people
        ) % {"name": form.outcome, "count": formats.count(people)}
        return toast(redirect(request, reverse("contacts:given_lists")), message)
    context = {"asked": asked, "filters": found(request.actor, asked).filters}
    return form_page(request, "contacts/given_form.html", form, **context)


@require_POST
def revocation(request: HttpRequest, list_id: int) -> HttpResponse:
    """Take a list back; it counts at once."""
    given = giving.revoke_list(by=request.actor, given=queries.given_list_of(request.actor, list_id))
    return toast(
        redirect(request, reverse("contacts:given_lists")), _("“%(name)s” was taken back.") % {"name": given}
    )
