"""What users see and change about themselves."""

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.accounts import actions, queries
from veche.accounts.forms.users import ProfileForm
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language; the language counts at once."""
    user = queries.own_user(request.actor)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.does(actions.change_own, by=request.actor):
        with translation.override(form.outcome.language):
            response = toast(redirect(request, reverse("accounts:profile")), _("Saved."))
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.outcome.language, settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
        )
        return response
    return form_page(request, "accounts/own_profile.html", form, user=user)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, passkeys, and the newest sign-ins."""
    return render(request, "accounts/own_security.html", queries.own_security(request.actor))


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    user = actions.end_other_sessions(by=request.actor)
    update_session_auth_hash(request, user)
    return toast(redirect(request, reverse("mfa_index")), _("All other sessions have been ended."))
