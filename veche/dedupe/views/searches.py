"""Searches: starting one, how it goes, what the last ones found; and by which rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veche.core.refusal import Refusal
from veche.dedupe.actions import searching
from veche.dedupe.forms import SearchForm
from veche.dedupe.queries import rules as rules_queries
from veche.dedupe.queries import searches as queries
from veche.ui.fragments import redirect, render_page, toast

PAGE = "dedupe/searches.html"


@require_GET
def searches(request: HttpRequest) -> HttpResponse:
    """What was looked for; looks again while a search runs."""
    found = queries.searches(request.actor)
    running = next((each for each in found if each.is_busy), None)
    context = {
        "searches": found,
        "running": running,
        "job": queries.job_of(running) if running else None,
        "rule_sets": rules_queries.all_rules(request.actor),
        "batches": queries.batches(request.actor),
    }
    return render_page(request, PAGE, context, fragment="list")


@require_POST
def search_new(request: HttpRequest) -> HttpResponse:
    """Start one by a rule set, or by the one in use."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            "dedupe.no_scope", _("Choose where to look: everywhere, in one import, or what has changed.")
        )
    told = form.cleaned_data
    rules = rules_queries.get_rules(request.actor, told["rules"])
    searching.start_search(
        by=request.actor, rules=rules, scope=told["scope"], batch=told["batch"], dry=told["dry"]
    )
    response = redirect(request, reverse("dedupe:searches"))
    return toast(response, _("Doubles are being looked for. You can go on working."))


@require_POST
def search_stop(request: HttpRequest, search_id: int) -> HttpResponse:
    searching.cancel_search(by=request.actor, search=queries.get_search(request.actor, search_id))
    return toast(redirect(request, reverse("dedupe:searches")), _("The search stops at its next step."))
