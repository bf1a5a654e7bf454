"""What a column may become. The wizard lists these, the guess chooses among them, the converter carries them out."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .relative_kinds import KINDS, ORGANISATION_KINDS, ORGANISATION_PREFIX, RELATIVE_PREFIX, names_somebody

FIELD_TYPES = ("text", "number", "money", "date", "yes_no", "choice", "many_choices", "link")
"""Types an own field made from a column may have (`contacts.OwnField.Type` without `user`)."""

FIELD_PREFIX = "field:"
FACT_PREFIX = "fact:"
"""Before `<kind>.<target>` of an importable kind, see `facts`."""
NEW_FIELD = "field:new"
SKIP = "skip"


@dataclass(frozen=True)
class Target:
    """`repeats`: several columns may become it (two phones); `group` is a key of GROUPS."""

    key: str
    label: str | Promise
    group: str
    repeats: bool = False


GROUPS = {
    "name": _("Name"),
    "reach": _("How to reach"),
    "person": _("About the person"),
    "belonging": _("Groups and roles"),
    "origin": _("Where from"),
    "other": _("Other"),
}

_LIST = [
    Target("name.full", _("Full name in one column"), "name"),
    Target("name.surname", _("Surname"), "name"),
    Target("name.given", _("Given name"), "name"),
    Target("name.patronymic", _("Patronymic"), "name"),
    Target("organisation.name", _("Organisation"), "name"),
    Target("phone", _("Phone"), "reach", repeats=True),
    Target("phone.mobile", _("Mobile phone"), "reach", repeats=True),
    Target("phone.work", _("Work phone"), "reach", repeats=True),
    Target("phone.home", _("Home phone"), "reach", repeats=True),
    Target("email", _("E-mail"), "reach", repeats=True),
    Target("telegram", _("Telegram"), "reach", repeats=True),
    Target("vk", _("VKontakte"), "reach", repeats=True),
    Target("ok", _("Odnoklassniki"), "reach", repeats=True),
    Target("max", _("MAX messenger"), "reach", repeats=True),
    Target("whatsapp", _("WhatsApp"), "reach", repeats=True),
    Target("address", _("Address"), "reach", repeats=True),
    Target("address.part", _("Part of the address (town, street, house…)"), "reach", repeats=True),
    Target("birthday", _("Birthday"), "person"),
    Target("gender", pgettext_lazy("of a person", "Gender"), "person"),
    Target("external_id", _("Number in another system"), "person"),
    *(Target(RELATIVE_PREFIX + code, label, "person", repeats=True) for code, label in KINDS.items()),
    *(
        Target(ORGANISATION_PREFIX + code, label, "person", repeats=True)
        for code, label in ORGANISATION_KINDS.items()
    ),
    Target("status", _("Status"), "belonging"),
    Target("tags", _("Tags"), "belonging", repeats=True),
    Target("role", _("Role"), "belonging", repeats=True),
    Target("campaign", _("Campaign"), "belonging", repeats=True),
    Target("responsible", _("Responsible colleague"), "belonging"),
    Target("origin.channel", _("Where the contact came from"), "origin"),
    Target("origin.collector", _("Who collected"), "origin"),
    Target("origin.date", _("When collected"), "origin"),
    Target("note", _("Note"), "other", repeats=True),
    Target(NEW_FIELD, _("New field of our own"), "other", repeats=True),
    Target(SKIP, _("Don't import"), "other", repeats=True),
]

TARGETS = {target.key: target for target in _LIST}


def is_target(key: str) -> bool:
    """Whether a mapping may name it: one of TARGETS, `field:<key>` of an own field, `fact:<kind>.<target>`, or whoever
    is something to the person by a kind of relations of the team's own."""
    prefixes = (FIELD_PREFIX, FACT_PREFIX, RELATIVE_PREFIX, ORGANISATION_PREFIX)
    return key in TARGETS or any(key.startswith(prefix) and len(key) > len(prefix) for prefix in prefixes)


def may_repeat(key: str) -> bool:
    """Whether two columns may become it. Each own field takes one column."""
    target = TARGETS.get(key)
    return target.repeats if target else names_somebody(key)
