"""Signing in by link, and the page for those who have forgotten their password. The rest is django-allauth's."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from veche.accounts import actions, queries, signing_in


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A button that spends the link: programs that look at links in letters only ever GET them."""
    if request.method == "GET":
        fresh = queries.sign_in_link_is_fresh(token)
        return render(request, "accounts/sign_in_link.html", {"fresh": fresh}, status=200 if fresh else 410)
    user = actions.use_sign_in_link(by=request.actor, token=token)
    if request.user.is_authenticated:
        request.session.flush()
    record_authentication(request, user, method=signing_in.LINK)
    next_page = "/" if user.has_usable_password() else reverse("mfa_index")
    return perform_login(request, Login(user=user, redirect_url=next_page))


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """No letter leaves the server yet, so an administrator gives a link."""
    return render(request, "accounts/sign_in_forgotten.html")
