"""Rows that fit several people of the base, and who these people are: for the page where somebody says which. Reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from veche.contacts.models import Contact, ContactPoint, PointKind, PostalAddress
from veche.contacts.queries.likely import in_words as reasons_in_words
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.exchange.models import Correction, Import
from veche.ui.formats import phone

NEW, SAME, SAID = "new", "same", "said"
"""In `Correction.replacement`: somebody new; of all rows that are like somebody: the very person.
In `ImportRow.matched_by`: somebody has said whom the row is about."""
LOOKS_LIKE = "looks_like"  # also the `value` of a correction of all such rows
OPEN_TO_CHOICE = ("fits_several", LOOKS_LIKE)  # doubts that somebody can settle
MOST_LOOKED_OVER = (
    20_000  # rows: who is only like somebody is not looked for in a longer file, it takes too long
)
MOST_COUNTED = 20_000  # remarks; with more, no rows that fit the same people are looked for

_SAME = """
SELECT DISTINCT r.number FROM exchange_issue AS i
JOIN exchange_importrow AS r ON r.batch_id = i.batch_id AND r.number = i.number
WHERE i.batch_id = %s AND i.code = 'fits_several' AND r.leader IS NULL
  AND r.doubts @> jsonb_build_array(jsonb_build_object('code', 'fits_several',
      'params', jsonb_build_object('contacts', to_jsonb(%s::bigint[]))))
"""


def is_looked_over(imported: Import) -> bool:
    """Whether the check says who is like somebody. Doubles of a longer file are looked for after its load, by the
    search for likely doubles around one import."""
    return not imported.rows.filter(number__gt=MOST_LOOKED_OVER).exists()


def candidates_in(doubts: Iterable[Mapping[str, Any]]) -> tuple[int, ...]:
    """The people whom a row with these doubts may be about, in the order of their numbers."""
    found: set[int] = set()
    for each in doubts:
        if each["code"] in OPEN_TO_CHOICE:
            params = each.get("params", {})
            found.update(params.get("contacts") or [params["contact"]])
    return tuple(sorted(found))


def key_of(candidates: Iterable[int]) -> str:
    """How a correction of all rows that fit the same people names them."""
    return ",".join(map(str, candidates))


def only_one_in(doubts: Iterable[Mapping[str, Any]]) -> int | None:
    """Whom a row is like, where that is just one person."""
    found = candidates_in(each for each in doubts if each["code"] == LOOKS_LIKE)
    return found[0] if len(found) == 1 else None


def rows_like_somebody(imported: Import) -> list[int]:
    """The rows of somebody new who is like somebody in the base."""
    rows = imported.issues.filter(code=LOOKS_LIKE).order_by("number")
    return list(rows.values_list("number", flat=True).distinct())


def reasons_of(doubts: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """By what a row is like each of those whom it is like, in words."""
    found = {}
    for each in doubts:
        params = each.get("params", {})
        if each["code"] == LOOKS_LIKE:
            found |= {
                one: reasons_in_words(why)
                for one, why in zip(params.get("contacts", ()), params.get("why", ()), strict=False)
            }
    return found


def rows_that_fit(imported: Import, candidates: Collection[int]) -> list[int]:
    """The rows in doubt between these very people, repeats of them left aside."""
    with connection.cursor() as sql:
        sql.execute(_SAME, [imported.pk, list(candidates)])
        return [row[0] for row in sql.fetchall()]


@dataclass(frozen=True)
class Known:
    """Somebody whom a row may be about, with what tells them from the others."""

    id: int
    name: str
    details: str
    why: str = ""  # by what the row is like them


def known_people(actor: Actor, contact_ids: Collection[int]) -> dict[int, Known]:
    """Those of them whom the actor may see; birthday, reach and address tell them apart."""
    seen = contacts_for(actor).in_bulk(list(contact_ids))
    details: dict[int, list[str]] = {pk: _birthday(contact) for pk, contact in seen.items()}
    masked = not sees_phones(actor)
    points = ContactPoint.objects.filter(contact__in=seen).order_by("contact_id", "position", "id")
    for each in points:
        if len(details[each.contact_id]) < 4:
            is_phone = each.kind == PointKind.PHONE
            details[each.contact_id].append(phone(each.value, masked=masked) if is_phone else each.value)
    for each in PostalAddress.objects.filter(contact__in=seen).order_by("contact_id", "position", "id"):
        if len(details[each.contact_id]) < 5:
            details[each.contact_id].append(each.text)
    return {
        pk: Known(pk, contact.name or _("No. %(number)s") % {"number": pk}, " · ".join(details[pk]))
        for pk, contact in seen.items()
    }


def _birthday(contact: Contact) -> list[str]:
    day, month, year = contact.birth_day, contact.birth_month, contact.birth_year
    parts = [f"{day:02}" if day else "", f"{month:02}" if month else "", str(year) if year else ""]
    said = ".".join(part for part in parts if part)
    return [said] if said else []


def said_in_words(correction: Correction, known: Mapping[int, Known]) -> str:
    """Whom somebody has chosen, for people."""
    if correction.value == LOOKS_LIKE and correction.row is None:
        return _("all new people") if correction.replacement == NEW else _("all the same people")
    if correction.replacement == NEW:
        return _("a new person")
    found = known.get(int(correction.replacement))
    return found.name if found else _("No. %(number)s") % {"number": correction.replacement}


def ids_chosen(corrections: Sequence[Correction]) -> set[int]:
    """The people of the base whom these corrections name."""
    return {
        int(each.replacement)
        for each in corrections
        if each.kind == Correction.Kind.PERSON and each.replacement not in (NEW, SAME)
    }


def in_words(correction: Correction, actor: Actor) -> str:
    """Whom a correction names; "" for one of a cell."""
    if correction.kind != Correction.Kind.PERSON:
        return ""
    return said_in_words(correction, known_people(actor, ids_chosen([correction])))
