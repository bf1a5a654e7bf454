"""What is wrong in the base: the overview, the page of each finding, remarks on the card; and what is done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.contacts.actions import findings as actions
from veche.contacts.actions.inspecting import inspect_contacts
from veche.contacts.actions.reverting import revert_change
from veche.contacts.models import MassChange
from veche.contacts.queries import findings as queries
from veche.contacts.queries.mass_changes import is_undoable
from veche.contacts.queries.shared_phones import shared_phones
from veche.ui.fragments import redirect, render_page, toast, trigger

PAGE = "contacts/quality_finding.html"
CHANGED = "findings-changed"


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All findings with their counts; looks again while the base is being looked through."""
    context = {
        "overview": queries.overview(request.actor),
        "may_teach": request.actor.may("contacts.shape") and request.actor.sees_all,
    }
    return render_page(request, "contacts/quality.html", context, fragment="overview")


@require_POST
def inspection(request: HttpRequest) -> HttpResponse:
    """Have the whole base looked through."""
    actions.inspect_whole_base(by=request.actor)
    response = redirect(request, reverse("contacts:quality"))
    return toast(response, _("The base is being looked through. You can go on working."))


@require_GET
def finding(request: HttpRequest, key: str) -> HttpResponse:
    """One finding: what it is, who has it, what would put it right."""
    kind = queries.finding_kind(request.actor, key)
    return render_page(request, PAGE, _page(request, kind), fragment="list")


def _page(request: HttpRequest, kind: queries.FindingKind) -> dict[str, Any]:
    after, aside = request.GET.get("after", ""), request.GET.get("aside") == "1"
    shared = kind.key == queries.SHARED and not aside
    return {
        "newest": queries.newest_finding(),  # asked first: what comes while the others are, was not shown
        "kind": kind,
        "line": queries.line_of(request.actor, kind),
        "shared": shared,
        "aside": aside,
        "dismissed": queries.dismissed_count(request.actor, kind),
        "page": shared_phones(request.actor, after=after)
        if shared
        else queries.rows_of(request.actor, kind, after=after, dismissed=aside),
        "may_fix": request.actor.may("contacts.edit"),
    }


@require_POST
def fix(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Put one finding right; its row goes, and the toast offers to undo."""
    change = actions.fix_finding(by=request.actor, finding_id=finding_id)
    undo_url = reverse("contacts:quality_reversal", args=[change.contact_id, change.pk])
    response = trigger(trigger(HttpResponse(status=204), CHANGED), "card-changed")
    return toast(response, _("It was put right."), undo_url=undo_url)


@require_POST
def reversal(request: HttpRequest, contact_id: int, change_id: int) -> HttpResponse:
    """Put back what a fix replaced."""
    revert_change(by=request.actor, contact_id=contact_id, change_id=change_id)
    inspect_contacts([contact_id])
    response = trigger(trigger(HttpResponse(status=204), CHANGED), "card-changed")
    return toast(response, _("It is as it was before."))


@require_POST
def fixes(request: HttpRequest, key: str) -> HttpResponse:
    """Put right those that are shown, or all of them; a large number is prepared by a job."""
    kind = queries.finding_kind(request.actor, key)
    shown = [int(each) for each in request.POST.getlist("id") if each.isdecimal() and len(each) < 19]
    upto = request.POST.get("upto", "")
    upto = int(upto) if upto.isdecimal() and len(upto) < 19 else None
    wanted = {"upto": upto} if request.POST.get("all") else {"finding_ids": shown}
    started = actions.fix_findings(by=request.actor, kind=kind, **wanted)
    response = redirect(request, reverse("contacts:quality_finding", args=[key]))
    if not isinstance(started, MassChange) or started.is_busy:
        return toast(response, _("It is being put right; the result will be in the journal of bulk changes."))
    undo_url = reverse("contacts:mass_change_undo", args=[started.pk]) if is_undoable(started) else None
    return toast(response, _result(started), undo_url=undo_url)


def _result(mass: MassChange) -> str:
    done = ngettext("%(count)s person was put right.", "%(count)s people were put right.", mass.changed) % {
        "count": mass.changed
    }
    aside = sum(mass.skipped.values())
    if not aside:
        return done
    skipped = ngettext(
        "%(count)s was left as it is: it has been changed since.",
        "%(count)s were left as they are: they have been changed since.",
        aside,
    ) % {"count": aside}
    return f"{done} {skipped}"


@require_POST
def dismissal(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Say that a value is right, of one or (`all`) of everybody who has it; with `restore`, take that back."""
    url = reverse("contacts:quality_dismissal", args=[finding_id])
    response = trigger(HttpResponse(status=204), CHANGED)
    if request.POST.get("restore") or request.GET.get("restore"):
        actions.take_up_finding(by=request.actor, finding_id=finding_id)
        return toast(response, _("The remark is shown again."))
    actions.dismiss_finding(by=request.actor, finding_id=finding_id, for_all=bool(request.POST.get("all")))
    return toast(response, _("Noted as right: the remark will not come back."), undo_url=f"{url}?restore=1")


@require_GET
def card_remarks(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Remarks about one contact, for its card."""
    request.actor.require("contacts.inspect")
    rows = queries.rows_about(request.actor, contact_id)
    context = {"rows": rows, "may_fix": request.actor.may("contacts.edit"), "contact_id": contact_id}
    return render(request, "contacts/quality_card.html", context)
