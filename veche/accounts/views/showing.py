"""Looking as another user, and the presentation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.accounts import actions, queries, showing
from veche.ui.fragments import redirect, toast


@require_POST
def sight(request: HttpRequest, user_id: int) -> HttpResponse:
    """Look as this user from now on, beginning with their first page."""
    user = actions.begin_sight(by=request.actor, user=queries.user_of(request.actor, user_id))
    request.session[showing.SEES_AS] = user.pk
    return redirect(request, "/")


@require_POST
def sight_end(request: HttpRequest) -> HttpResponse:
    """Back to one's own eyes, and to the user who was looked as."""
    user_id = request.session.pop(showing.SEES_AS, None)
    if user_id is None:
        return redirect(request, "/")
    actions.end_sight(by=request.own_actor, user_id=user_id)
    response = redirect(request, reverse("accounts:user_access", args=[user_id]))
    return toast(response, _("This is your own view again."))


@require_http_methods(["GET", "POST"])
def presentation(request: HttpRequest) -> HttpResponse:
    """What a presentation is, and its switch."""
    request.own_actor.require("accounts.present")
    if request.method == "GET":
        return render(request, "accounts/own_presentation.html", {"on": showing.presents(request)})
    if request.session.pop(showing.PRESENTS, False):
        actions.end_presentation(by=request.own_actor)
        return toast(redirect(request, reverse("accounts:presentation")), _("Real names are shown again."))
    actions.begin_presentation(by=request.own_actor)
    request.session[showing.PRESENTS] = True
    return toast(redirect(request, "/"), _("Names are invented now, on every page."))
