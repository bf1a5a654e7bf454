"""Everything that the card of one contact shows, each part read when its template asks for it, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, Manager, OuterRef, QuerySet
from django.utils import timezone

from veche.accounts.queries import names_of
from veche.campaigns.queries import campaigns_for
from veche.contacts import naming
from veche.contacts.birthdays import Birthday, age, in_words, written
from veche.contacts.models import (
    Contact,
    ContactPoint,
    ContactRole,
    FieldChange,
    Kind,
    Membership,
    Note,
    Origin,
    OwnField,
    PointKind,
    PostalAddress,
    TagAssignment,
)
from veche.contacts.own_values import show_own
from veche.contacts.queries import colleagues, masking
from veche.contacts.queries.address_parts import reading_of
from veche.contacts.queries.alongside import memberships, roles, tags, with_parts
from veche.contacts.queries.learned_streets import learned_streets
from veche.contacts.queries.local_time import LocalTime, time_of
from veche.contacts.queries.merged_away import not_there
from veche.contacts.queries.own import own_fields, own_labels
from veche.contacts.queries.scope import contacts_for
from veche.contacts.registry import card_doors
from veche.core.actor import Actor
from veche.core.refusal import NotFound
from veche.ui import formats, registry

ICONS = {
    "phone": "phone",
    "email": "mail",
    "telegram": "brand-telegram",
    "vk": "brand-vk",
    "whatsapp": "brand-whatsapp",
}
PAGES = {
    "telegram": "https://t.me/",
    "vk": "https://vk.com/",
    "ok": "https://ok.ru/",
    "whatsapp": "https://wa.me/",
}
PHONES = frozenset({PointKind.PHONE, PointKind.WHATSAPP})  # kinds whose value is a telephone number


@dataclass(frozen=True)
class ShownPoint:
    """A contact point as this viewer sees it; `open_until` is set while a masked phone stands open."""

    point: ContactPoint
    text: str
    masked: bool
    main: bool
    open_until: dt.datetime | None = None

    @property
    def key(self) -> str:
        return str(self.point.pk)

    @property
    def icon(self) -> str:
        return ICONS.get(self.point.kind, "at")

    @property
    def link(self) -> str:
        """Where a press leads; nothing for what is masked or doesn't work."""
        if self.masked or self.point.validity == "invalid":
            return ""
        if self.point.kind == PointKind.PHONE:
            extension = f";ext={self.point.extension}" if self.point.extension else ""
            return f"tel:{self.point.value}{extension}"
        if self.point.kind == PointKind.EMAIL:
            return f"mailto:{self.point.value}"
        page = PAGES.get(self.point.kind)
        return page + self.point.value if page else ""


@dataclass(frozen=True)
class ShownOwn:
    """An own field and its value in words."""

    field: OwnField
    value: Any
    text: str


