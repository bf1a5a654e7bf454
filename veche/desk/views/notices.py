"""The notification centre: the list as a page and as a drawer, the bell, reading, and what a user wants to hear of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.desk import actions
from veche.desk.forms import NoticesForm
from veche.desk.queries import notices as queries
from veche.ui.action_form import form_page
from veche.ui.fragments import is_fragment, redirect, render_page, toast

LIST = "desk/notices.html"
IN_DRAWER = 12


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices; for htmx the drawer, or with `after` the lines of the next page."""
    request.actor.require("desk.use")
    after = request.GET.get("after", "")
    part = "lines" if after else "list" if request.GET.get("part") == "list" else "drawer"
    size = IN_DRAWER if is_fragment(request) and part == "drawer" else queries.PAGE
    page = queries.notices_page(request.actor, after, size=size)
    return render_page(request, LIST, {"page": page}, fragment=part)


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the top bar with its number."""
    request.actor.require("desk.use")
    return render(request, "ui/bell.html", {"unread": queries.unread_count(request.actor)})


@require_POST
def reading(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one as read, and go where it leads when there is such a place."""
    notice = queries.notice_of(request.actor, notice_id)
    actions.mark_read(by=request.actor, notice=notice)
    line = queries.line_of(request.actor, queries.notice_of(request.actor, notice_id))
    if line is not None and line.words.url and "stay" not in request.POST:
        return redirect(request, line.words.url)
    return render(request, f"{LIST}#line", {"line": line})


@require_POST
def readings(request: HttpRequest) -> HttpResponse:
    """Mark as read all that the list showed, and what is older."""
    until, entry = (_number(request.POST.get(name, "")) for name in ("until", "entry"))
    actions.mark_all_read(by=request.actor, until=until, entry=entry)
    if not is_fragment(request):
        return redirect(request, reverse("desk:notices"))
    page = queries.notices_page(request.actor, size=IN_DRAWER if "drawer" in request.POST else queries.PAGE)
    return render(request, f"{LIST}#list", {"page": page, "in_drawer": "drawer" in request.POST})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which kinds the user wants, and his quiet hours."""
    request.actor.require("desk.use")
    wishes = queries.wishes_of(request.actor)
    form = NoticesForm(request.POST or None, actor=request.actor, wishes=wishes)
    if request.method == "POST" and form.does(actions.choose_notices, by=request.actor):
        return toast(redirect(request, reverse("desk:notice_choices")), _("Saved."))
    urgent = [kind for kind in queries.kinds_for(request.actor) if kind.urgent]
    return form_page(request, "desk/notice_choices.html", form, urgent=urgent)
