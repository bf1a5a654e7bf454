"""What houses a territory has: a text looked at before it is kept, one rule written anew, both taken away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from veche.addresses.actions import territories as actions
from veche.addresses.coverage.preview import preview_of
from veche.addresses.forms import RuleForm, TextForm
from veche.addresses.queries import territories as queries
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, territory_id: int) -> HttpResponse:
    """A commission's text: first how it was read, then, with `then=save`, kept."""
    request.actor.require("addresses.draw_territories")
    found = queries.territory_seen(request.actor, territory_id)
    form = TextForm(request.POST or None)
    said = {"by": request.actor, "territory_id": territory_id}
    if request.POST.get("then") == "save" and form.does(actions.paste_houses, **said):
        return _kept(request, territory_id, form.outcome)
    preview = None
    if form.is_bound and form.does(actions.look_at_houses, **said):
        preview = preview_of(form.cleaned_data["text"], form.outcome)
    return form_page(request, "addresses/territory_text.html", form, territory=found, preview=preview)


def _kept(request: HttpRequest, territory_id: int, kept: actions.TerritoryText) -> HttpResponse:
    count = kept.rules.filter(is_read=True).count()
    said = ngettext("%(count)d rule was added.", "%(count)d rules were added.", count) % {"count": count}
    response = redirect(request, reverse("addresses:territory", args=[territory_id]))
    return toast(response, said, undo_url=reverse("addresses:territory_text_removal", args=[kept.pk]))


@require_POST
def text_removal(request: HttpRequest, text_id: int) -> HttpResponse:
    """Take a text back; what it replaced holds again."""
    territory_id = actions.take_back_text(by=request.actor, text_id=text_id)
    response = redirect(request, reverse("addresses:territory", args=[territory_id]))
    return toast(response, _("The text has been taken back."))


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One rule, or a piece that was not understood, to be written in other words."""
    found = queries.rule_seen(request.actor, rule_id)
    form = RuleForm(request.POST or None, initial={"text": queries.words_of(found)})
    if request.method == "POST" and form.does(actions.rewrite_rule, by=request.actor, rule_id=rule_id):
        page = reverse("addresses:territory", args=[found.territory_id])
        return toast(redirect(request, page), _("The rule has been changed."))
    return form_page(request, "addresses/territory_rule.html", form, rule=found)


@require_POST
def rule_removal(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take one rule away."""
    territory_id = actions.remove_rule(by=request.actor, rule_id=rule_id)
    response = redirect(request, reverse("addresses:territory", args=[territory_id]))
    return toast(response, _("The rule has been removed."))
