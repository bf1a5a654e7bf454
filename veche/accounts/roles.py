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


SIGNED_IN = frozenset({"desk.use", "accounts.own", "jobs.own", "accounts.present"})
LOOKS = SIGNED_IN | {"contacts.view", "campaigns.view", "addresses.view_territories"}
WORKS = LOOKS | {
    "contacts.edit",
    "contacts.add",
    "contacts.note",
    "contacts.reveal",
    "contacts.see_phones",
    "contacts.inspect",  # what is wrong in the base
    "dedupe.review",  # whether two are one person
}
STEERS = WORKS | {
    "contacts.delete",
    "contacts.merge",
    "contacts.see_access",  # who can see a card, and why
    "contacts.give",  # lists of people to colleagues and teams
    "contacts.shape",  # tags, statuses, roles, own fields
    "campaigns.manage",
    "addresses.draw_territories",
    "exchange.import",
    "exchange.export",
    "dedupe.find",  # searches for doubles, their rules, the certain ones
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: STEERS | {"accounts.manage", "addresses.load"},
    Role.COORDINATOR: STEERS,
    Role.OPERATOR: WORKS,
    Role.VOLUNTEER: LOOKS | {"contacts.note", "contacts.reveal"},
    Role.AUDITOR: LOOKS | {"contacts.see_access"},
}

# What each permission lets somebody do, in the order of the page of his access; a test wants words for every one.
WORDS = {
    "desk.use": _("opens the home page and searches"),
    "contacts.view": _("looks at people"),
    "contacts.see_phones": _("sees phones whole"),
    "contacts.reveal": _("opens a masked phone: one at a time, counted and written down"),
    "contacts.note": _("writes notes"),
    "contacts.add": _("adds people"),
    "contacts.edit": _("changes people"),
    "contacts.delete": _("removes people"),
    "contacts.merge": _("merges the cards of one person, and undoes it"),
    "contacts.shape": _("makes tags, statuses, roles and own fields"),
    "contacts.inspect": _("looks through the base for mistakes and corrects them"),
    "contacts.give": _("gives lists of people to colleagues"),
    "contacts.see_access": _("sees who can see a card"),
    "campaigns.view": _("looks at campaigns"),
    "campaigns.manage": _("makes and changes campaigns"),
    "addresses.view_territories": _("looks at territories and their houses"),
    "addresses.draw_territories": _("says which houses belong to a territory"),
    "addresses.load": _("loads the state register of addresses"),
    "exchange.import": _("imports spreadsheets"),
    "exchange.export": _("takes people out, in files and on paper"),
    "dedupe.review": _("decides whether two cards are one person"),
    "dedupe.find": _("has doubles looked for and sets the rules of it"),
    "accounts.own": _("keeps their own account"),
    "accounts.present": _("shows the base under invented names"),
    "jobs.own": _("sees the progress of their own work"),
    "accounts.manage": _("decides who signs in and what they may"),
}
