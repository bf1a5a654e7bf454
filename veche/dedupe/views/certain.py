"""The certain doubles: what they are, all merged at once, all taken apart again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veche.dedupe.actions import sweeping
from veche.dedupe.queries import certain as queries
from veche.ui.fragments import redirect, render_page, toast

PAGE = "dedupe/certain.html"
SWEEPS = 5


@require_GET
def certain(request: HttpRequest) -> HttpResponse:
    """Which they are, the least likely first; looks again while some are being merged."""
    lines, after = queries.certain_page(request.actor, after=request.GET.get("after", ""))
    context = {
        "figures": queries.certain_figures(request.actor),
        "lines": lines,
        "after": after,
        "sweeps": queries.sweeps(request.actor)[:SWEEPS],
        "may_merge": request.actor.may("contacts.merge"),
    }
    context["busy"] = any(sweep.is_busy for sweep in context["sweeps"])
    return render_page(request, PAGE, context, fragment="list")


@require_POST
def sweep_new(request: HttpRequest) -> HttpResponse:
    """Merge all; `expected` is how many the reader saw."""
    expected = request.POST.get("expected", "")
    sweeping.start_sweep(
        by=request.actor, expected=int(expected) if expected.isdecimal() and len(expected) < 10 else None
    )
    return toast(
        redirect(request, reverse("dedupe:certain")),
        _("The certain doubles are being merged. You can go on working."),
    )


@require_POST
def sweep_undo(request: HttpRequest, sweep_id: int) -> HttpResponse:
    sweeping.start_sweep_undo(by=request.actor, sweep=queries.get_sweep(request.actor, sweep_id))
    return toast(
        redirect(request, reverse("dedupe:certain")),
        _("They are being taken apart again. You can go on working."),
    )
