"""Houses that several territories claim, and houses that none has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from veche.addresses import registry
from veche.addresses.queries import territory_checks as queries
from veche.addresses.queries.territories import insist_whole_sight


@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Two territories of one kind with the same houses; `settled=1` where a more exact rule has decided."""
    insist_whole_sight(request.actor)
    kinds = queries.kinds()
    kind = queries.kind_asked(request.GET.get("kind", ""), kinds)
    settled = request.GET.get("settled") == "1"
    found = queries.doubles(kind.key, settled=settled, after=request.GET.get("after", "")) if kind else None
    context = {
        "kinds": kinds,
        "kind": kind,
        "settled": settled,
        "found": found,
        "whole_sight": True,
        "on": "doubles",
    }
    return render(request, "addresses/doubles.html", context)


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Houses with people and without a territory; `missing=1`: numbers that the rules leave out."""
    insist_whole_sight(request.actor)
    kinds = queries.kinds()
    kind = queries.kind_asked(request.GET.get("kind", ""), kinds)
    missing = request.GET.get("missing") == "1"
    look = queries.missing if missing else queries.gaps
    found = look(kind.key, after=request.GET.get("after", "")) if kind else None
    context = {
        "kinds": kinds,
        "kind": kind,
        "missing": missing,
        "found": found,
        "whole_sight": True,
        "on": "gaps",
    }
    if kind:
        context["people_url"] = reverse(name) if (name := registry.people_url_name()) else ""
        context["people"] = queries.people_in_gaps(kind.key)
    return render(request, "addresses/gaps.html", context)
