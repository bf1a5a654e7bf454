"""Correcting a file before the load: cells and doubts on the page of the check, words of columns matched with lists."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.core.actor import Actor
from veche.core.refusal import Refusal, Stale
from veche.exchange import actions, queries
from veche.exchange.forms.imports import AskedForm, CorrectionForm, typed_words
from veche.exchange.models import Correction, Import
from veche.exchange.queries import corrections_made, identity, import_pages, problems, wording
from veche.exchange.queries.plans import caption_of
from veche.ui.formats import count
from veche.ui.fragments import form_errors, is_fragment, redirect, render_page, toast, trigger

CHECK, LINE = "exchange/import_check.html", "exchange/import_fix.html"
PROBLEM, WORDS = "exchange/import_problem.html", "exchange/import_words.html"


@require_POST
def corrections(request: HttpRequest, import_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    form = CorrectionForm(request.POST)
    line = form.line(imported)
    if line is None:
        raise Stale(_("This row has been corrected already."))
    context = {"imported": imported, "line": line}
    try:
        made = _correct(request.actor, imported, form, line)
    except Refusal as refusal:
        if "replacement" not in refusal.fields or not is_fragment(request):
            raise
        context |= {"problem": refusal.message, "typed": form.cleaned_data["replacement"]}
        return form_errors(request, LINE, context)
    if not is_fragment(request):
        return redirect(request, reverse("exchange:check", args=[imported.pk]))
    said = replace(line, said=made, became=identity.in_words(made, request.actor))
    answer = render_page(request, LINE, {**context, "line": said, "fresh": True})
    return trigger(answer, "import-corrected")


def _correct(by: Actor, imported: Import, form: CorrectionForm, line: problems.Group) -> Correction:
    if whom := form.person_chosen():
        return actions.choose_person(by=by, imported=imported, **whom)
    return actions.correct_cells(by=by, imported=imported, **form.chosen(line))


@require_POST
def likely(request: HttpRequest, import_id: int) -> HttpResponse:
    """All rows that are like somebody in the base: somebody new, or those very people."""
    imported = queries.get_import(request.actor, import_id)
    new = request.POST.get("who") != "same"
    made = actions.choose_for_all(by=request.actor, imported=imported, new=new)
    answer = redirect(request, reverse("exchange:check", args=[imported.pk]))
    said = ngettext(
        "You have said of %(shown)s row who it is.",
        "You have said of %(shown)s rows who they are.",
        made.rows,
    )
    return toast(answer, said % {"shown": count(made.rows)})


@require_POST
def correction_removal(request: HttpRequest, import_id: int, correction_id: int) -> HttpResponse:
    imported = queries.get_import(request.actor, import_id)
    actions.take_back(by=request.actor, imported=imported, correction_id=correction_id)
    answer = redirect(request, reverse("exchange:check", args=[imported.pk]))
    return toast(answer, _("The correction has been taken back."))


@require_GET
def standing(request: HttpRequest, import_id: int) -> HttpResponse:
    """The numbers of a checked file as corrections come into force."""
    imported = queries.get_import(request.actor, import_id)
    settled = not corrections_made.is_waiting(imported)
    gone_on = imported.state != Import.State.CHECKED
    if gone_on or not is_fragment(request) or (settled and request.GET.get("anew")):
        return redirect(request, reverse("exchange:import", args=[imported.pk]))
    context = {"imported": imported, "answering": True, **import_pages.numbers(imported, request.actor)}
    return render_page(request, CHECK, context, fragment="standing")


@require_GET
def problem(request: HttpRequest, import_id: int) -> HttpResponse:
    """All values with one problem, or all rows with one value."""
    imported, form = queries.get_import(request.actor, import_id), AskedForm(request.GET)
    context = {"imported": imported, **problems.asked_problem(imported, request.actor, **form.asked())}
    return render_page(request, PROBLEM, context, fragment="more" if form.asked()["after"] else None)


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, import_id: int, column: int) -> HttpResponse:
    """What the words of a column become: entries of a list, new ones, or nothing."""
    imported = queries.get_import(request.actor, import_id)
    plan = wording.plan_of(imported, column)
    found, wrong = wording.list_of(plan, request.actor), []
    after = request.GET.get("after", "")
    start, asked = (
        int(after) if after.isdecimal() and len(after) < 8 else 0,
        request.GET.get("q", "").strip()[:100],
    )
    lines, more = wording.lines_of(imported, plan, found, asked=asked, after=start)
    if request.method == "POST":
        changed = wording.said_of(lines, typed_words(request.POST))
        wrong = wording.problems_of(found, changed, plan)
        if not wrong:
            actions.match_words(by=request.actor, imported=imported, column=column, words=changed)
            answer = redirect(request, reverse("exchange:check", args=[imported.pk]))
            return toast(answer, _("What the words stand for has been remembered."))
        lines = [replace(line, becomes=changed.get(line.word) or line.becomes) for line in lines]
    context = {
        "imported": imported, "plan": plan, "caption": caption_of(imported, column), "list": found,
        "lines": lines, "asked": asked, "wrong": wrong, "next_after": start + wording.PAGE if more else None,
        "target": import_pages.target_of(plan),
    }  # fmt: skip
    return render_page(
        request, WORDS, context, fragment="words" if wrong else None, status=422 if wrong else 200
    )
