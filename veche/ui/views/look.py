"""The living style page: every component in its states, for developers and for pictures, with VECHE_DEBUG=1 only."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from veche.core.refusal import Refusal
from veche.ui.fragments import form_errors, render_page, toast


class SampleForm(forms.Form):
    """One field of every kind."""

    phone = forms.CharField(label=pgettext_lazy("look", "Phone"))
    since = forms.CharField(
        label=pgettext_lazy("look", "Last contact before"),
        help_text=pgettext_lazy("look", "You may write “90 days”."),
        required=False,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("look", "Kind"),
        choices=[("a", pgettext_lazy("look", "person")), ("b", pgettext_lazy("look", "organisation"))],
    )
    when = forms.ChoiceField(
        label=pgettext_lazy("look", "When"),
        widget=forms.RadioSelect,
        choices=[("later", pgettext_lazy("look", "later")), ("earlier", pgettext_lazy("look", "earlier"))],
    )
    note = forms.CharField(
        label=pgettext_lazy("look", "Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    agreed = forms.BooleanField(label=pgettext_lazy("look", "Has agreed to calls"), required=False)

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if len([letter for letter in text if letter.isdigit()]) != 11:
            raise forms.ValidationError(
                pgettext("look", "One digit is missing. For example: +7 911 000-82-30.")
            )
        return text


def look(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    now = timezone.now()
    context = {
        "form": SampleForm(initial={"when": "later"}),
        "bad_form": SampleForm(
            {"phone": "+7 911 000-82-3", "when": "later", "agreed": "on"}, auto_id="bad_%s"
        ),
        "money": [Decimal(1500), Decimal("-2500.50"), None],
        "times": [
            now - timedelta(hours=2),
            now - timedelta(days=1),
            now - timedelta(days=9),
            now - timedelta(days=400),
        ],
        "parts": [(4812, "c5"), (1906, "c1"), (1301, "none"), (195, "warn")],
        "colours": range(1, 7),
        "batteries": range(4, -1, -1),
        "jobs": sample_jobs(),
        "steps": range(1, 6),
    }
    return render_page(request, "ui/look.html", context)


def sample_jobs() -> list[dict]:
    """A job in each state, shaped as `ui/job_tray.html` takes them."""
    title = pgettext("look", "Signatures import")
    running = {
        "title": title,
        "name": title,
        "state": "running",
        "percent": 62,
        "seconds_left": 240,
    }
    return [
        running | {"cancel_url": "#"},
        {"title": pgettext("look", "Export"), "state": "queued", "percent": None},
        {
            "title": title,
            "subject": "Округ № 16.xlsx",
            "name": f"{title} Округ № 16.xlsx",
            "state": "done",
            "percent": 100,
            "result_url": "#",
            "dismiss_url": "#",
        },
    ]


@require_POST
def form(request: HttpRequest) -> HttpResponse:
    """The sample form: 422 with its errors, or a fresh one with a toast."""
    sent = SampleForm(request.POST)
    if not sent.is_valid():
        return form_errors(request, "ui/look.html", {"form": sent}, fragment="form")
    response = render_page(request, "ui/look.html", {"form": SampleForm()}, fragment="form")
    return toast(response, pgettext("look", "Saved."), undo_url=reverse("ui:look_toast"))


@require_POST
def toasted(request: HttpRequest) -> HttpResponse:
    """Nothing but a toast."""
    return toast(
        HttpResponse(status=204),
        pgettext("look", "The tag has been added to 6 people."),
        undo_url=request.path,
    )


@require_POST
def refusal(request: HttpRequest) -> HttpResponse:
    """Always refuses."""
    raise Refusal(
        "look.refused", pgettext("look", "Nobody may do this: it is here to be refused."), status=403
    )


def found(request: HttpRequest) -> HttpResponse:
    """Answers of the palette in its own markup."""
    return render_page(request, "ui/look_found.html", {"q": request.GET.get("q", "")})


def value(request: HttpRequest) -> HttpResponse:
    """A value edited in place: GET its field, POST the value again, or 422 when it's empty."""
    if request.method == "GET":
        return render_page(request, "ui/look_value.html", {"value": "12"})
    text = request.POST.get("value", "").strip()
    context = {"value": text, "is_saved": bool(text), "is_refused": not text}
    return render_page(request, "ui/look_value.html", context, status=200 if text else 422)
