"""What a relative named in a column may be. A code is that of a relation (`contacts.models.RelationKind`)."""

from django.utils.translation import gettext_lazy as _

RELATIVE_PREFIX = "relative."
KINDS = {
    "spouse": _("Relative: wife or husband"),
    "parent": _("Relative: mother or father"),
    "child": _("Relative: son or daughter"),
    "sibling": _("Relative: brother or sister"),
    "relative": _("Relative, whoever they are"),
    "bringer": _("Who brought the contact"),
}
