"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from veche.desk.queries.mine import mine
from veche.desk.queries.overview import overview


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The base in figures, or what to do first while it is empty."""
    request.actor.require("desk.use")
    context = {"overview": overview(request.actor), "today": timezone.localdate()}
    if not request.actor.sees_all:
        context["mine"] = mine(request.actor)
    return render(request, "desk/home.html", context)
