"""Suggested households: the next one, what somebody says of it, and all plain ones at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.queries.merging import comparison
from veche.core.refusal import Refusal, Stale
from veche.dedupe.actions import household_sweeping as sweeping
from veche.dedupe.actions import households as actions
from veche.dedupe.forms import HouseholdForm
from veche.dedupe.models import HouseholdDecision
from veche.dedupe.queries import households as queries
from veche.dedupe.queries.household_cards import cards_of, in_words
from veche.ui.formats import count as shown_count
from veche.ui.fragments import redirect, render_page, toast, trigger

PAGE, PLAIN = "dedupe/households.html", "dedupe/households_plain.html"
CHANGED = "households-changed"
Verdict = HouseholdDecision.Verdict
SAID = {
    Verdict.APART: gettext_lazy("Noted: these are no family. Nobody is asked about them again."),
    Verdict.SKIPPED: gettext_lazy("Left for later."),
}


@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The next suggestion for the reader, who holds it from now on."""
    return _next(request)


def _next(request: HttpRequest, *, status: int = 200, said: str = "") -> HttpResponse:
    actor = request.actor
    number = actions.take_next_household(by=actor)
    context: dict[str, Any] = {"progress": queries.progress(actor), "said": said}
    context |= {
        "may_edit": actor.may("contacts.edit"),
        "may_sweep": actor.sees_all and actor.may("dedupe.find"),
    }
    if number is not None:
        asked = queries.get_suggestion(actor, number)
        context |= {
            "asked": asked,
            "cards": cards_of(comparison(actor, asked.ids)),
            "reasons": in_words(asked.found.reasons, len(asked.ids)),
            "ties": queries.ties_of(actor, asked.ids),
        }
    return render_page(request, PAGE, context, fragment="queue", status=status)


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many wait, for the tab."""
    left = queries.progress(request.actor)
    text = shown_count(queries.COUNTED) + "+" if left.is_more else shown_count(left.left)
    return HttpResponse(text if left.left else "")


@require_POST
def decision_new(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Say what they are; the answer is the next suggestion. Whoever was too slow gets that said above it."""
    form = HouseholdForm(request.POST)
    if not form.is_valid():
        raise Refusal("dedupe.no_family_verdict", _("Say whether these people are one family."))
    try:
        decision = actions.decide_household(by=request.actor, suggestion_id=suggestion_id, **form.arguments())
    except Stale as stale:
        return _next(request, status=409, said=str(stale))
    undo_url = reverse("dedupe:household_decision_undo", args=[decision.pk])
    htmx = request.headers.get("HX-Request")
    answer = _next(request) if htmx else redirect(request, reverse("dedupe:households"))
    return toast(answer, _said(decision), undo_url=undo_url)


def _said(decision: HouseholdDecision) -> str:
    if decision.verdict != Verdict.GATHERED:
        return str(SAID[decision.verdict])
    made = len(decision.relations)
    if not made:
        return _("They are one household now.")
    sentence = ngettext(
        "They are one household now, with %(n)d relation.",
        "They are one household now, with %(n)d relations.",
        made,
    )
    return sentence % {"n": made}


@require_POST
def decision_undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take back one of one's own decisions: the same people are asked about again at once."""
    actions.undo_household_decision(by=request.actor, decision_id=decision_id)
    htmx = request.headers.get("HX-Request")
    answer = (
        trigger(HttpResponse(status=204), CHANGED)
        if htmx
        else redirect(request, reverse("dedupe:households"))
    )
    return toast(answer, _("Taken back: they are asked about again."))


@require_POST
def skipped(request: HttpRequest) -> HttpResponse:
    """Ask again about what the reader has left for later."""
    actions.take_up_skipped_households(by=request.actor)
    return redirect(request, reverse("dedupe:households"))


@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """Those of one flat and one surname: how many, who; looks again while some are being gathered."""
    lines, after = queries.plain_page(request.actor, after=request.GET.get("after", ""))
    sweeps = queries.sweeps(request.actor)
    context = {
        "figures": queries.plain_figures(request.actor),
        "lines": lines,
        "after": after,
        "sweeps": sweeps,
        "busy": any(sweep.is_busy for sweep in sweeps),
        "may_edit": request.actor.may("contacts.edit"),
    }
    return render_page(request, PLAIN, context, fragment="list")


@require_POST
def sweep_new(request: HttpRequest) -> HttpResponse:
    """Gather all; `expected` is how many the reader saw."""
    expected = request.POST.get("expected", "")
    sweeping.start_household_sweep(
        by=request.actor, expected=int(expected) if expected.isdecimal() and len(expected) < 10 else None
    )
    answer = redirect(request, reverse("dedupe:households_plain"))
    return toast(answer, _("The families are being gathered. You can go on working."))


@require_POST
def sweep_undo(request: HttpRequest, sweep_id: int) -> HttpResponse:
    sweeping.start_household_sweep_undo(by=request.actor, sweep=queries.get_sweep(request.actor, sweep_id))
    answer = redirect(request, reverse("dedupe:households_plain"))
    return toast(answer, _("The families are being taken apart again. You can go on working."))