@dataclass
class Card:
    """One contact as `actor` sees it."""

    actor: Actor
    contact: Contact

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the viewer may do here: edit, note, delete, merge, reveal."""
        return {
            verb: self.actor.may(f"contacts.{verb}") for verb in ("edit", "note", "delete", "merge", "reveal")
        }

    @property
    def initials(self) -> str:
        return naming.initials(self.contact.name)

    @property
    def is_person(self) -> bool:
        return self.contact.kind == Kind.PERSON

    @cached_property
    def birthday(self) -> Birthday:
        return Birthday(self.contact.birth_year, self.contact.birth_month, self.contact.birth_day)

    @property
    def birthday_text(self) -> str:
        return in_words(self.birthday) if any(self.birthday) else ""

    @property
    def birthday_typed(self) -> str:
        return written(self.birthday)

    @property
    def age(self) -> tuple[int, bool] | None:
        return age(self.birthday) if self.is_person else None

    @property
    def caution(self) -> str:
        """The caution while it holds."""
        until = self.contact.caution_until
        return "" if until and until < timezone.localdate() else self.contact.caution

    @cached_property
    def points(self) -> list[ShownPoint]:
        """Contact points, phones first, the main one of each kind first."""
        rows = list(self.contact.points.all())
        order = list(PointKind.values)
        rows.sort(key=lambda row: (order.index(row.kind), row.position, row.pk))
        hides = not masking.sees_phones(self.actor) and any(row.kind in PHONES for row in rows)
        opened = masking.revealed_points(self.actor, self.contact.pk) if hides else {}
        firsts = {row.kind: row.pk for row in reversed(rows)}
        counts = {row.kind: 0 for row in rows}
        for row in rows:
            counts[row.kind] += 1
        return [
            self._shown(row, hides, opened.get(row.pk), counts[row.kind] > 1 and firsts[row.kind] == row.pk)
            for row in rows
        ]

    def _shown(
        self, row: ContactPoint, hides: bool, open_until: dt.datetime | None, main: bool
    ) -> ShownPoint:
        masked = hides and row.kind in PHONES and open_until is None
        return ShownPoint(
            row, point_text(row.kind, row.value, row.extension, masked=masked), masked, main, open_until
        )

    @property
    def first_phone(self) -> list[ShownPoint]:
        """The main phone that may be called, as a list of one or none."""
        return [shown for shown in self.points if shown.point.kind == PointKind.PHONE and shown.link][:1]

    @property
    def first_message(self) -> list[ShownPoint]:
        """The first messenger or network with a page of its own, as a list of one or none."""
        return [shown for shown in self.points if shown.point.kind in PAGES and shown.link][:1]

    @property
    def doors(self) -> list[dict[str, Any]]:
        """What rooms above offer to do with the contact, as buttons of the head."""
        return [
            {
                "label": door.label,
                "icon": door.icon,
                "shortcut": door.shortcut,
                "url": door.url(self.contact.pk),
            }
            for door in card_doors
            if self.actor.may(door.permission)
        ]

    @property
    def first_email(self) -> list[ShownPoint]:
        """The main e-mail that works, as a list of one or none."""
        return [shown for shown in self.points if shown.point.kind == PointKind.EMAIL and shown.link][:1]

    @property
    def account_kinds(self) -> list[tuple[str, str]]:
        """Networks and messengers an account may be of."""
        return [choice for choice in PointKind.choices if choice[0] not in (PointKind.PHONE, PointKind.EMAIL)]

    @cached_property
    def addresses(self) -> list[PostalAddress]:
        """Postal addresses; their `read` is what each of them says."""
        rows = list(self.contact.addresses.all())
        learned = learned_streets() if rows else {}
        for row in rows:
            row.read = reading_of(row.text, learned)
        return rows

    @cached_property
    def local_time(self) -> LocalTime | None:
        """The time where the contact lives."""
        phones = [shown.point.value for shown in self.points if shown.point.kind == PointKind.PHONE]
        return time_of([row.read.region for row in self.addresses], phones)

    @cached_property
    def roles(self) -> list[ContactRole]:
        """Roles, those that hold now first."""
        today = timezone.localdate()
        rows = roles(self.contact)
        for row in rows:
            row.is_over = bool(row.until and row.until < today)
        return sorted(rows, key=lambda row: (row.is_over, row.role.position, row.pk))

    @cached_property
    def tags(self) -> list[TagAssignment]:
        """Tags of the whole base and of the viewer's campaigns; another team's tags are not told of."""
        return tags(self.contact)

    @cached_property
    def memberships(self) -> list[Membership]:
        """The contact's campaigns that the viewer may see."""
        return memberships(self.contact)

    @cached_property
    def folds_empty_own(self) -> bool:
        """Whether own fields without a value wait to be asked for: past some number they would bury the rest."""
        return self.contact.has_many_own

    @cached_property
    def own(self) -> list[ShownOwn]:
        """Own fields in use, with this contact's values; when there are many, those that have one."""
        fields = own_fields(keys=list(self.contact.own)) if self.folds_empty_own else own_fields()
        values = self.contact.own
        people = [values.get(f.key) for f in fields if f.type == OwnField.Type.USER and f.key in values]
        names = names_of(people)
        return [ShownOwn(f, values.get(f.key), show_own(f, values.get(f.key), names)) for f in fields]

    @cached_property
    def empty_own(self) -> list[OwnField]:
        """Own fields in use without a value here."""
        return own_labels(but=list(self.contact.own))

    @cached_property
    def origins(self) -> list[Origin]:
        """Where the contact came from; a campaign that the viewer may not see is left out of it."""
        seen = Exists(campaigns_for(self.actor).filter(pk=OuterRef("campaign")))
        rows = list(
            self.contact.origins.select_related("campaign").annotate(seen=seen).order_by("made_at", "id")
        )
        for row in rows:
            if not row.seen:
                row.campaign = None
        return rows

    @property
    def external_ids(self) -> list[dict[str, str]]:
        """`system` and `value` of each number that the contact has elsewhere; they came with the contact."""
        return self.contact.elsewhere

    @cached_property
    def pinned(self) -> list[Note]:
        """Pinned notes; their `words` are the text with colleagues by name."""
        if not self.contact.has_pinned:
            return []
        rows = list(
            self.contact.notes.filter(pinned=True).select_related("author").order_by("-made_at", "-id")[:10]
        )
        for row, words in zip(rows, colleagues.read(row.text for row in rows), strict=True):
            row.words = words
        return rows

    def point(self, point_id: int) -> ContactPoint:
        """One of the contact's points; `NotFound` for another's, as with all parts below."""
        return _part(self.contact.points, point_id)

    def address(self, address_id: int) -> PostalAddress:
        return _part(self.contact.addresses, address_id)

    def role_held(self, held_id: int) -> ContactRole:
        return _part(self.contact.roles.select_related("role"), held_id)

    def note(self, note_id: int) -> Note:
        return _part(self.contact.notes, note_id)

    def change_just_made(self, field: str) -> FieldChange | None:
        """What the viewer's running request changed in `field`; None when it changed nothing."""
        made = self.contact.changes.filter(field=field, request_id=self.actor.request_id)
        return made.order_by("-id").first()

    @property
    def panels(self) -> list[dict[str, Any]]:
        """What rooms above add to the right column."""
        return [
            {"panel": panel, "url": panel.url(self.contact.pk)}
            for panel in registry.panels.for_actor(self.actor)
        ]


def card(actor: Actor, contact_id: int) -> Card:
    """The card of a contact that `actor` may see; else `NotFound`, or `MergedAway` with where it went."""
    found = (
        with_parts(contacts_for(actor), actor)
        .select_related("status", "responsible", "territory")
        .filter(pk=contact_id)
        .first()
    )
    if found is None:
        raise not_there(actor, contact_id)
    return Card(actor, found)


def _part(rows: Manager | QuerySet, row_id: int) -> Any:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise NotFound
    return found


def point_text(kind: str, value: str, extension: str = "", *, masked: bool = False) -> str:
    """A contact point as it is read; `masked` hides the middle of a phone."""
    if kind in PHONES:
        number = value if value.startswith("+") or kind != PointKind.WHATSAPP else f"+{value}"
        text = formats.phone(number, masked=masked)
        return f"{text} ({extension})" if extension and not masked else text
    return value if kind == PointKind.EMAIL or value.isdigit() else f"@{value}"
