"""What imports know of a value on a card: how many gave one and agree, and what was corrected before loading."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veche.contacts.models import Contact, OwnField
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.own import own_fields
from veche.core.actor import Actor
from veche.exchange.models import Correction, Import, ImportRow
from veche.exchange.queries.corrections_made import Corrected
from veche.exchange.reading import stored_text
from veche.names import fold
from veche.ui import formats

MOST = 50  # rows of one person that are looked at, the latest first
_GAVE = (
    ImportRow.Outcome.CREATED,
    ImportRow.Outcome.UPDATED,
    ImportRow.Outcome.UNCHANGED,
    ImportRow.Outcome.REPEATED,
)
_TARGETS = {"name": ("name.", "organisation.name"), "birthday": ("birthday",), "gender": ("gender",)}


def tell_sources(actor: Actor, contact: Contact, code: str) -> list[str]:
    """Whole sentences about value `code` of a contact that `actor` has looked up; codes as in contacts' provenance."""
    now = _now(contact, code)
    if now is None:
        return []
    rows = ImportRow.objects.filter(contact_id=contact.pk, outcome__in=_GAVE).select_related("batch")
    found = [
        (row, given)
        for row in rows.order_by("-batch_id", "number")[:MOST]
        if (given := _given(row.draft, now))
    ]
    return _agreement(found, now) + _corrections(actor, [row for row, _given in found], now)


class _Now:
    """A value as it stands on the card: its kind (`field`), and itself as `_given` writes it."""

    def __init__(self, field: str, value: Any, targets: tuple[str, ...], own: OwnField | None = None) -> None:
        self.field, self.value, self.targets, self.own = field, value, targets, own


def _now(contact: Contact, code: str) -> _Now | None:
    kind, _dot, key = code.partition(".")
    if kind == "point" and key.isdecimal() and (point := contact.points.filter(pk=key).first()):
        return _Now(point.kind, point.value, (point.kind,))
    if kind == "address" and key.isdecimal() and (address := contact.addresses.filter(pk=key).first()):
        return _Now("address", fold(address.text), ("address",))
    if kind == "own" and (field := next(iter(own_fields(keys=[key])), None)):
        return _Now("own", _own_text(field, contact.own.get(key)), (f"field:{key}",), field)
    if code == "name":
        return _Now("name", fold(contact.name), _TARGETS["name"])
    if code == "birthday":
        return _Now(code, [contact.birth_year, contact.birth_month, contact.birth_day], _TARGETS[code])
    if code in ("status", "responsible"):
        return _Now(code, fold(str(getattr(contact, code) or "")), (code,))
    return _Now(code, contact.gender, _TARGETS[code]) if code == "gender" else None


def _given(draft: dict[str, Any], now: _Now) -> list[Any]:
    """The values of this kind that a row gave, in a form that can be compared."""
    if now.own is not None:
        stored = (draft.get("own") or {}).get(now.own.key)
        return [] if stored is None else [_own_text(now.own, stored)]
    match now.field:
        case "name":
            parts = [draft.get(part) or "" for part in ("surname", "given_name", "patronymic")]
            return [name] if (name := fold(" ".join(filter(None, parts)) or draft.get("name") or "")) else []
        case "birthday":
            born = [draft.get(part) for part in ("birth_year", "birth_month", "birth_day")]
            return [born] if any(born) else []
        case "address":
            return [fold(each["text"]) for each in draft.get("addresses") or []]
        case "status" | "responsible" | "gender":
            value = draft.get(now.field) or ""
            return [value if now.field == "gender" else fold(value)] if value else []
    return [each["value"] for each in draft.get("points") or [] if each["kind"] == now.field]


def _own_text(field: OwnField, value: Any) -> str:
    """An own value as words: a draft has labels of choices where the contact has their ids."""
    labels = {choice["id"]: choice["label"] for choice in field.choices}
    values = value if isinstance(value, list) else [value]
    return fold(
        ", ".join(str(labels.get(each, each)) if isinstance(each, str) else str(each) for each in values)
    )


def _agreement(found: list[tuple[ImportRow, list[Any]]], now: _Now) -> list[str]:
    """“3 imports gave it, 2 say what stands here”; one import alone agrees with nobody."""
    agrees: dict[int, bool] = {}
    for row, given in found:
        agrees[row.batch_id] = agrees.get(row.batch_id, False) or now.value in given
    if len(agrees) < 2:
        return []
    sentence = ngettext(
        "%(shown)s import gave it; what stands here now is said by %(same)s.",
        "%(shown)s imports gave it; what stands here now is said by %(same)s.",
        len(agrees),
    )
    return [sentence % {"shown": formats.count(len(agrees)), "same": formats.count(sum(agrees.values()))}]


def _corrections(actor: Actor, rows: list[ImportRow], now: _Now) -> list[str]:
    known: dict[int, Corrected] = {}
    told = []
    for row in rows:
        corrected = known.setdefault(row.batch_id, Corrected(row.batch))
        for column, said in corrected.of_row(row.number, row.cells).items():
            if said.kind == Correction.Kind.REPLACE and _is_about(row, column, said, now):
                told.append(_sentence(actor, row, column, said, now))
    return told


def _is_about(row: ImportRow, column: int, said: Correction, now: _Now) -> bool:
    """Whether the corrected cell is what this value was read out of."""
    targets = [plan["target"] for plan in row.batch.mapping if plan["index"] == column]
    if not any(target.startswith(now.targets) for target in targets):
        return False
    points = [each for each in row.draft.get("points") or [] if each["kind"] == now.field]
    if not points:
        return True
    mine = [each["as_given"] for each in points if each["value"] == now.value]
    return any(text in said.replacement or said.replacement in text for text in mine)


def _sentence(actor: Actor, row: ImportRow, column: int, said: Correction, now: _Now) -> str:
    imported: Import = row.batch
    words = {
        "file": imported.name,
        "row": formats.count(row.number),
        "who": said.made_by.name if said.made_by else _("a colleague who is gone"),
        "when": formats.moment(said.made_at),
        "before": stored_text(row.cells[column]) or formats.NONE,
        "after": said.replacement,
    }
    if now.field in ("phone", "whatsapp") and not sees_phones(actor):
        return _("“%(file)s”, row %(row)s: corrected before loading by %(who)s, %(when)s.") % words
    sentence = _(
        "“%(file)s”, row %(row)s: corrected before loading by %(who)s, %(when)s, from “%(before)s” to “%(after)s”."
    )
    return sentence % words
