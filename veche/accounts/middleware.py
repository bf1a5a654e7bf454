"""Puts `request.actor` on every request, and lets nobody in who has not signed in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.errors import FeatureNotSupported, QueryCanceled, ReadOnlySqlTransaction

from veche.accounts import actions, queries, showing
from veche.core.actor import Actor
from veche.ui.errors import show_refusal
from veche.ui.fragments import redirect

# The whole list of what a stranger may open. Everything else, and every view yet to be written, asks to sign in.
PUBLIC = frozenset(
    {
        "account_login",
        "account_inactive",
        "account_reset_password",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "accounts:sign_in_link",
        "desk:health",
        "ui:language",
        "ui:theme",
        "ui:density",
    }
)


class ActorMiddleware:
    """Stands after the session, the user and the language are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
            own = queries.actor_for(user, language=translation.get_language())
        else:
            own = Actor.anonymous()
        request.actor = showing.choose_actor(request, own)
        with showing.lens(request):
            if showing.presents(request):
                request.actor = showing.under_invented_name(request.actor)
            response = self.get_response(request)
        if response.streaming and showing.presents(request):  # it would be read when the lens is gone
            response.close()
            response = show_refusal(request, showing.not_presented())
        self._keep_language(request, response)
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Deny by default."""
        if request.actor.is_anonymous and request.resolver_match.view_name not in PUBLIC:
            return ask_to_sign_in(request)
        refusal = showing.refusal(request)
        return show_refusal(request, refusal) if refusal else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What the server stopped: writing while somebody looks as another or presents, and too long an inventing."""
        stopped = exception.__cause__
        if isinstance(stopped, ReadOnlySqlTransaction | FeatureNotSupported) and showing.is_on(request):
            return show_refusal(request, showing.read_only(request))
        if isinstance(stopped, QueryCanceled) and showing.presents(request):
            return show_refusal(request, showing.too_much_to_invent())
        return None

    def _keep_language(self, request: HttpRequest, response: HttpResponse) -> None:
        """The switch in the frame sets a cookie; the user keeps the choice too, for jobs and other browsers."""
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        user = request.user
        if chosen and chosen.value and user.is_authenticated and user.language != chosen.value:
            actions.change_own(by=request.own_actor, language=chosen.value)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back: a redirect, HX-Redirect for htmx, 401 for programs."""
    accepted = request.headers.get("Accept", "")
    if request.path.startswith("/api/") or ("application/json" in accepted and "text/html" not in accepted):
        sentence = _("Sign in first.")
        return JsonResponse({"code": "sign_in", "message": sentence, "fields": {}}, status=401)
    back = request.get_full_path() if request.method == "GET" else ""
    if request.headers.get("HX-Request") == "true":  # the page around the fragment, not the fragment
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = parts.path + (f"?{parts.query}" if parts.query else "")
    url = resolve_url(settings.LOGIN_URL)
    return redirect(request, f"{url}?{urlencode({'next': back})}" if back not in ("", "/") else url)
