"""A rule set: from when on two are one, what counts how much, what happens at night."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from veche.core.refusal import Refusal
from veche.dedupe.actions import rules as actions
from veche.dedupe.forms import RulesForm
from veche.dedupe.models import RuleSet
from veche.dedupe.queries import lessons
from veche.dedupe.queries import rules as queries
from veche.ui.fragments import form_errors, redirect, render_page, toast

PAGE = "dedupe/rules.html"


@require_http_methods(["GET", "POST"])
def rules_new(request: HttpRequest) -> HttpResponse:
    """A new rule set, filled in from the one in use."""
    used = queries.get_rules(request.actor, None)
    fresh = RuleSet(name="" if used.pk else used.name, automatic=used.automatic, ask=used.ask)
    fresh.left_out, fresh.weights, fresh.learns = used.left_out, used.weights, used.learns
    fresh.in_use = used.pk is None
    return _form(request, fresh)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, rules_id: int) -> HttpResponse:
    return _form(request, queries.get_rules(request.actor, rules_id))


def _form(request: HttpRequest, rules: RuleSet) -> HttpResponse:
    context = {"rules": rules, "taught": lessons.taught(rules)}
    if request.method == "GET":
        return render_page(request, PAGE, context | {"form": RulesForm.of(rules)}, fragment="form")
    form = RulesForm(request.POST)
    if form.is_valid():
        try:
            actions.save_rules(by=request.actor, rules=rules, **form.arguments())
        except Refusal as refusal:
            if not refusal.fields:
                raise
            for name, sentence in refusal.fields.items():
                form.add_error(name, sentence)
        else:
            return toast(redirect(request, reverse("dedupe:searches")), _("The rules are saved."))
    return form_errors(request, PAGE, context | {"form": form}, fragment="form")


@require_POST
def removal(request: HttpRequest, rules_id: int) -> HttpResponse:
    actions.remove_rules(by=request.actor, rules=queries.get_rules(request.actor, rules_id))
    return toast(redirect(request, reverse("dedupe:searches")), _("The rules are removed."))
