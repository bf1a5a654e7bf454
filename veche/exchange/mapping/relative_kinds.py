"""Whom a column can name as what to its person. A code is that of a relation (`contacts.models.RelationKind`).

`relative.<code>` names people, who are looked for; `organisation.<code>` names an organisation, which is found by its
name or added. The codes of a team's own kinds are as good as these.
"""

import re

from django.utils.translation import gettext_lazy as _

RELATIVE_PREFIX = "relative."
ORGANISATION_PREFIX = "organisation."
ORGANISATION_NAME = "organisation.name"
KINDS = {
    "spouse": _("Relative: wife or husband"),
    "parent": _("Relative: mother or father"),
    "child": _("Relative: son or daughter"),
    "sibling": _("Relative: brother or sister"),
    "relative": _("Relative, whoever they are"),
    "bringer": _("Who brought the contact"),
}
ORGANISATION_KINDS = {"employer": _("Place of work: find the organisation or add it")}
_NOWHERE = re.compile(
    r"(временно )?(не работа\w+|безработн\w+)|(на )?пенси\w+|домохозяйк\w*|учащ\w+ся|студент\w*|школьни\w+|самозанят\w+"
    r"|(в )?декрет\w*|ип|unemployed|not working|retired|pensioner|housewife|student|self[- ]employed|none",
    re.IGNORECASE,
)


def names_somebody(target: str) -> bool:
    """Whether a column of this target names who is something to its person."""
    return target.startswith((RELATIVE_PREFIX, ORGANISATION_PREFIX)) and target != ORGANISATION_NAME


def is_place(text: str) -> bool:
    """Whether a place of work can be meant: a name, and not that there is none."""
    return sum(map(str.isalpha, text)) > 1 and not _NOWHERE.fullmatch(text.strip(" ."))
