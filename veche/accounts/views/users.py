"""Users, for administrators."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veche.accounts import actions, effective, queries
from veche.accounts.forms.users import UserForm
from veche.ui.action_form import form_page
from veche.ui.fragments import redirect, toast


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/user_list.html", {"users": queries.users_page(request.actor)})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new user; their page then offers the link for the first sign-in."""
    form = UserForm(request.POST or None, actor=request.actor, initial={"role": "operator"})
    if request.method == "POST" and form.does(actions.add_user, by=request.actor):
        url = reverse("accounts:user", args=[form.outcome.pk])
        return toast(redirect(request, url), _("The user has been added. Give them a sign-in link."))
    return form_page(request, "accounts/user_form.html", form)


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user: what they are, and what can be done about their signing in."""
    found = queries.user_of(request.actor, user_id)
    form = UserForm.of(found, request.POST or None, actor=request.actor)
    if request.method == "POST" and form.does(actions.change_user, by=request.actor, user=found):
        return toast(redirect(request, reverse("accounts:users")), _("The user has been changed."))
    guarded = queries.is_guarded(found)
    return form_page(request, "accounts/user_form.html", form, user=found, guarded=guarded)


@require_safe
def access(request: HttpRequest, user_id: int) -> HttpResponse:
    """What a user may do and see, in words, and why."""
    found = queries.user_of(request.actor, user_id)
    rights = effective.rights_of(request.actor, found)
    may_look = queries.seen_as(request.actor, found.pk) is not None
    return render(
        request, "accounts/user_access.html", {"user": found, "rights": rights, "may_look": may_look}
    )


@never_cache
@require_POST
def link(request: HttpRequest, user_id: int) -> HttpResponse:
    """A sign-in link, shown this once."""
    found = queries.user_of(request.actor, user_id)
    token = actions.issue_sign_in_link(by=request.actor, user=found)
    url = f"{settings.VECHE_URL}{reverse('accounts:sign_in_link', args=[token])}"
    return render(request, "accounts/user_link.html", {"user": found, "url": url})


@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    found = queries.user_of(request.actor, user_id)
    actions.deactivate_user(by=request.actor, user=found)
    undo = reverse("accounts:user_activate", args=[found.pk])
    response = redirect(request, reverse("accounts:users"))
    return toast(response, _("The user has been switched off."), undo_url=undo)


@require_POST
def activate(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.activate_user(by=request.actor, user=queries.user_of(request.actor, user_id))
    response = redirect(request, reverse("accounts:users"))
    return toast(response, _("The user can sign in again."))


@require_POST
def remove_second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.remove_second_factor(by=request.actor, user=queries.user_of(request.actor, user_id))
    response = redirect(request, reverse("accounts:user", args=[user_id]))
    return toast(response, _("The second factor has been removed, and all sessions have been ended."))
