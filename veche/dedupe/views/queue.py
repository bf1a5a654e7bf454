"""The review queue: the next likely doubles, what somebody says of them, and taking that back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.queries.merging import comparison
from veche.core.refusal import Refusal, Stale
from veche.dedupe.actions import deciding, taking
from veche.dedupe.forms import DecisionForm
from veche.dedupe.models import Decision, Verdict
from veche.dedupe.queries import queue, reasons
from veche.dedupe.queries.households import ties_of
from veche.ui.fragments import redirect, render_page, toast, trigger

PAGE = "dedupe/doubles.html"
CHANGED = "doubles-changed"
SAID = {
    Verdict.MERGED: gettext_lazy("They are one person now."),
    Verdict.APART: gettext_lazy("Noted: these are different people."),
    Verdict.FAMILY: gettext_lazy("Noted: these are one family, not one person."),
    Verdict.SKIPPED: gettext_lazy("Left for later."),
}


@require_GET
def doubles(request: HttpRequest) -> HttpResponse:
    """The next group for the reader, who holds it from now on."""
    return _next(request)


def _next(
    request: HttpRequest, *, status: int = 200, said: str = "", decision: Decision | None = None
) -> HttpResponse:
    group_id = taking.take_next(by=request.actor)
    context: dict[str, Any] = {"progress": queue.progress(request.actor), "said": said}
    if decision is not None and decision.household:
        ties = ties_of(request.actor, queue.people_of(decision))
        context |= {"family": decision, "ties": [tie for tie in ties if tie.ticked]}
    if group_id is not None:
        asked = queue.get_asked(request.actor, group_id)
        context |= {
            "asked": asked,
            "comparison": comparison(request.actor, asked.ids),
            "likely": reasons.how_likely(asked.group.probability),
            "pairs": reasons.reasons_of(asked.group.reasons, asked.found_as),
        }
    context["may_merge"] = request.actor.may("contacts.merge")
    return render_page(request, PAGE, context, fragment="queue", status=status)


@require_POST
def decision_new(request: HttpRequest, group_id: int) -> HttpResponse:
    """Say what they are; the answer is the next group. Whoever was too slow gets that said above it."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            "dedupe.no_verdict", _("Say what these people are: one person, different people or a family.")
        )
    try:
        decision = deciding.decide(by=request.actor, group_id=group_id, **form.arguments())
    except Stale as stale:
        return _next(request, status=409, said=str(stale))
    undo_url = reverse("dedupe:decision_undo", args=[decision.pk])
    if not request.headers.get("HX-Request"):
        return toast(redirect(request, reverse("dedupe:doubles")), _said(decision), undo_url=undo_url)
    return toast(_next(request, decision=decision), _said(decision), undo_url=undo_url)


def _said(decision: Decision) -> str:
    if decision.household:
        return _("Noted: these are one family, and one household now.")
    return str(SAID[decision.verdict])


@require_POST
def relations_new(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Note who is what to whom in the family that the reader has just named."""
    keys = request.POST.getlist("relation")
    made = deciding.say_relations(by=request.actor, decision_id=decision_id, relations=keys)
    htmx = request.headers.get("HX-Request")
    answer = (
        trigger(HttpResponse(status=204), CHANGED) if htmx else redirect(request, reverse("dedupe:doubles"))
    )
    words = ngettext("%(n)d relation was noted.", "%(n)d relations were noted.", made) % {"n": made}
    return toast(answer, words, undo_url=reverse("dedupe:decision_undo", args=[decision_id]))


@require_POST
def decision_undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take back one of one's own decisions: the same people are asked about again at once."""
    decision: Decision = deciding.undo_decision(by=request.actor, decision_id=decision_id)
    if not request.headers.get("HX-Request"):
        return toast(redirect(request, reverse("dedupe:doubles")), _taken_back(decision))
    return toast(trigger(HttpResponse(status=204), CHANGED), _taken_back(decision))


def _taken_back(decision: Decision) -> str:
    if decision.verdict == Verdict.MERGED:
        return _("They are as they were before.")
    return _("Taken back: they are asked about again.")


@require_POST
def skipped(request: HttpRequest) -> HttpResponse:
    """Ask again about what the reader has left for later."""
    taking.take_up_skipped(by=request.actor)
    return redirect(request, reverse("dedupe:doubles"))
