"""Refusals and errors in the form the asker understands. `config.urls` names the four handlers."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from veche.core import room
from veche.core.refusal import Refusal
from veche.ui.fragments import is_fragment

log = logging.getLogger(__name__)
REFUSAL_HEADER = "X-Veche-Refusal"


def show_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A `Refusal` as JSON for programs, as a note for htmx (islands put it where the click was), else as a page."""
    leads_to = getattr(refusal, "leads_to", "")
    return _answer(
        request, refusal.status, refusal.code, str(refusal.message), refusal.fields, leads_to=leads_to
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what no page of ours sends."""
    return _answer(request, 400, "bad_request", _("The server did not understand this request."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 by Django itself."""
    return _answer(request, 403, "forbidden", _("You may not do this. Ask a coordinator if you need it."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check, usually a page that stood open since before a new sign-in (CSRF_FAILURE_VIEW)."""
    text = _("This page is too old: you have signed in again since it was opened. Reload it and repeat.")
    return _answer(request, 403, "csrf", text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this reader, who must not learn which."""
    text = _("There is no such page, or it is not open to you.")
    return _answer(request, 404, "not_found", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, its reference is the request's id in the log. A full disk is told as what it is (507)."""
    if room.is_full(sys.exc_info()[1]):
        return show_refusal(request, room.refusal())
    code = str(getattr(getattr(request, "actor", None), "request_id", ""))[:8]
    text = _("Something broke on our side. What you had saved before is safe.")
    try:
        return _answer(request, 500, "server_error", text, reference=code)
    except Exception:  # the frame itself may be what broke: the database is down
        log.exception("The error page broke too")
        context = {"message": text, "reference": code, "language": get_language()}
        return HttpResponse(render_to_string("ui/broken.html", context), status=500)


def _answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    fields: dict | None = None,
    reference: str = "",
    leads_to: str = "",
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"code": code, "message": message, "fields": fields or {}}, status=status)
    context = {
        "status": status,
        "code": code,
        "message": message,
        "fields": fields or {},
        "reference": reference,
        "leads_to": leads_to,
    }
    if is_fragment(request):
        response = render(request, "ui/error.html#note", context, status=status)
        response.headers[REFUSAL_HEADER] = code
        return response
    actor = getattr(request, "actor", None)
    signed_in = actor is not None and actor.user_id is not None
    context["base_template"] = "ui/page.html" if signed_in else "ui/bare.html"
    return render(request, "ui/error.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or (
        "application/json" in accepted and "text/html" not in accepted
    )
