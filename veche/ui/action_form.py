"""Forms that end in an action: shape and cleaning here, rules in the action, its refusals back in the fields.

def team_new(request):
    form = TeamForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.does(actions.add_team, by=request.actor):
        return toast(redirect(request, reverse("accounts:teams")), _("The team has been added."))
    return form_page(request, "accounts/team_form.html", form)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from veche.core.refusal import Refusal
from veche.ui.fragments import render_page

UNPROCESSABLE = 422


class ActionForm(forms.Form):
    """A form whose cleaned data are the arguments of an action. `outcome` is what the action returned."""

    outcome: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)

    def does(self, verb: Callable[..., Any], **more: Any) -> bool:
        """Call the action with the cleaned data and `more`; False with the sentences in the form when refused (422)."""
        if not self.is_valid():
            return False
        try:
            self.outcome = verb(**self.arguments(), **more)
        except Refusal as refusal:
            if refusal.status != UNPROCESSABLE:
                raise
            for name, sentence in (refusal.fields or {None: refusal.message}).items():
                self.add_error(name if name in self.fields else None, str(sentence))
            return False
        return True

    def arguments(self) -> dict[str, Any]:
        """The action's arguments; by default the cleaned data under their own names."""
        return dict(self.cleaned_data)


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The form's page: 200 when it is shown anew, 422 when it came back with errors."""
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render_page(request, template, {"form": form, **context}, status=status)
