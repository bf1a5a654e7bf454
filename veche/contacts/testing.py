"""Makers of contacts for tests, this room's and others'. They call the real actions. Actors: accounts.testing."""

from __future__ import annotations

from typing import Any

from veche.campaigns.models import Campaign
from veche.contacts.actions.contacts import add_contact
from veche.contacts.models import Contact, Kind, OwnField, PointKind, Tag
from veche.core.actor import Actor


def make_person(name: str = "Иванова Анна Петровна", *, by: Actor | None = None, **known: Any) -> Contact:
    """A person: `make_person("Иванов Иван", phone="8 904 000-27-40", email="i@example.org")`.

    A word that names a kind of contact point gives one of these; all else goes to `add_contact`.
    """
    points = {kind: [known.pop(kind)] for kind in PointKind.values if kind in known}
    return add_contact(by=by or Actor.system(), name=name, points=points, **known)


def make_organisation(name: str = "ТСЖ «Альдераан»", *, by: Actor | None = None, **known: Any) -> Contact:
    """An organisation."""
    return make_person(name, by=by, kind=Kind.ORGANISATION, **known)


def make_tag(name: str = "", *, campaign: Campaign | None = None) -> Tag:
    """A tag of the whole base or of one campaign; without a name it gets a new one."""
    return Tag.objects.create(name=name or f"метка {Tag.objects.count() + 1}", campaign=campaign)


def make_own_field(
    label: str = "", type: str = OwnField.Type.TEXT, choices: list[dict] | None = None
) -> OwnField:
    """An own field; `choices` are {"id", "label"}. Without a label it gets a new one."""
    n = OwnField.objects.count() + 1
    return OwnField.objects.create(
        key=f"field_{n}", label=label or f"Поле {n}", type=type, choices=choices or []
    )
