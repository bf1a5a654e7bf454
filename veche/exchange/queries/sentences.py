"""What is said of imports, in whole sentences: names of fields, problems of rows, what an undo did. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _lazy

from veche.contacts.models import OwnField, PointKind
from veche.contacts.queries.likely import in_words
from veche.exchange.mapping import problem_kind, problem_sentence
from veche.exchange.models import Import
from veche.exchange.queries.imports import FACT_ADDED, FACT_GONE, importable_of
from veche.ui.formats import count

FIELDS = {
    "surname": _lazy("Surname"),
    "given_name": _lazy("Given name"),
    "patronymic": _lazy("Patronymic"),
    "name": _lazy("Name"),
    "gender": pgettext_lazy("of a person", "Gender"),
    "birth_year": _lazy("Year of birth"),
    "birth_month": _lazy("Month of birth"),
    "birth_day": _lazy("Day of birth"),
    "status": _lazy("Status"),
    "responsible": _lazy("Responsible colleague"),
    "address": _lazy("Address"),
    "tag": _lazy("Tags"),
    "campaign": _lazy("Campaign"),
    "role": _lazy("Role"),
    "note": _lazy("Note"),
    "external_id": _lazy("Number in another system"),
}


def field_label(code: str, imported: Import | None = None) -> str:
    """What a changed field is called; own fields that the import will make are found in its mapping."""
    if code in FIELDS:
        return str(FIELDS[code])
    if code in (FACT_ADDED, FACT_GONE) and imported:
        return str(importable_of(imported).label)
    if code in PointKind.values:
        return str(PointKind(code).label)
    key = code.removeprefix("own.")
    if key.startswith("new:") and imported:
        index = int(key.removeprefix("new:"))
        return next((plan["label"] for plan in imported.mapping if plan["index"] == index), key)
    return OwnField.objects.filter(key=key).values_list("label", flat=True).first() or key


DOUBTS = {
    "number_of_another": lambda p: _("The phone or address belongs to another person."),
    "number_in_row": lambda p: _("The same number stands at another person in row %(row)s.") % p,
    "fits_several": lambda p: _("It fits several people of the base, and we do not guess."),
    "fits_several_rows": lambda p: (
        _("It fits several people of this file, and we do not guess: rows %(rows)s.")
        % {"rows": ", ".join(map(str, p["rows"]))}
    ),
    "looks_like_row": lambda p: (
        _("Very like the person of row %(row)s, but not surely the same: both were taken.") % p
    ),
    "birthday_differs_row": lambda p: (
        _("Everything agrees with row %(row)s but the birthday: it was taken as the same person.") % p
    ),
    "birthday_differs": lambda p: _("Everything agrees but the birthday: it was taken as the same person."),
    "looks_like": lambda p: (
        _("A new person, though very like somebody in the base (%(why)s): look whether they are the same.")
        % {"why": in_words(p["why"][0])}
        if any(p.get("why") or ()) and p["why"][0]
        else _("A new person, though very like somebody in the base: look whether they are the same.")
    ),
}

_OF_THE_FILE = ("number_in_row", "fits_several_rows", "looks_like_row", "birthday_differs_row")
ALIKE = {
    "match": gettext_lazy("Like somebody in the base"),
    "match_row": gettext_lazy("Like another row of this file"),
}


def sentence_of(problem: Mapping[str, Any]) -> str:
    """A problem of a row as a whole sentence in the language active now."""
    code = problem["code"]
    if code in DOUBTS:
        return DOUBTS[code](problem["params"])
    return problem_sentence(code, {**problem.get("params", {}), "value": problem.get("value", "")})


def kind_of(problem: Mapping[str, Any]) -> str:
    """Under which heading a problem stands: a key of `mapping.problems.KINDS` or of `ALIKE`."""
    if problem["code"] in _OF_THE_FILE:
        return "match_row"
    return "match" if problem["code"] in DOUBTS else problem_kind(problem["code"])


def facts_sentence(imported: Import, facts: Mapping[str, int] | None, *, done: bool) -> str:
    """What becomes, or became, of the facts of the kind; "" for an import that has none."""
    kind = importable_of(imported)
    if not facts or kind.counted is None:
        return ""
    said = {name: kind.counted(count) for name, count in facts.items()}
    parts = [(_("Added: %(added)s.") if done else _("Will be added: %(added)s.")) % said]
    if facts.get("known"):
        parts.append(_("There already: %(known)s.") % said)
    if facts.get("gone"):
        parts.append(_("Taken back: %(gone)s.") % said)
    return " ".join(parts)


def undo_sentence(removed: int, kept: int, restored: int = 0, partly: int = 0) -> str:
    """What an undo did, and that the rest was kept because somebody has worked on it."""
    parts = []
    if removed or not (kept or restored or partly):
        parts.append(
            ngettext("%(count)d person was removed.", "%(count)d people were removed.", removed)
            % {"count": removed}
        )
    if restored:
        parts.append(
            ngettext(
                "%(count)d person is again as before the import.",
                "%(count)d people are again as before the import.",
                restored,
            )
            % {"count": restored}
        )
    if kept:
        parts.append(
            ngettext(
                "%(count)d person was kept, because somebody has worked with them since.",
                "%(count)d people were kept, because somebody has worked with them since.",
                kept,
            )
            % {"count": kept}
        )
    if partly:
        parts.append(
            ngettext(
                "At %(count)d person something was kept, because it was changed since.",
                "At %(count)d people something was kept, because it was changed since.",
                partly,
            )
            % {"count": partly}
        )
    return " ".join(parts)


def undo_brief(removed: int, kept: int, restored: int = 0, partly: int = 0) -> str:
    """The same in a line of a list."""
    parts = [
        _("Removed: %(count)s") % {"count": count(removed)} if removed else "",
        _("Put back: %(count)s") % {"count": count(restored)} if restored else "",
        _("Kept: %(count)s") % {"count": count(kept + partly)} if kept + partly else "",
    ]
    return " · ".join(part for part in parts if part) or _("There was nothing to take back")


def redo_sentence(restored: int, partly: int) -> str:
    """What a redo did to known people; the people whom it created again are in the import's own figures."""
    parts = [
        ngettext(
            "%(count)d person is again as the import had made them.",
            "%(count)d people are again as the import had made them.",
            restored,
        )
        % {"count": restored}
    ]
    if partly:
        parts.append(
            ngettext(
                "At %(count)d person something was kept, because it was changed since.",
                "At %(count)d people something was kept, because it was changed since.",
                partly,
            )
            % {"count": partly}
        )
    return " ".join(parts)
