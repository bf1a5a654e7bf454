"""Addresses for tests of this room alone: the living style page, and views that refuse or break."""

import errno

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from veche.core.refusal import NotFound, Refusal, Stale
from veche.ui.urls import look_patterns
from veche.ui.urls import urlpatterns as own_patterns


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    """Raises what `kind` says."""
    kinds = {
        "form": Refusal("sample.form", "Give a number.", fields={"phone": "Eleven digits."}),
        "missing": NotFound(),
        "stale": Stale(),
        "full": OSError(errno.ENOSPC, "No space left on device"),
        "forbidden": Refusal("sample.forbidden", "Not yours.", status=403),
    }
    if kind in kinds:
        raise kinds[kind]
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("refuse/<str:kind>/", refuse, name="refuse"),
    path("", include(([*own_patterns, *look_patterns], "ui"))),
    path("", include("config.urls")),
]
handler400 = "veche.ui.errors.bad_request"
handler403 = "veche.ui.errors.forbidden"
handler404 = "veche.ui.errors.not_found"
handler500 = "veche.ui.errors.server_error"
