"""While a new contact is typed: what we make of the name, the phone and the e-mail, and whom it may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from veche.contacts import emails, likeness, phones
from veche.contacts.birthdays import Birthday, parse_birthday
from veche.contacts.models import Contact, ContactPoint, Kind
from veche.contacts.queries.card import PHONES, point_text
from veche.contacts.queries.likely import Asked, asked_of, in_words, likely, people_of
from veche.contacts.queries.masking import sees_phones
from veche.contacts.queries.scope import contacts_for
from veche.core.actor import Actor
from veche.core.refusal import Refusal
from veche.names import ParsedName, parse_name

MOST = 5
MOST_FOUND = 200  # of all records that are asked about at once
SHARED = (likeness.PHONE, likeness.EMAIL)  # of these it is told which


@dataclass(frozen=True)
class Same:
    """A contact who may be the one that is typed; `why` says by what."""

    contact: Contact
    why: str


@dataclass
class Hints:
    """What is shown beside the form."""

    name: ParsedName | None = None
    read: list[tuple[str, str]] = field(
        default_factory=list
    )  # what was understood, and what is doubtful in it
    same: list[Same] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.name or self.read or self.same)


def hints(actor: Actor, given: Mapping[str, str]) -> Hints:
    """`given` has name, phone, email and kind as typed; reads only contacts that the actor may see."""
    found = Hints()
    name = given.get("name", "").strip()[:600]
    if name and given.get("kind") != Kind.ORGANISATION:
        found.name = parse_name(name)
    values: list[str] = []
    for phone in phones.parse_phones(
        given.get("phone", "")[:500], city_code=settings.VECHE_CITY_CODE or None
    ):
        found.read.append(
            _read(phones.format_phone(phone.value) if phone.value else phone.raw, phone.problem)
        )
        values.append(phone.value)
    for email in emails.parse_emails(given.get("email", "")[:500]):
        found.read.append(_read(email.value or email.raw, email.problem))
        values.append(email.value)
    asked = _asked(given, found.name, [value for value in values if value])
    found.same = same_as(actor, {0: asked}).get(0, [])[:MOST]
    return found


def same_as(actor: Actor, asked: Mapping[int, Asked]) -> dict[int, list[Same]]:
    """Whoever has one of the typed phones or e-mails, and whoever each record is likely to be, with the reasons."""
    points = _who_has(actor, {value for each in asked.values() for _kind, value in each.traits.points})
    found = likely(actor, asked, deep=True)
    people, answers = people_of(actor, found), {}
    for number, each in asked.items():
        told: dict[int, list[str]] = {one.contact_id: [] for one in found.get(number, ())}
        for _kind, value in sorted(each.traits.points):
            for point in points.get(value, ()):
                people[point.contact_id] = point.contact
                told.setdefault(point.contact_id, []).append(why_same(actor, point))
        for one in found.get(number, ()):
            why = [code for code in one.why if not (told[one.contact_id] and code in SHARED)]
            told[one.contact_id] += [in_words(why)] if why else []
        answers[number] = [Same(people[pk], ", ".join(why)) for pk, why in told.items() if pk in people]
    return answers


def day_of(text: str) -> Birthday:
    """A birthday as it was typed; what is no day, or not yet one, says nothing."""
    try:
        return parse_birthday(text[:40])
    except Refusal:
        return Birthday()


def _asked(given: Mapping[str, str], name: ParsedName | None, values: list[str]) -> Asked:
    """What was typed so far as a record."""
    whole = given.get("name", "").strip()[:600]
    parts = (name.surname, name.given_name, name.patronymic) if name and name.is_person else (whole, "", "")
    return asked_of(
        kind=given.get("kind") or Kind.PERSON, surname=parts[0], given=parts[1], patronymic=parts[2],
        birthday=day_of(given.get("birthday", "")), addresses=[given.get("address", "")[:1000]],
        points=[("email" if "@" in value else "phone", value) for value in values],
    )  # fmt: skip


def _read(text: str, problem: object) -> tuple[str, str]:
    return text, problem.sentence if problem else ""


def _who_has(actor: Actor, values: Collection[str]) -> dict[str, list[ContactPoint]]:
    """Whom the actor sees of those who have these phones and e-mails."""
    found: dict[str, list[ContactPoint]] = defaultdict(list)
    if values:
        points = ContactPoint.objects.filter(value__in=values, kind__in=["phone", "email"])
        seen = points.filter(contact__in=contacts_for(actor)).select_related("contact")
        for point in seen.order_by("-contact_id")[:MOST_FOUND]:
            found[point.value].append(point)
    return found


def why_same(actor: Actor, point: ContactPoint) -> str:
    masked = point.kind in PHONES and not sees_phones(actor)
    text = point_text(point.kind, point.value, masked=masked)
    return (
        _("the same phone: %(value)s") % {"value": text}
        if point.kind == "phone"
        else _("the same e-mail: %(value)s") % {"value": text}
    )
