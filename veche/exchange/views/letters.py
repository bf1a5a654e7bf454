"""Labels, envelopes and the list for the post."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.exchange.actions import letters as actions
from veche.exchange.forms.letters import LettersForm, starting_values
from veche.exchange.queries import orders
from veche.ui.fragments import form_errors, redirect, render_page, toast

PAGE = "exchange/letters_new.html"


@require_http_methods(["GET", "POST"])
def letters_new(request: HttpRequest) -> HttpResponse:
    """What to print on and who sends it; the address has the list's filters."""
    request.actor.require("exchange.export")
    view = orders.view_of(request.GET)
    question = orders.question_of(request.actor, view)
    if request.method == "GET":
        form = LettersForm(initial=starting_values(orders.remembered_letters(request.actor)))
        return render_page(request, PAGE, _page(request, form, view, question))
    form = LettersForm(request.POST)
    if not form.is_valid():
        return form_errors(request, PAGE, _page(request, form, view, question))
    actions.order_letters(by=request.actor, view=view, form=form.form, letters=form.asked())
    answer = redirect(request, reverse("exchange:exports"))
    return toast(answer, _("The letters are being made. You may go on working."))


@require_POST
def letters_sample(request: HttpRequest) -> HttpResponse:
    """The same with made-up recipients, to try the printer and the paper. What was typed stays out of the address."""
    request.actor.require("exchange.export")
    form = LettersForm(request.POST)
    if not form.is_valid() or form.cleaned_data["what"] == actions.POST:
        return HttpResponse(
            _("Choose labels or envelopes."), status=422, content_type="text/plain; charset=utf-8"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.pdf"
        actions.draw(path, form.asked(), actions.SAMPLE)
        answer = HttpResponse(path.read_bytes(), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="sample.pdf"'
    return answer


def _page(request: HttpRequest, form: LettersForm, view: dict[str, Any], question: Any) -> dict[str, Any]:
    people, estimated = found = orders.how_many(request.actor, view)
    return {
        "form": form,
        "filters": question.filters,
        "people": people,
        "estimated": estimated,
        "with_address": orders.with_address(request.actor, view, found),
        "address": urlencode(view, doseq=True),
        "kept_days": orders.KEPT_DAYS,
    }
