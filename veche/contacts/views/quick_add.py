"""People typed line by line, or a list pasted at once: read, shown, corrected, added, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from veche.campaigns.queries import running_for
from veche.contacts.actions.quick_add import Entry, add_entries, take_back
from veche.contacts.forms import LineForm
from veche.contacts.free_line import MOST_LINES, FreeLine, read_line
from veche.contacts.models import Contact
from veche.contacts.queries.address_parts import ShownReading, reading_of
from veche.contacts.queries.hints import Same
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.quick_add import (
    Clue,
    Words,
    clue_of,
    doubles,
    just_added,
    read_for,
    repeated,
    words_for,
)
from veche.core.refusal import Refusal
from veche.ui.formats import count
from veche.ui.fragments import toast, trigger

PAGE = "contacts/quick_add.html"


@dataclass
class Row:
    """A line of the preview: what was understood, in a form, and whom we perhaps know already."""

    form: LineForm
    line: FreeLine
    same: list[Same]
    repeats: int | None
    address: ShownReading | None


@require_GET
def quick_add(request: HttpRequest) -> HttpResponse:
    """The page; what stands in `text` of its address is in the box already."""
    request.actor.require("contacts.add")
    context = {
        "campaigns": running_for(request.actor) if request.actor.may("campaigns.view") else [],
        "campaign": request.GET.get("campaign", ""),
        "text": request.GET.get("text", ""),
        "words": words_for(request.actor),
    }
    return render(request, PAGE, context)


@require_POST
def quick_preview(request: HttpRequest) -> HttpResponse:
    """What we make of the lines typed so far. Nothing is stored."""
    request.actor.require("contacts.add")
    text, words = request.POST.get("text", ""), words_for(request.actor)
    read = read_for(text, words)
    forms = [_form_of(line, number, words) for number, line in enumerate(read.lines)]
    context = {"rows": _rows(request, read.lines, forms), "text": text, "too_many": read.too_many}
    return render(request, f"{PAGE}#preview", context | {"most": MOST_LINES})


@require_POST
def quick_entries(request: HttpRequest) -> HttpResponse:
    """Add all lines, or say beside each what is wrong with it, and keep all that was typed."""
    request.actor.require("contacts.add")
    words = words_for(request.actor)
    lines, forms = _given(request.POST, words)
    campaign = _campaign(request)
    origin = request.POST.get("origin_words", "")
    added: list[Contact] = []
    wrong = [form for form in forms if not form.is_valid()]  # of all, so that each says what is wrong with it
    if lines and not wrong:
        try:
            entries = [_entry(form) for form in forms]
            added = add_entries(by=request.actor, entries=entries, campaign=campaign, origin_words=origin)
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            _show(forms, refusal)
    if lines and not added:
        context = {"rows": _rows(request, lines, forms), "text": request.POST.get("text", "")}
        context |= {"campaign": campaign, "origin_words": origin}
        return render(request, f"{PAGE}#kept", context, status=422)
    return _added(request, added)


@require_POST
def quick_undo(request: HttpRequest) -> HttpResponse:
    """Take back contacts that were just added by this actor."""
    gone = take_back(by=request.actor, contact_ids=_ids(request.GET.getlist("id")))
    response = HttpResponse(status=204)
    said = ngettext("%(shown)s contact was taken back.", "%(shown)s contacts were taken back.", len(gone))
    trigger(response, "taken-back", {"ids": [contact.pk for contact in gone]})
    return toast(response, said % {"shown": count(len(gone))})


def _added(request: HttpRequest, added: list[Contact]) -> HttpResponse:
    contacts = just_added(request.actor, [contact.pk for contact in added])
    response = render(request, f"{PAGE}#added", {"contacts": contacts})
    if not contacts:
        return response
    undo = reverse("contacts:quick_undo") + "?" + "&".join(f"id={contact.pk}" for contact in contacts)
    if len(contacts) == 1:
        return toast(response, _("%(name)s was added.") % {"name": contacts[0]}, undo_url=undo)
    said = ngettext("%(shown)s contact was added.", "%(shown)s contacts were added.", len(contacts))
    return toast(response, said % {"shown": count(len(contacts))}, undo_url=undo)


def _given(posted: QueryDict, words: Words) -> tuple[list[FreeLine], list[LineForm]]:
    """The lines as they stand in the preview's fields, or read anew where the text has changed since."""
    text = posted.get("text", "")
    read = read_for(text, words)
    if read.too_many:
        raise Refusal("contacts.too_many_lines", _("Too many lines at once. Bring them in as a file."))
    lines, number = read.lines, posted.get("rows", "")
    if number.isascii() and number.isdigit() and posted.get("seen", "").split() == text.split():
        forms = [LineForm(posted, prefix=str(n), words=words) for n in range(min(int(number), len(lines)))]
        return lines[: len(forms)], forms
    forms = [_form_of(line, number, words) for number, line in enumerate(lines)]
    return lines, [LineForm(_posted(form), prefix=form.prefix, words=words) for form in forms]


def _posted(form: LineForm) -> dict[str, Any]:
    return {form.add_prefix(name): value for name, value in form.initial.items()}


def _form_of(line: FreeLine, number: int, words: Words) -> LineForm:
    given = {
        "kind": "organisation" if line.is_organisation else "person",
        "name": line.name,
        "phone": ", ".join(phone.raw.strip() for phone in line.phones),
        "email": ", ".join(email.value or email.raw for email in line.emails),
        "account": ", ".join(text for _kind, text in line.accounts),
        "birthday": line.birthday,
        "address": line.address,
        "status": words.status(line.status) if line.status else "",
        "tags": ", ".join(line.tags),
        "note": line.note,
        "role": words.role(line.role) if line.role else "",
        "role_note": line.role_note,
    }
    return LineForm(initial=given, prefix=str(number), words=words)


def _rows(request: HttpRequest, lines: list[FreeLine], forms: list[LineForm]) -> list[Row]:
    clues = [_clue(form, line) for form, line in zip(forms, lines, strict=True)]
    same = doubles(request.actor, clues)
    learned = learned_streets()
    typed = [str(form["address"].value() or "").strip() for form in forms]
    addresses = [reading_of(text, learned) if text else None for text in typed]
    return [Row(*each) for each in zip(forms, lines, same, repeated(clues), addresses, strict=True)]


def _clue(form: LineForm, line: FreeLine) -> Clue:
    if not form.is_bound:
        return clue_of(line)
    texts = (
        form.data.get(form.add_prefix(name), "") for name in ("name", "phone", "email", "birthday", "address")
    )
    return clue_of(read_line(", ".join(texts)))


def _entry(form: LineForm) -> Entry:
    given = form.cleaned_data
    return Entry(
        kind=given["kind"] or "person",
        name=given["name"],
        points=form.points(),
        address=given["address"],
        birthday=given["birthday"],
        status=int(given["status"]) if given["status"] else None,
        tags=given["tags"],
        note=given["note"],
        role=int(given["role"]) if given["role"] else None,
        role_note=given["role_note"],
    )


def _show(forms: list[LineForm], refusal: Refusal) -> None:
    for code, sentence in refusal.fields.items():
        number, _dash, name = code.partition("-")
        form = forms[int(number)]
        form.add_error(name if name in form.fields else "account", str(sentence))


def _campaign(request: HttpRequest) -> Any:
    number = _ids([request.POST.get("campaign", "")])
    return running_for(request.actor).filter(pk__in=number).first() if number else None


def _ids(texts: list[str]) -> list[int]:
    return [
        int(text) for text in texts[: 2 * MOST_LINES] if text.isascii() and text.isdigit() and len(text) < 16
    ]
