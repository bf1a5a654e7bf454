"""How a view answers: a page or its fragment, a toast, a form with errors, a move elsewhere, "somebody was faster".

    def note_add(request, contact_id):
        contact = queries.contacts_for(request.actor).get(id=contact_id)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return form_errors(request, "contacts/contact_notes.html", {"form": form}, fragment="form")
        note = actions.add_note(by=request.actor, contact=contact, **form.cleaned_data)
        response = render_page(request, "contacts/contact_notes.html", {"note": note}, fragment="note")
        return toast(response, _("The note has been added."), undo_url=reverse("contacts:note_undo", args=[note.id]))

Statuses: 200 the piece, 422 the form with its errors, 409 stale, 204 nothing to show. The server names the fragment.
"""

import json
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

TOAST_COOKIE = "veche_toast"
TOAST_SALT = "veche.ui.toast"
TOAST_SECONDS = 60


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx asked for a piece; a boosted link and a lost history entry want the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the partial `fragment` of the same template (django-template-partials)."""
    name = f"{template}#{fragment}" if fragment and is_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def form_errors(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str | None = None
) -> HttpResponse:
    """The form again with its errors, status 422; htmx swaps it in (see the htmx-config meta tag of `ui/base.html`)."""
    return render_page(request, template, context, fragment=fragment, status=422)


def stale(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str | None = None
) -> HttpResponse:
    """The thing as it is now, status 409: somebody changed it since this page was loaded."""
    return render_page(request, template, context, fragment=fragment, status=409)


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Moves the browser to `url`: 302 for a page, HX-Redirect for htmx (which would swap a followed 302 in)."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def trigger(response: HttpResponse, event: str, detail: Any = True) -> HttpResponse:
    """Adds an event to HX-Trigger: panels with `hx-trigger="EVENT from:body"` reload themselves."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(events | {event: detail}, ensure_ascii=True)
    return response


def toast(
    response: HttpResponse, message: str, *, undo_url: str | None = None, level: str = "ok"
) -> HttpResponse:
    """Says in the past tense what has been done; `undo_url` gets a POST when "Undo" is pressed. Never for errors.

    On a redirect the toast travels in a signed cookie that the next full page shows and removes.
    """
    detail = {"message": str(message), "level": level, "undo": undo_url}
    if 300 <= response.status_code < 400 or response.has_header("HX-Redirect"):
        value = signing.dumps(detail, salt=TOAST_SALT)
        response.set_cookie(TOAST_COOKIE, value, max_age=TOAST_SECONDS, httponly=True, samesite="Lax")
        return response
    return trigger(response, "toast", detail)


def waiting_toast(request: HttpRequest) -> dict[str, Any] | None:
    """The toast a redirect left behind; a forged or old cookie is nothing."""
    value = request.COOKIES.get(TOAST_COOKIE)
    if not value:
        return None
    try:
        return signing.loads(value, salt=TOAST_SALT, max_age=TOAST_SECONDS)
    except signing.BadSignature:
        return None
