"""Roles and what each may do. Deny by default: what is not in this table is not allowed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    OPERATOR = "operator", _("Operator")
    VOLUNTEER = "volunteer", _("Volunteer")
    AUDITOR = "auditor", _("Auditor")


SIGNED_IN = frozenset({"desk.use", "accounts.own", "jobs.own"})
LOOKS = SIGNED_IN | {"contacts.view", "campaigns.view"}
WORKS = LOOKS | {"contacts.edit", "contacts.add", "contacts.note", "contacts.reveal", "contacts.see_phones"}
STEERS = WORKS | {
    "contacts.delete",
    "contacts.see_access",  # who can see a card, and why
    "contacts.give",  # lists of people to colleagues and teams
    "contacts.shape",  # tags, statuses, roles, own fields
    "campaigns.manage",
    "exchange.import",
    "exchange.export",
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: STEERS | {"accounts.manage"},
    Role.COORDINATOR: STEERS,
    Role.OPERATOR: WORKS,
    Role.VOLUNTEER: LOOKS | {"contacts.note", "contacts.reveal"},
    Role.AUDITOR: LOOKS | {"contacts.see_access"},
}
