"""One number at many people: whose it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.core.refusal import NotFound, Refusal
from veche.dedupe.actions import phones as actions
from veche.dedupe.models import PhoneVerdict
from veche.dedupe.queries import phones as queries
from veche.ui.fragments import render_page, toast, trigger

PAGE = "dedupe/phones.html"
CHANGED = "phones-changed"


@require_GET
def phones(request: HttpRequest) -> HttpResponse:
    """Numbers that nobody has judged yet, the most people first; with `judged`, what was said of others."""
    judged = request.GET.get("judged") == "1"
    context = {"judged": judged, "verdicts": PhoneVerdict.What, "may_judge": request.actor.sees_all}
    if judged:
        context["lines"] = queries.judged_phones(request.actor)
    else:
        context["page"] = queries.phone_lines(request.actor, after=request.GET.get("after", ""))
    return render_page(request, PAGE, context, fragment="list")


@require_POST
def verdict(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Say what a number is, of everybody who has it."""
    what = request.POST.get("what", "")
    if what not in PhoneVerdict.What.values:
        raise Refusal(
            "dedupe.no_phone_verdict", _("Say what this number is: a family’s, an office’s or invented.")
        )
    said = actions.judge_phone(by=request.actor, finding_id=finding_id, what=what)
    response = trigger(HttpResponse(status=204), CHANGED)
    return toast(response, _said(said), undo_url=reverse("dedupe:phone_removal", args=[said.pk]))


def _said(verdict: PhoneVerdict) -> str:
    if verdict.household:
        sentence = ngettext(
            "Noted: %(n)d person is one household now.",
            "Noted: %(n)d people are one household now.",
            verdict.people,
        )
        return sentence % {"n": verdict.people}
    if verdict.what == PhoneVerdict.What.FAMILY:
        return _("Noted. No household was made: gather them on their cards if they live together.")
    return _("Noted.")


@require_POST
def removal(request: HttpRequest, mark: str) -> HttpResponse:
    """Forget what was said of a number, which may be below zero."""
    if not (mark.removeprefix("-").isdecimal() and len(mark) < 21):
        raise NotFound
    actions.take_back_phone(by=request.actor, mark=int(mark))
    return toast(trigger(HttpResponse(status=204), CHANGED), _("Taken back."))
