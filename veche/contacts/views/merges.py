"""Cards that become one: beside each other, what was merged, and undoing it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veche.contacts.actions.merging import merge_contacts
from veche.contacts.actions.unmerging import Unmerged, unmerge
from veche.contacts.queries import merging as queries
from veche.contacts.queries.card import card
from veche.contacts.queries.merging_since import came_since
from veche.contacts.queries.search import search_contacts
from veche.contacts.queries.selection import Selection, selection_of
from veche.core.refusal import Refusal
from veche.ui import formats
from veche.ui.fragments import redirect, render_page, toast

MOST_SHOWN = 9  # side by side, a key for each
PAGES = "contacts/merging"


@require_http_methods(["GET", "POST"])
def merge_new(request: HttpRequest) -> HttpResponse:
    """Cards side by side; a POST makes one of them, the first."""
    request.actor.require("contacts.merge")
    ids = _chosen(request)
    if request.method == "POST":
        merge = merge_contacts(
            by=request.actor, kept_id=ids[0], gone_ids=ids[1:], choices=queries.choices_of(request.POST, ids)
        )
        answer = redirect(request, reverse("contacts:card", args=[merge.contact_id]))
        words = ngettext("%(count)s card became one.", "%(count)s cards became one.", len(ids))
        undo_url = reverse("contacts:merge_undo", args=[merge.pk])
        return toast(answer, words % {"count": formats.count(len(ids))}, undo_url=undo_url)
    context = {"comparison": queries.comparison(request.actor, ids)}
    return render_page(request, f"{PAGES}/merge_new.html", context, fragment="comparison")


@require_GET
def merge_with(request: HttpRequest, contact_id: int) -> HttpResponse:
    """With whom one card is to be merged: found by whatever is typed."""
    request.actor.require("contacts.merge")
    text = request.GET.get("q", "").strip()
    hits = [hit for hit in search_contacts(request.actor, text).hits if hit.id != contact_id] if text else []
    context = {"card": card(request.actor, contact_id), "q": text, "hits": hits}
    return render_page(request, f"{PAGES}/merge_with.html", context, fragment="hits")


@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """What was merged, the newest first."""
    request.actor.require("contacts.merge")
    after = request.GET.get("after", "")
    found, more = queries.merges(
        request.actor, after=int(after) if after.isdecimal() and len(after) < 19 else None
    )
    return render_page(
        request, f"{PAGES}/merges.html", {"merges": found, "more": more}, fragment="more" if after else None
    )


@require_GET
def merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """One merge: who went into whom, what came since, and its undo."""
    request.actor.require("contacts.merge")
    found = queries.get_merge(request.actor, merge_id)
    since = [] if found.undone_at else came_since(request.actor, found)
    return render(request, f"{PAGES}/merge.html", {"merge": found, "since": since})


@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """The cards are told apart again; what came since goes to whom it was assigned."""
    assigned = {
        key.removeprefix("since."): int(value)
        for key, value in request.POST.items()
        if key.startswith("since.") and value.isdecimal() and len(value) < 19
    }
    undone = unmerge(by=request.actor, merge_id=merge_id, assigned=assigned)
    answer = redirect(request, reverse("contacts:card", args=[undone.kept_id]))
    return toast(answer, _said(undone))


def _said(undone: Unmerged) -> str:
    number = len(undone.back_ids)
    words = ngettext("%(count)s card is there again.", "%(count)s cards are there again.", number)
    return words % {"count": formats.count(number)}


def _chosen(request: HttpRequest) -> list[int]:
    """The cards meant, the one that stays first."""
    given = request.POST if request.method == "POST" else request.GET
    by_address = "ids" not in given and "all" not in given
    chosen = (
        Selection(request.actor, asked=given.urlencode())
        if by_address
        else selection_of(request.actor, given)
    )
    ids = list(chosen.ids) if chosen.ids is not None else [each.pk for each in chosen.people(MOST_SHOWN + 1)]
    if len(ids) < 2:
        raise Refusal("contacts.merge_alone", _("Choose at least two cards to make one of them."))
    if len(ids) > MOST_SHOWN:
        sentence = _("At most %(most)s cards can stand side by side. Choose fewer.")
        raise Refusal("contacts.merge_too_many", sentence % {"most": MOST_SHOWN})
    return ids
